//! The numbers that a thread gives its events.

use openline_protocol::{ThreadId, realtime::ServerFrame, rest::chat::UpdateChatMessageRequest};
use openline_server::{bus::BusEvent, storage::chat::ReceiptKind};

use crate::world::{World, participant, waiting};

/// The numbers of the events of `thread`; typing has none.
fn sequences(events: &[BusEvent], thread: &ThreadId) -> Vec<Option<u64>> {
    events
        .iter()
        .filter_map(|event| {
            let frame: ServerFrame = serde_json::from_str(&event.frame).unwrap();
            let ServerFrame::Event {
                thread_sequence,
                event,
                ..
            } = frame
            else {
                panic!("an event frame")
            };
            (event.thread_id() == thread).then_some(thread_sequence)
        })
        .collect()
}

fn numbers(range: std::ops::RangeInclusive<u64>) -> Vec<Option<u64>> {
    range.map(Some).collect()
}

#[tokio::test]
async fn each_thread_numbers_its_events_from_one_without_gaps() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let mut live = world.subscribe(&ann);
    let one = world.thread(&ann, &[&bob]).await;
    let two = world.thread(&ann, &[]).await;
    let id = world.send(&ann, &one, "a").await.unwrap();
    world.send(&ann, &two, "b").await.unwrap();
    let edit = UpdateChatMessageRequest {
        content: Some("c".to_owned()),
        ..UpdateChatMessageRequest::default()
    };
    world
        .chats
        .edit_message(&ann, one.clone(), id.to_string(), edit)
        .await
        .unwrap();
    world.send(&ann, &two, "d").await.unwrap();
    world
        .chats
        .send_receipt(&bob, one.clone(), ReceiptKind::Read, id.to_string())
        .await
        .unwrap();
    world.remove(&ann, &one, &bob).await;
    world
        .chats
        .delete_message(&ann, one.clone(), id.into_string())
        .await
        .unwrap();

    let live = waiting(&mut live);
    assert_eq!(sequences(&live, &one), numbers(1..=6));
    assert_eq!(sequences(&live, &two), numbers(1..=3));

    let world = world.restarted().await;
    world.send(&ann, &one, "e").await.unwrap();
    world.chats.delete_thread(&ann, one.clone()).await.unwrap();
    let replayed = world.replay(&ann, 0).await;
    assert_eq!(sequences(&replayed, &one), numbers(1..=8));
    assert_eq!(sequences(&replayed, &two), numbers(1..=3));
}

#[tokio::test]
async fn what_changes_nothing_and_what_is_not_kept_takes_no_number() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let mut live = world.subscribe(&ann);
    let thread = world.thread(&ann, &[]).await;
    let id = world.send(&ann, &thread, "a").await.unwrap();
    // What is read is delivered.
    for kind in [ReceiptKind::Read, ReceiptKind::Read, ReceiptKind::Delivery] {
        world
            .chats
            .send_receipt(&ann, thread.clone(), kind, id.to_string())
            .await
            .unwrap();
    }
    world.chats.send_typing(&ann, thread.clone(), None).await.unwrap();
    world.send(&ann, &thread, "").await.unwrap_err();
    world.send(&ann, &thread, "b").await.unwrap();
    let expected = [Some(1), Some(2), Some(3), None, Some(4)];
    assert_eq!(sequences(&waiting(&mut live), &thread), expected);
}

#[tokio::test]
async fn somebody_who_was_away_from_a_thread_sees_the_numbers_go_on() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[]).await;
    world.add(&ann, &thread, participant(&bob)).await;
    world.remove(&ann, &thread, &bob).await;
    world.send(&ann, &thread, "not for bob").await.unwrap();
    world.add(&ann, &thread, participant(&bob)).await;
    world.send(&ann, &thread, "for bob").await.unwrap();
    let replayed = world.replay(&bob, 0).await;
    assert_eq!(sequences(&replayed, &thread), [2, 3, 5, 6].map(Some));
}
