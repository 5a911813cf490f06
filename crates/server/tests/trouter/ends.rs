//! How connections end.

use std::time::Duration;

use crate::{
    client::{Came, TRANSPORTS, Transport},
    world::World,
};

#[tokio::test]
async fn what_is_no_frame_ends_the_connection_and_no_other() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let mut bystander = world.tab(&ann, "b").connect(transport).await;
        for garbage in [
            "nonsense",
            "9::",
            "5:1+::{",
            "5:1+::[]",
            "3:::null",
            "3:::{\"id\":-1,\"status\":200}",
            "5:x+::{\"name\":\"ping\"}",
            "\u{fffd}99\u{fffd}2::",
        ] {
            let mut client = world.tab(&ann, "a").connect(transport).await;
            client.send(garbage).await;
            let end = client.next().await;
            assert!(matches!(end, Came::End(None | Some(1002))), "{garbage}: {end:?}");
        }
        bystander.settle().await;
    }
}

#[tokio::test]
async fn bodies_of_polls_hold_several_frames_and_nothing_else() {
    let world = World::new().await;
    let ann = world.person().await;
    let tab = world.tab(&ann, "a");
    let mut client = tab.connect(Transport::Polling).await;
    let ping = |id| format!(r#"5:{id}+::{{"name":"ping"}}"#);
    let body = openline_trouter::payload::encode(&[ping(1), ping(2)]);
    assert_eq!(client.post(body).await, 200);
    for id in 1..=2 {
        let pong = format!(r#"6:::{id}+["pong"]"#);
        assert_eq!(client.next().await, Came::Frame(pong));
    }
    assert_eq!(client.post("").await, 200);
    assert_eq!(client.post("x".repeat(64 * 1024 + 1)).await, 413);
    client.settle().await;
    assert_eq!(client.post(vec![0xff, 0xfe]).await, 400);
    assert_eq!(client.next().await, Came::End(None));
    assert_eq!(client.post("2::").await, 200, "and it is known for a while");
}

#[tokio::test]
async fn a_frame_that_is_too_large_ends_the_connection() {
    let world = World::new().await;
    let ann = world.person().await;
    let mut client = world.tab(&ann, "a").connect(Transport::WebSocket).await;
    let large = format!("5:1+::{}", "x".repeat(64 * 1024));
    assert!(matches!(client.next_after(&large).await, Came::End(_)));
}

#[tokio::test]
async fn a_newer_connection_of_the_same_instance_takes_over() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let mut first = tab.connect(transport).await;
        let mut second = tab.connect(transport).await;
        assert!(matches!(first.next().await, Came::End(None | Some(1000))));
        world.send(&ann, &thread, "one").await;
        assert_eq!(second.text().await, "one");
        second.settle().await;
    }
}

#[tokio::test]
async fn a_server_that_stops_awaits_answers_and_lets_nobody_in() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let query = tab.query(&tab.allocate().await);
        let mut client = tab.connect(transport).await;
        world.send(&ann, &thread, "one").await;
        let (id, _) = client.request().await;
        world.state.shutdown.begin();
        assert_eq!(tab.handshake(&query).await.status(), 503);
        client.answer(id, 200).await;
        assert!(matches!(client.next().await, Came::End(None | Some(1012))));
        let left = world.state.shutdown.sockets_ended(Duration::from_secs(30)).await;
        assert_eq!(left, 0);
        let world = world.restarted().await;
        world.send(&ann, &thread, "two").await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        assert_eq!(client.text().await, "two");
        client.settle().await;
    }
}
