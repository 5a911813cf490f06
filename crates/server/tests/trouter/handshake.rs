//! From the handshake to the connection: what is signed, and for whom.

use futures::StreamExt as _;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, client::IntoClientRequest as _},
};

use crate::{
    client::{Came, Tab, Transport},
    world::World,
};

/// The status of an upgrade that is refused.
async fn refused(tab: &Tab, sid: &str, query: &str, origin: Option<&str>) -> u16 {
    let mut request = tab.web_socket_url(sid, query).into_client_request().unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    match connect_async(request).await {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Ok(_) => 101,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn parameters_that_were_signed_for_another_are_refused() {
    let world = World::new().await;
    let (ann, ben) = (world.person().await, world.person().await);
    let tab = world.tab(&ann, "a");
    let query = tab.query(&tab.allocate().await);
    assert_eq!(tab.handshake(&query).await.status(), 200);
    // Somebody else, another instance, and what was changed.
    assert_eq!(world.tab(&ben, "a").handshake(&query).await.status(), 403);
    for (from, to) in [
        ("epid=a", "epid=b"),
        ("se=", "se=9"),
        ("sig=", "sig=0"),
        ("sr=", "sr=x"),
    ] {
        let changed = query.replacen(from, to, 1);
        assert_ne!(changed, query);
        assert_eq!(tab.handshake(&changed).await.status(), 403, "{to}");
    }
    // The next process has the same secret.
    let world = world.restarted().await;
    assert_eq!(world.tab(&ann, "a").handshake(&query).await.status(), 200);
}

#[tokio::test]
async fn a_number_opens_one_web_socket_of_its_instance() {
    let world = World::new().await;
    let ann = world.person().await;
    let tab = world.tab(&ann, "a");
    let (sid, query) = tab.sid().await;
    let other = world.tab(&ann, "b");
    let foreign = other.query(&other.allocate().await);
    let unknown: String = sid.chars().rev().collect();
    for (sid, query) in [(unknown.as_str(), query.as_str()), ("x", &query)] {
        assert_eq!(refused(&tab, sid, query, None).await, 403);
    }
    assert_eq!(refused(&tab, &sid, &query, None).await, 101);
    assert_eq!(refused(&tab, &sid, &query, None).await, 403);
    let (sid, query) = tab.sid().await;
    assert_eq!(refused(&tab, &sid, &foreign, None).await, 403);
    assert_eq!(refused(&tab, &sid, &query, None).await, 403, "it is used up");
    let (sid, query) = tab.sid().await;
    let plain = tab.web_socket_url(&sid, &query).replacen("ws", "http", 1);
    assert_eq!(world.http.get(plain).send().await.unwrap().status(), 426);
}

#[tokio::test]
async fn pages_of_other_origins_open_no_web_socket() {
    let mut config = openline_server::config::Config::default();
    config.server.allowed_origins = vec!["https://app.test".to_owned()];
    let world = World::with(config).await;
    let ann = world.person().await;
    let tab = world.tab(&ann, "a");
    for (origin, expected) in [
        (Some("https://evil.test"), 403),
        (Some("null"), 403),
        (Some("https://app.test"), 101),
        (None, 101),
    ] {
        let (sid, query) = tab.sid().await;
        assert_eq!(refused(&tab, &sid, &query, origin).await, expected, "{origin:?}");
    }
}

#[tokio::test]
async fn where_a_web_socket_got_nowhere_the_client_goes_on_to_poll() {
    let world = World::new().await;
    let ann = world.person().await;
    let tab = world.tab(&ann, "a");
    let (sid, query) = tab.sid().await;
    let (mut socket, _) = connect_async(tab.web_socket_url(&sid, &query)).await.unwrap();
    let path = format!("/socket.io/1/xhr-polling/{sid}");
    let poll = || tab.request(reqwest::Method::GET, &path);
    let greeted = poll().send().await.unwrap().text().await.unwrap();
    assert!(greeted.contains("trouter.connected"), "{greeted}");
    // The socket is over: an instance has one connection.
    while let Some(Ok(_)) = socket.next().await {}
}

#[tokio::test]
async fn polls_are_of_who_shook_hands() {
    let world = World::new().await;
    let (ann, ben) = (world.person().await, world.person().await);
    let tab = world.tab(&ann, "a");
    let (sid, _) = tab.sid().await;
    let path = format!("/socket.io/1/xhr-polling/{sid}");
    let poll = |tab: &Tab| tab.request(reqwest::Method::GET, &path).send();
    let ben_tab = world.tab(&ben, "a");
    assert_eq!(poll(&ben_tab).await.unwrap().status(), 404);
    assert_eq!(poll(&tab).await.unwrap().status(), 200);
    assert_eq!(poll(&ben_tab).await.unwrap().status(), 404);
    let mut client = tab.connect(Transport::WebSocket).await;
    client.settle().await;
    assert!(matches!(
        client.next_after("nonsense").await,
        Came::End(Some(1002))
    ));
}
