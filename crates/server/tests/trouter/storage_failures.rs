//! A database that fails in the middle: nothing is lost, and nothing is told twice once it is back.

use std::time::Duration;

use crate::{
    client::{Came, TRANSPORTS, Transport},
    log::Log,
    world::World,
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn events_that_cannot_be_read_are_read_once_they_can() {
    let table = "chat_log_marks";
    for transport in TRANSPORTS {
        let (log, _listening) = Log::listen();
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        world.tab(&ann, "a").connect(transport).await.settle().await;
        let world = world.restarted().await;
        let tab = world.tab(&ann, "a");
        for text in ["one", "two"] {
            world.send(&ann, &thread, text).await;
        }
        world.rename_table(table, "away").await;
        let mut client = tab.connect(transport).await;
        for _ in 0..3 {
            log.says("chat events could not be read").await;
            client.settle().await;
            world.clock.advance(SECOND);
        }
        world.rename_table("away", table).await;
        world.clock.advance(SECOND);
        world.send(&ann, &thread, "three").await;
        for text in ["one", "two", "three"] {
            assert_eq!(client.text().await, text);
        }
        client.settle().await;
    }
}

#[tokio::test]
async fn a_client_whose_row_cannot_be_read_is_sent_away_and_comes_back() {
    for transport in TRANSPORTS {
        let (log, _listening) = Log::listen();
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let [before, after] = [tab.sid().await, tab.sid().await];
        world.send(&ann, &thread, "one").await;
        let (table, away) = ("trouter_endpoints", "trouter_endpoints_away");
        world.rename_table(table, away).await;
        let mut client = tab.open_with(before, transport).await;
        let end = match transport {
            Transport::WebSocket => Some(1012),
            Transport::Polling => None,
        };
        assert_eq!(client.next().await, Came::End(end));
        log.says("a client instance could not be read").await;
        world.rename_table(away, table).await;
        world.clock.advance(SECOND);
        let mut client = tab.open_with(after, transport).await;
        client.is_greeted().await;
        assert_eq!(client.text().await, "one");
        client.settle().await;
    }
}

#[tokio::test]
async fn what_was_answered_while_nothing_could_be_written_is_written_later_and_not_told_again() {
    for transport in TRANSPORTS {
        let (log, _listening) = Log::listen();
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        let (table, away) = ("trouter_endpoints", "trouter_endpoints_away");
        world.rename_table(table, away).await;
        world.send(&ann, &thread, "one").await;
        assert_eq!(client.text().await, "one");
        log.says("what clients answered could not be kept").await;
        world.send(&ann, &thread, "two").await;
        assert_eq!(client.text().await, "two");
        client.settle().await;
        world.rename_table(away, table).await;
        world.clock.advance(SECOND);
        // The thread's creation, and the two messages.
        world.saved(&ann, "a", 3).await;
        let world = world.restarted().await;
        world.send(&ann, &thread, "three").await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        assert_eq!(client.text().await, "three");
        client.settle().await;
    }
}
