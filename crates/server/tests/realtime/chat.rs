//! Chat events on the socket: all of them, in order, once, whatever breaks.

use openline_protocol::realtime::{ChatEvent, ClientFrame, ServerFrame, Topic};

use crate::{
    client::{Client, Received},
    world::{ALL, World},
};

#[tokio::test]
async fn every_socket_of_every_participant_gets_the_same_bytes() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut clients = Vec::new();
    for person in [&ada, &bob, &bob] {
        clients.push(Client::chatting(&world, person).await);
    }
    world.send(&ada, &thread, "Soup?").await;
    let mut texts = Vec::new();
    for client in &mut clients {
        texts.push(client.text().await);
    }
    assert!(texts[0].contains("Soup?"));
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[tokio::test]
async fn what_was_missed_arrives_after_the_cursor_in_order_and_once() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut client = Client::chatting(&world, &bob).await;
    let mut seen = Vec::new();
    for number in 0..1_000 {
        world.send(&ada, &thread, &number.to_string()).await;
        if number % 250 == 100 {
            for _ in 0..50 {
                seen.push(client.message().await);
            }
            client = client.reconnect(&world, &bob).await.0;
            assert!(!client.subscribe_chat().await);
        }
    }
    while seen.len() < 1_000 {
        seen.push(client.message().await);
    }
    let sent: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
    assert_eq!(seen, sent);
}

#[tokio::test]
async fn each_subscribe_is_answered_in_order_and_the_last_one_counts() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut client = Client::chatting(&world, &bob).await;
    let now = client.cursor;
    for (topic, cursor) in [
        (Topic::Chat, None),
        (Topic::Calls, None),
        (Topic::Chat, Some(0)),
        (Topic::Chat, Some(0)),
        (Topic::Calls, None),
        (Topic::Chat, None),
    ] {
        let frame = ClientFrame::Subscribe {
            topic,
            cursor,
            display_name: None,
        };
        client.send(&frame).await;
    }
    let (mut chat, mut calls) = (Vec::new(), 0);
    while chat.len() < 4 || calls < 2 {
        let frame = client.frame().await;
        let ServerFrame::Subscribed { topic, cursor, .. } = frame else {
            // What a subscription that another one replaced had sent already.
            assert!(matches!(frame, ServerFrame::Event { .. }), "{frame:?}");
            continue;
        };
        match topic {
            Topic::Chat => chat.push(cursor),
            Topic::Calls => calls += 1,
        }
    }
    assert_eq!(chat, [now, Some(0), Some(0), now]);
    world.send(&ada, &thread, "Soup?").await;
    assert_eq!(client.message().await, "Soup?", "once, and nothing of the past");
    client.ping().await;
}

#[tokio::test]
async fn messages_sent_while_a_client_subscribes_arrive_once() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut client = Client::chatting(&world, &bob).await;
    let mut received = 0;
    let sending = async {
        for number in 0..300 {
            world.send(&ada, &thread, &number.to_string()).await;
        }
    };
    let reading = async {
        for round in 1..=30 {
            while received < round * 10 {
                assert_eq!(client.message().await, received.to_string());
                received += 1;
            }
            // Again on the same socket, from the last event; the old subscription may have sent more.
            let cursor = client.cursor;
            client
                .send(&ClientFrame::Subscribe {
                    topic: Topic::Chat,
                    cursor,
                    display_name: None,
                })
                .await;
            let said = loop {
                let frame = client.frame().await;
                if let ServerFrame::Subscribed { cursor, .. } = frame {
                    break cursor;
                }
                assert!(matches!(frame, ServerFrame::Event { .. }), "{frame:?}");
            };
            assert_eq!(said, cursor);
        }
    };
    tokio::join!(sending, reading);
    assert_eq!(received, 300);
}

#[tokio::test]
async fn a_restarted_server_goes_on_after_the_cursor() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut client = Client::chatting(&world, &bob).await;
    world.send(&ada, &thread, "before").await;
    assert_eq!(client.message().await, "before");
    let world = world.restarted().await;
    world.send(&ada, &thread, "between").await;
    let (mut client, welcome) = client.reconnect(&world, &bob).await;
    assert!(!welcome.resumed);
    assert!(!client.subscribe_chat().await);
    world.send(&ada, &thread, "after").await;
    assert_eq!(client.message().await, "between");
    assert_eq!(client.message().await, "after");
}

#[tokio::test]
async fn a_cursor_of_another_log_is_expired() {
    let world = World::new().await;
    let ada = world.person(&ALL).await;
    let mut client = Client::connect(&world, &ada).await;
    client.cursor = Some(1_000_000);
    assert!(client.subscribe_chat().await);
    let thread = world.thread(&ada, &[]).await;
    world.send(&ada, &thread, "now").await;
    assert_eq!(client.message().await, "now");
}

#[tokio::test]
async fn typing_reaches_who_is_online_without_a_position() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut client = Client::chatting(&world, &bob).await;
    world.typing(&ada, &thread).await;
    let ServerFrame::Event {
        position: None,
        thread_sequence: None,
        event,
    } = client.frame().await
    else {
        panic!("an event")
    };
    assert!(matches!(*event, ChatEvent::TypingIndicatorReceived { .. }));
}

#[tokio::test]
async fn after_unsubscribing_nothing_follows() {
    let world = World::new().await;
    let ada = world.person(&ALL).await;
    let thread = world.thread(&ada, &[]).await;
    let mut client = Client::chatting(&world, &ada).await;
    client
        .send(&ClientFrame::Unsubscribe { topic: Topic::Chat })
        .await;
    client.ping().await;
    let mut witness = Client::chatting(&world, &ada).await;
    world.send(&ada, &thread, "unheard").await;
    assert_eq!(witness.message().await, "unheard");
    client.send(&ClientFrame::Ping { id: 1 }).await;
    assert_eq!(
        client.receive().await,
        Received::Frame(ServerFrame::Pong { id: 1 })
    );
}
