//! How much of everything.

use std::time::Duration;

use openline_server::config::{Config, PublishedChatConfig};
use openline_trouter::payload;
use reqwest::Method;

use crate::{
    client::{Came, TRANSPORTS, Transport, in_time},
    world::World,
};

fn limited(limit: impl FnOnce(&mut PublishedChatConfig)) -> Config {
    let mut config = Config::default();
    limit(&mut config.published_chat);
    config
}

#[tokio::test]
async fn a_user_has_so_many_clients_at_once() {
    let world = World::with(limited(|limits| limits.max_clients = 3)).await;
    let (ann, ben) = (world.person().await, world.person().await);
    let mut clients = Vec::new();
    for number in 0..3 {
        let tab = world.tab(&ann, &number.to_string());
        clients.push(tab.connect(Transport::WebSocket).await);
    }
    let tab = world.tab(&ann, "one-more");
    let query = tab.query(&tab.allocate().await);
    let refused = tab.handshake(&query).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    // One that is there may connect again, and so may others.
    drop(world.tab(&ann, "2").connect(Transport::Polling).await);
    drop(world.tab(&ben, "b").connect(Transport::Polling).await);
    // One that stops makes room.
    clients[1].send("0::").await;
    world.tab(&ann, "1").unregister().await;
    in_time(async { while tab.handshake(&query).await.status() != 200 {} }).await;
}

#[tokio::test]
async fn a_client_that_is_away_makes_room_after_two_minutes() {
    let world = World::with(limited(|limits| limits.max_clients = 1)).await;
    let ann = world.person().await;
    let mut client = world.tab(&ann, "a").connect(Transport::WebSocket).await;
    client.send("0::").await;
    assert!(matches!(client.next().await, Came::End(_)));
    let tab = world.tab(&ann, "b");
    let query = tab.query(&tab.allocate().await);
    assert_eq!(tab.handshake(&query).await.status(), 429);
    in_time(async {
        while tab.handshake(&query).await.status() != 200 {
            world.clock.advance(Duration::from_secs(1));
        }
    })
    .await;
}

#[tokio::test]
async fn a_user_connects_only_so_often() {
    let world = World::with(limited(|limits| limits.connects_per_minute = 5)).await;
    let (ann, ben) = (world.person().await, world.person().await);
    let tab = world.tab(&ann, "a");
    let allocate = || tab.request(Method::POST, "/v4/a?epid=a").send();
    for _ in 0..5 {
        assert_eq!(allocate().await.unwrap().status(), 200);
    }
    let refused = allocate().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    drop(world.tab(&ben, "b").connect(Transport::WebSocket).await);
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(allocate().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_limit_of_no_connects_is_none() {
    let world = World::with(limited(|limits| limits.connects_per_minute = 0)).await;
    let ann = world.person().await;
    for _ in 0..300 {
        world.tab(&ann, "a").allocate().await;
    }
}

#[tokio::test]
async fn a_client_sends_only_so_much_at_once() {
    for transport in TRANSPORTS {
        let world = World::with(limited(|limits| limits.burst_frames = 20)).await;
        let ann = world.person().await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        for _ in 0..2 {
            for _ in 0..19 {
                client.send("2::").await;
            }
            client.settle().await;
            world.clock.advance(Duration::from_secs(10));
        }
        let flood = payload::encode(&["2::"; 64]);
        match transport {
            Transport::Polling => assert_eq!(client.post(flood).await, 200),
            Transport::WebSocket => {
                for _ in 0..64 {
                    client.send("2::").await;
                }
            }
        }
        assert!(matches!(client.next().await, Came::End(None | Some(1008))));
    }
}

#[tokio::test]
async fn a_process_has_so_many_connections() {
    let mut config = Config::default();
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
