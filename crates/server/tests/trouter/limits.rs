//! How much of everything.

use crate::{client::Transport, world::World};

#[tokio::test]
async fn a_user_has_twenty_instances_at_once() {
    let world = World::new().await;
    let (ann, ben) = (world.person().await, world.person().await);
    let mut clients = Vec::new();
    for number in 0..20 {
        let tab = world.tab(&ann, &number.to_string());
        clients.push(tab.connect(Transport::WebSocket).await);
    }
    let tab = world.tab(&ann, "one-more");
    let query = tab.query(&tab.allocate().await);
    let refused = tab.handshake(&query).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    // One that is there may connect again, and so may others.
    drop(world.tab(&ann, "7").connect(Transport::Polling).await);
    drop(world.tab(&ben, "b").connect(Transport::Polling).await);
    // One that stops makes room.
    clients[3].send("0::").await;
    world.tab(&ann, "3").unregister().await;
    while tab.handshake(&query).await.status() != 200 {}
}

#[tokio::test]
async fn a_user_connects_only_so_often() {
    let world = World::new().await;
    let (ann, ben) = (world.person().await, world.person().await);
    let tab = world.tab(&ann, "a");
    let mut refused = None;
    for _ in 0..=240 {
        let answer = tab
            .request(reqwest::Method::POST, "/v4/a?epid=a")
            .send()
            .await
            .unwrap();
        if answer.status() == 429 {
            refused = Some(answer);
            break;
        }
    }
    assert!(refused.unwrap().headers().contains_key("retry-after"));
    drop(world.tab(&ben, "b").connect(Transport::WebSocket).await);
}

#[tokio::test]
async fn a_process_has_so_many_connections() {
    let mut config = openline_server::config::Config::default();
    config.limits.max_connections = 3;
    let world = World::with(config).await;
    let ann = world.person().await;
    let web_socket = world.tab(&ann, "a").connect(Transport::WebSocket).await;
    let polls = world.tab(&ann, "b").connect(Transport::Polling).await;
    // Expected ones count: the first handshake left its own, which may still become polls.
    let tab = world.tab(&ann, "c");
    let query = tab.query(&tab.allocate().await);
    let refused = tab.handshake(&query).await;
    assert_eq!(refused.status(), 503);
    drop((web_socket, polls));
}
