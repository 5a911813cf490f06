//! What each participant is told, live and after having been away.

use std::time::Duration;

use openline_protocol::rest::chat::{UpdateChatMessageRequest, UpdateChatThreadRequest};
use openline_server::{
    bus::BusItem,
    domain::{DomainError, chat::Followed},
    storage::chat::ReceiptKind,
};

use crate::world::{START, World, participant, positions, told, waiting};

#[tokio::test]
async fn replay_sends_the_bytes_that_were_sent_live() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mut live = world.subscribe(&bob);
    let thread = world.thread(&ann, &[&bob]).await;
    let id = world.send(&ann, &thread, "a \"quoted\" tëxt").await.unwrap();
    let content = Some("better".to_owned());
    let edit = UpdateChatMessageRequest {
        content,
        metadata: None,
        attachments: None,
    };
    world
        .chats
        .edit_message(&ann, thread.clone(), id.to_string(), edit)
        .await
        .unwrap();
    for kind in [ReceiptKind::Delivery, ReceiptKind::Read] {
        world
            .chats
            .send_receipt(&bob, thread.clone(), kind, id.to_string())
            .await
            .unwrap();
    }
    let topic = Some("Dinner".to_owned());
    let patch = UpdateChatThreadRequest {
        topic,
        ..UpdateChatThreadRequest::default()
    };
    world
        .chats
        .update_thread(&ann, thread.clone(), patch)
        .await
        .unwrap();
    world.chats.delete_thread(&ann, thread).await.unwrap();

    let (live, replayed) = (waiting(&mut live), world.replay(&bob, 0).await);
    let expected = [
        "created",
        "a \"quoted\" tëxt",
        "edited: better",
        "delivered",
        "read",
        "topic: Dinner",
        "thread deleted",
    ];
    assert_eq!(told(&live), expected);
    assert!(positions(&live).is_sorted_by(|a, b| a < b));
    let now_said = [
        expected[0],
        "better",
        expected[2],
        expected[3],
        expected[4],
        expected[5],
        expected[6],
    ];
    assert_eq!(told(&replayed), now_said, "what was said before an edit is gone");
    let bytes = |events: Vec<openline_server::bus::BusEvent>| {
        let mut frames: Vec<_> = events.into_iter().map(|event| event.frame).collect();
        frames.remove(1);
        frames
    };
    assert_eq!(bytes(replayed), bytes(live));
}

#[tokio::test]
async fn a_removed_participant_is_told_of_the_removal_and_of_nothing_after_until_added_again() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mut live = world.subscribe(&bob);
    let thread = world.thread(&ann, &[&bob]).await;
    world.send(&ann, &thread, "one").await.unwrap();
    world.remove(&ann, &thread, &bob).await;
    world.send(&ann, &thread, "secret").await.unwrap();
    world.add(&ann, &thread, participant(&bob)).await;
    world.send(&ann, &thread, "two").await.unwrap();
    world.remove(&ann, &thread, &bob).await;
    world.send(&ann, &thread, "secret again").await.unwrap();

    let expected = ["created", "one", "removed", "added: 1", "two", "removed"];
    assert_eq!(told(&waiting(&mut live)), expected);
    let replayed = world.replay(&bob, 0).await;
    assert_eq!(told(&replayed), expected);
    for (at, position) in positions(&replayed).into_iter().enumerate() {
        assert_eq!(told(&world.replay(&bob, position).await), expected[at + 1..]);
    }
}

#[tokio::test]
async fn events_of_messages_before_the_shared_history_are_not_told() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[]).await;
    let old = world.send(&ann, &thread, "before bob").await.unwrap();
    world.clock.advance(Duration::from_secs(60));
    let mut live = world.subscribe(&bob);
    let since = Some("2023-11-14T22:13:50Z".to_owned());
    world
        .add(
            &ann,
            &thread,
            openline_protocol::rest::chat::ChatParticipant {
                share_history_time: since,
                ..participant(&bob)
            },
        )
        .await;
    let edit = |text: &str| UpdateChatMessageRequest {
        content: Some(text.to_owned()),
        metadata: None,
        attachments: None,
    };
    world
        .chats
        .edit_message(&ann, thread.clone(), old.into_string(), edit("secret"))
        .await
        .unwrap();
    let new = world.send(&ann, &thread, "hello bob").await.unwrap();
    world
        .chats
        .edit_message(&ann, thread.clone(), new.into_string(), edit("hello Bob"))
        .await
        .unwrap();

    let expected = ["added: 1", "hello bob", "edited: hello Bob"];
    assert_eq!(told(&waiting(&mut live)), expected);
    let now_said = ["added: 1", "hello Bob", "edited: hello Bob"];
    assert_eq!(told(&world.replay(&bob, 0).await), now_said);
}

#[tokio::test]
async fn a_long_absence_is_replayed_in_batches_in_order_and_once() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mine = [
        world.thread(&ann, &[&bob]).await,
        world.thread(&ann, &[&bob]).await,
    ];
    let other = world.thread(&ann, &[]).await;
    let start = world.head().await;
    for n in 0..700 {
        world.send(&ann, &mine[n % 2], &format!("{n}")).await.unwrap();
        world.send(&ann, &other, "not for bob").await.unwrap();
    }
    let expected: Vec<_> = (0..700).map(|n| n.to_string()).collect();
    assert_eq!(told(&world.replay(&bob, start).await), expected);
    let world = world.restarted().await;
    assert_eq!(told(&world.replay(&bob, start).await), expected);
}

#[tokio::test]
async fn a_gap_longer_than_a_batch_is_crossed() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mine = world.thread(&ann, &[&bob]).await;
    let other = world.thread(&ann, &[]).await;
    let start = world.head().await;
    for _ in 0..1500 {
        world.send(&ann, &other, "not for bob").await.unwrap();
    }
    world.send(&ann, &mine, "at last").await.unwrap();
    assert_eq!(told(&world.replay(&bob, start).await), ["at last"]);
    let batch = world
        .chats
        .replay(&bob.resource_id, &bob.raw_id, world.head().await)
        .await
        .unwrap();
    assert!(batch.events.is_empty() && batch.complete);
}

#[tokio::test]
async fn versions_and_positions_rise_though_the_clock_steps_back() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let thread = world.thread(&ann, &[]).await;
    let mut ids = Vec::new();
    for millis in [
        START,
        START + 5,
        START - 1_000_000,
        START - 1_000_000,
        START + 5,
        START + 9_000,
    ] {
        world.clock.set(millis);
        ids.push(
            world
                .send(&ann, &thread, "x")
                .await
                .unwrap()
                .as_str()
                .parse::<u64>()
                .unwrap(),
        );
    }
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    assert_eq!(ids.last(), Some(&(START + 9_000)));
    assert!(positions(&world.replay(&ann, 0).await).is_sorted_by(|a, b| a < b));
}

#[tokio::test]
async fn fifty_senders_at_once_get_ids_and_places_that_rise_and_are_told_in_order() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut people = Vec::new();
    for n in 0..49 {
        people.push(world.person(&format!("p{n}")).await);
    }
    let thread = world.thread(&ann, &people.iter().collect::<Vec<_>>()).await;
    people.push(ann.clone());
    let mut live = world.subscribe(&ann);
    let sends = people.iter().map(|person| async {
        for _ in 0..4 {
            world.send(person, &thread, "x").await.unwrap();
        }
    });
    futures::future::join_all(sends).await;

    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = world
            .chats
            .list_messages(&ann, thread.clone(), None, cursor, 200)
            .await
            .unwrap();
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    all.reverse();
    let number = |text: &str| text.parse::<u64>().unwrap();
    assert_eq!(all.len(), 2 + 200);
    assert!(all.is_sorted_by(|a, b| number(&a.id) < number(&b.id)));
    let places: Vec<_> = all.iter().map(|message| number(&message.sequence_id)).collect();
    assert_eq!(places, (1..=202).collect::<Vec<_>>());
    let live = waiting(&mut live);
    assert_eq!(live.len(), 200);
    assert!(positions(&live).is_sorted_by(|a, b| a < b));
}

#[tokio::test]
async fn an_event_is_on_the_bus_before_its_request_is_answered() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let thread = world.thread(&ann, &[]).await;
    let mut live = world.subscribe(&ann);
    world.send(&ann, &thread, "x").await.unwrap();
    assert!(matches!(live.try_recv(), Some(BusItem::Message(_))));
}

#[tokio::test]
async fn what_was_refused_is_told_to_nobody() {
    let world = World::new().await;
    let (ann, eve) = (world.person("ann").await, world.person("eve").await);
    let thread = world.thread(&ann, &[]).await;
    let mut live = world.subscribe(&ann);
    let head = world.head().await;
    assert!(matches!(
        world.send(&eve, &thread, "x").await,
        Err(DomainError::Forbidden)
    ));
    assert!(matches!(
        world.send(&ann, &thread, "").await,
        Err(DomainError::Invalid { .. })
    ));
    assert!(live.try_recv().is_none());
    assert_eq!(world.head().await, head);
}

#[tokio::test]
async fn a_cursor_older_than_what_is_kept_is_expired_also_after_a_restart() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let thread = world.thread(&ann, &[]).await;
    for _ in 0..2500 {
        world.send(&ann, &thread, "old").await.unwrap();
    }
    let pruned_through = world.head().await;
    world.clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
    world.send(&ann, &thread, "new").await.unwrap();
    assert_eq!(
        world
            .chats
            .forget_old(Duration::from_secs(30 * 24 * 60 * 60))
            .await
            .unwrap(),
        2501
    );

    let world = world.restarted().await;
    let start = async |cursor| {
        world
            .chats
            .start_replay(&world.resource_id, Some(cursor))
            .await
            .unwrap()
    };
    assert!(start(pruned_through - 1).await.expired);
    assert_eq!(start(pruned_through - 1).await.cursor, pruned_through + 1);
    assert!(!start(pruned_through).await.expired);
    assert_eq!(told(&world.replay(&ann, pruned_through).await), ["new"]);
    assert!(
        start(pruned_through + 2).await.expired,
        "a cursor beyond the end is of another log"
    );
    assert_eq!(
        world
            .chats
            .list_messages(&ann, thread, None, None, 200)
            .await
            .unwrap()
            .items
            .len(),
        200
    );
}

#[tokio::test]
async fn what_is_forgotten_while_a_follower_reads_it_is_reported_and_not_skipped() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let thread = world.thread(&ann, &[]).await;
    let mut follower = world.chats.follow(&ann.resource_id, &ann.raw_id);
    assert!(!follower.start(Some(0)).await.unwrap().expired);
    world.clock.advance(Duration::from_secs(60));
    world.chats.forget_old(Duration::from_secs(1)).await.unwrap();
    let head = world.head().await;
    world.send(&ann, &thread, "new").await.unwrap();

    let expired = follower.next().await.unwrap();
    assert!(matches!(expired, Followed::Expired(cursor) if cursor == head + 1));
    assert!(follower.try_next().await.unwrap().is_none());
    world.send(&ann, &thread, "newer").await.unwrap();
    let followed = follower.next().await.unwrap();
    assert!(matches!(followed, Followed::Live(event) if event.position == Some(head + 2)));
}

#[tokio::test]
async fn positions_go_on_where_everything_was_pruned() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let thread = world.thread(&ann, &[]).await;
    let head = world.head().await;
    world.clock.advance(Duration::from_secs(60));
    world.chats.forget_old(Duration::from_secs(1)).await.unwrap();
    let world = world.restarted().await;
    assert_eq!(world.head().await, head);
    world.clock.advance(Duration::from_secs(60));
    world.send(&ann, &thread, "x").await.unwrap();
    assert_eq!(world.head().await, head + 1);
}

#[tokio::test]
async fn typing_carries_the_name_given_with_it_or_the_one_in_the_thread() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[]).await;
    let named = openline_protocol::rest::chat::ChatParticipant {
        display_name: Some("Bob in the thread".to_owned()),
        ..participant(&bob)
    };
    world.add(&ann, &thread, named).await;
    let mut live = world.subscribe(&ann);
    for name in [Some("Bobby".to_owned()), None] {
        world.chats.send_typing(&bob, thread.clone(), name).await.unwrap();
    }
    world.chats.send_typing(&ann, thread.clone(), None).await.unwrap();
    let names: Vec<_> = waiting(&mut live)
        .iter()
        .map(|event| {
            let frame: serde_json::Value = serde_json::from_str(&event.frame).unwrap();
            assert!(event.position.is_none() && frame.get("position").is_none());
            frame["event"]["senderDisplayName"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(names, ["Bobby", "Bob in the thread", ""]);
}
