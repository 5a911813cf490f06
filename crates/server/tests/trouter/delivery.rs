//! What is delivered, in what order, and how often: over each transport.

use serde_json::Value;

use crate::{
    client::{Came, TRANSPORTS, Transport},
    world::World,
};

#[tokio::test]
async fn an_event_is_told_once_to_every_instance_of_everybody_in_the_thread() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let (ann, ben) = (world.person().await, world.person().await);
        let thread = world.thread(&ann, &[&ben]).await;
        let mut clients = Vec::new();
        for (person, epid) in [(&ann, "a"), (&ben, "b"), (&ben, "c")] {
            clients.push(world.tab(person, epid).connect(transport).await);
        }
        world.send(&ann, &thread, "one").await;
        world.send(&ben, &thread, "two").await;
        for (client, recipient) in clients.iter_mut().zip([&ann, &ben, &ben]) {
            let event = client.event().await;
            assert_eq!(event["eventId"], 200);
            assert_eq!(event["messageBody"], "one");
            assert_eq!(event["senderId"], ann.raw_id().as_str());
            assert_eq!(event["recipientMri"], recipient.raw_id().as_str());
            assert_eq!(event["groupId"], thread.as_str());
            assert_eq!(client.text().await, "two");
            client.settle().await;
        }
    }
}

#[tokio::test]
async fn what_is_not_answered_is_told_again_on_the_next_connection_and_what_is_is_not() {
    for (first, second) in [
        (Transport::WebSocket, Transport::Polling),
        (Transport::Polling, Transport::WebSocket),
    ] {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let mut client = tab.connect(first).await;
        for text in ["one", "two", "three"] {
            world.send(&ann, &thread, text).await;
        }
        let mut requests = Vec::new();
        for _ in 0..3 {
            requests.push(client.request().await.0);
        }
        client.answer(requests[1], 200).await;
        client.settle().await;
        world.send(&ann, &thread, "four").await;
        drop(client);
        let mut client = tab.connect(second).await;
        for expected in ["one", "three", "four"] {
            assert_eq!(client.text().await, expected);
        }
        client.settle().await;
    }
}

#[tokio::test]
async fn a_refusal_is_not_told_again_and_a_time_out_is_once() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        world.send(&ann, &thread, "refused").await;
        let (id, _) = client.request().await;
        client.answer(id, 404).await;
        world.send(&ann, &thread, "late").await;
        for status in [504, 504] {
            let (id, event) = client.request().await;
            assert_eq!(event["messageBody"], "late");
            client.answer(id, status).await;
        }
        world.send(&ann, &thread, "next").await;
        assert_eq!(client.text().await, "next");
    }
}

#[tokio::test]
async fn what_was_answered_is_not_told_by_the_next_server_and_what_was_missed_is() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let mut client = tab.connect(transport).await;
        for text in ["one", "two"] {
            world.send(&ann, &thread, text).await;
        }
        assert_eq!(client.text().await, "one");
        let (_unanswered, event) = client.request().await;
        assert_eq!(event["messageBody"], "two");
        client.settle().await;
        // The thread's creation, and the first message.
        world.saved(&ann, "a", 2).await;
        let world = world.restarted().await;
        world.send(&ann, &thread, "three").await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        for expected in ["two", "three"] {
            assert_eq!(client.text().await, expected);
        }
        client.settle().await;
    }
}

#[tokio::test]
async fn more_than_fits_in_memory_arrives_in_order() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        drop(tab.connect(transport).await);
        for number in 0..400 {
            world.send(&ann, &thread, &number.to_string()).await;
        }
        let mut client = tab.connect(transport).await;
        for number in 0..400 {
            assert_eq!(client.text().await, number.to_string());
        }
        client.settle().await;
    }
}

#[tokio::test]
async fn a_new_instance_begins_where_the_log_was_when_it_asked_for_its_addresses() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        world.send(&ann, &thread, "before").await;
        let url = world.url("/chat/config/realTimeNotifications?api-version=2024-09-01");
        let asked = world.http.get(url).bearer_auth(&ann.token).send().await.unwrap();
        asked.error_for_status().unwrap();
        world.send(&ann, &thread, "meanwhile").await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        assert_eq!(client.text().await, "meanwhile");
        client.settle().await;
        // The next one did not ask.
        let mut other = world.tab(&ann, "b").connect(transport).await;
        other.settle().await;
    }
}

#[tokio::test]
async fn an_instance_that_stopped_begins_anew() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let mut client = tab.connect(transport).await;
        client.send("0::").await;
        tab.unregister().await;
        assert!(matches!(client.next().await, Came::End(_)));
        world.send(&ann, &thread, "while it was stopped").await;
        let mut client = tab.connect(transport).await;
        world.send(&ann, &thread, "then").await;
        assert_eq!(client.text().await, "then");
    }
}

#[tokio::test]
async fn typing_is_told_to_who_is_there() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let ben = world.person().await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        let other = world.thread(&ben, &[&ann]).await;
        assert_eq!(client.event().await["eventId"], 257);
        world.typing(&ben, &other).await;
        let typing: Value = client.event().await;
        assert_eq!(typing["eventId"], 245);
        assert_eq!(typing["groupId"], other.as_str());
        world.send(&ann, &thread, "one").await;
        assert_eq!(client.text().await, "one");
    }
}
