//! What is not in memory when it is needed: filled from the log, or told as lost.

use std::time::Duration;

use openline_server::{config::Config, telemetry};

use crate::{
    client::{Came, TRANSPORTS, in_time},
    world::World,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn what_the_bus_dropped_for_a_slow_client_comes_from_the_log_in_order_and_once() {
    // More than outbox and bus hold together: 256 KiB and 1 MiB.
    const MESSAGES: usize = 100;
    telemetry::metrics::init();
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        let lags = lags(&world).await;
        let padding = "x".repeat(20_000);
        for number in 0..MESSAGES {
            world.send(&ann, &thread, &format!("{number} {padding}")).await;
        }
        in_time(async { while lags == self::lags(&world).await {} }).await;
        for number in 0..MESSAGES {
            let text = client.text().await;
            assert!(text.starts_with(&format!("{number} ")), "{number}");
        }
        client.settle().await;
        world.send(&ann, &thread, "live").await;
        assert_eq!(client.text().await, "live");
        client.settle().await;
    }
}

/// How often the bus dropped chat events for somebody.
async fn lags(world: &World) -> Option<String> {
    let metrics = world.http.get(world.url("/metrics")).send().await.unwrap();
    let metrics = metrics.error_for_status().unwrap().text().await.unwrap();
    let mut lines = metrics.lines();
    lines
        .find(|line| line.starts_with("openline_bus_lags_total{kind=\"event\"}"))
        .map(str::to_owned)
}

#[tokio::test]
async fn a_client_that_comes_back_when_its_events_are_gone_is_told_until_it_says_that_it_knows() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        world.tab(&ann, "a").connect(transport).await.settle().await;
        let world = world.restarted().await;
        world.send(&ann, &thread, "forgotten").await;
        world.clock.advance(31 * DAY);
        world.chats.forget_old(30 * DAY).await.unwrap();
        let ann = world.signed_in_again(&ann).await;
        let tab = world.tab(&ann, "a");
        tab.connect(transport).await.is_told_of_a_loss().await;
        let mut client = tab.connect(transport).await;
        client.is_told_of_a_loss().await;
        let known = r#"5:9+::{"name":"trouter.processed_message_loss","args":[]}"#;
        assert_eq!(client.next_after(known).await, Came::Frame("6:::9".to_owned()));
        world.send(&ann, &thread, "present").await;
        assert_eq!(client.text().await, "present");
        client.settle().await;
        let mut client = tab.connect(transport).await;
        client.settle().await;
    }
}

#[tokio::test]
async fn a_client_that_is_not_remembered_any_more_begins_anew() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        world.tab(&ann, "a").connect(transport).await.settle().await;
        world.send(&ann, &thread, "forgotten").await;
        let world = world.restarted().await;
        world.clock.advance(61 * DAY);
        world.remembers(&ann, "a", false).await;
        let ann = world.signed_in_again(&ann).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        world.send(&ann, &thread, "present").await;
        assert_eq!(client.text().await, "present");
    }
}

#[tokio::test]
async fn only_so_many_clients_of_a_user_are_remembered() {
    for transport in TRANSPORTS {
        let mut config = Config::default();
        config.published_chat.max_clients = 2;
        config.published_chat.max_remembered_clients = 2;
        let world = World::with(config).await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        for epid in ["oldest", "older"] {
            world.tab(&ann, epid).allocate().await;
            world.clock.advance(Duration::from_secs(1));
        }
        world.send(&ann, &thread, "missed").await;
        world.tab(&ann, "newest").allocate().await;
        for (epid, is_remembered) in [("oldest", false), ("older", true), ("newest", true)] {
            world.remembers(&ann, epid, is_remembered).await;
        }
        let mut client = world.tab(&ann, "older").connect(transport).await;
        assert_eq!(client.text().await, "missed");
        let mut client = world.tab(&ann, "oldest").connect(transport).await;
        client.settle().await;
    }
}
