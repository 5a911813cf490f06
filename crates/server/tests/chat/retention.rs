//! What ends by time, and what is left of what was deleted.

use std::time::Duration;

use openline_protocol::{
    ThreadId,
    realtime::{ChatEvent, ChatThreadDeletionReason, ServerFrame},
    rest::chat::{
        ChatRetentionPolicy, CreateChatThreadRequest, UpdateChatMessageRequest, UpdateChatThreadRequest,
    },
};
use openline_server::{
    bus::BusEvent,
    domain::{DomainError, chat::Caller},
    storage::{Transaction, chat::ReceiptKind},
};

use crate::world::{World, participant, positions, told, waiting};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

fn after(days: i64) -> ChatRetentionPolicy {
    ChatRetentionPolicy::ThreadCreationDate {
        delete_thread_after_days: days,
    }
}

async fn thread(world: &World, creator: &Caller, others: &[&Caller], days: i64) -> ThreadId {
    let request = CreateChatThreadRequest {
        topic: "Lunch".to_owned(),
        participants: Some(others.iter().map(|person| participant(person)).collect()),
        metadata: None,
        retention_policy: Some(after(days)),
    };
    let created = world.chats.create_thread(creator, request, None).await.unwrap();
    ThreadId::new(created.chat_thread.id)
}

async fn set_policy(world: &World, person: &Caller, thread: &ThreadId, policy: ChatRetentionPolicy) {
    let patch = UpdateChatThreadRequest {
        retention_policy: Some(policy),
        ..UpdateChatThreadRequest::default()
    };
    world
        .chats
        .update_thread(person, thread.clone(), patch)
        .await
        .unwrap();
}

async fn is_there(world: &World, person: &Caller, thread: &ThreadId) -> bool {
    match world.chats.get_thread(person, thread.clone()).await {
        Ok(_) => true,
        Err(DomainError::NotFound { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

/// The threads in somebody's list, and whether they are deleted.
async fn listed(world: &World, person: &Caller) -> Vec<bool> {
    let page = world.chats.list_threads(person, None, None, 200).await.unwrap();
    page.items.iter().map(|item| item.deleted_on.is_some()).collect()
}

/// Whether the database's files have the text anywhere.
fn on_disk(world: &World, text: &str) -> bool {
    std::fs::read_dir(world.directory.path())
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

fn deletions(events: &[BusEvent]) -> Vec<(bool, ChatThreadDeletionReason)> {
    events
        .iter()
        .filter_map(|event| {
            let frame: ServerFrame = serde_json::from_str(&event.frame).unwrap();
            let ServerFrame::Event { event, .. } = frame else {
                panic!("an event frame")
            };
            let ChatEvent::ChatThreadDeleted {
                deleted_by, reason, ..
            } = *event
            else {
                return None;
            };
            Some((deleted_by.is_some(), reason))
        })
        .collect()
}

#[tokio::test]
async fn a_thread_ends_when_its_policy_says_so_and_everybody_in_it_is_told() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let kept = world.thread(&ann, &[&bob]).await;
    let ending = thread(&world, &ann, &[&bob], 30).await;
    world.send(&bob, &ending, "hello").await.unwrap();
    let mut live = world.subscribe(&bob);

    world.clock.advance(MONTH - Duration::from_millis(1));
    world.chats.keep_house(MONTH).await;
    assert!(is_there(&world, &ann, &ending).await);
    assert!(waiting(&mut live).is_empty());
    let head = world.head().await;

    world.clock.advance(Duration::from_millis(1));
    world.chats.keep_house(MONTH).await;
    assert!(is_there(&world, &ann, &kept).await);
    assert!(!is_there(&world, &ann, &ending).await);
    let sent = world.send(&ann, &ending, "late").await;
    assert!(matches!(sent, Err(DomainError::NotFound { .. })), "{sent:?}");
    for events in [waiting(&mut live), world.replay(&bob, head).await] {
        assert_eq!(told(&events), ["thread deleted"]);
        assert_eq!(
            deletions(&events),
            [(false, ChatThreadDeletionReason::DeletedByPolicy)]
        );
    }
    world.chats.keep_house(MONTH).await;
    assert!(waiting(&mut live).is_empty(), "it ends once");
}

#[tokio::test]
async fn a_policy_counts_from_the_creation_whenever_it_was_set() {
    let world = World::new().await;
    let ann = world.person("ann").await;
    let (shorter, longer, never) = (
        thread(&world, &ann, &[], 90).await,
        thread(&world, &ann, &[], 30).await,
        thread(&world, &ann, &[], 30).await,
    );
    world.clock.advance(DAY * 29);
    set_policy(&world, &ann, &shorter, after(40)).await;
    set_policy(&world, &ann, &longer, after(90)).await;
    set_policy(&world, &ann, &never, ChatRetentionPolicy::None).await;
    for (days, left) in [
        (10, [true; 3]),
        (1, [false, true, true]),
        (50, [false, false, true]),
    ] {
        world.clock.advance(DAY * days);
        world.chats.keep_house(MONTH * 12).await;
        let mut there = Vec::new();
        for thread in [&shorter, &longer, &never] {
            let found = world.chats.get_thread(&ann, thread.clone()).await;
            there.push(found.is_ok());
        }
        assert_eq!(there, left);
    }
}

#[tokio::test]
async fn what_ended_while_the_server_was_down_is_told_after_its_start_however_much_it_is() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    for _ in 0..120 {
        thread(&world, &ann, &[&bob], 30).await;
    }
    let head = world.head().await;
    let world = world.restarted().await;
    world.clock.advance(MONTH);
    world.chats.keep_house(MONTH).await;
    let events = world.replay(&bob, head).await;
    assert_eq!(deletions(&events).len(), 120);
    assert_eq!(events.len(), 120);
    assert!(positions(&events).is_sorted_by(|a, b| a < b));
    assert_eq!(listed(&world, &bob).await, vec![true; 120]);
}

#[tokio::test]
async fn a_deleted_message_leaves_its_places_in_the_log_and_none_of_its_words() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[&bob]).await;
    let id = world.send(&ann, &thread, "unutterable").await.unwrap();
    for text in ["unspeakable", "ineffable"] {
        let edit = UpdateChatMessageRequest {
            content: Some(text.to_owned()),
            ..UpdateChatMessageRequest::default()
        };
        world
            .chats
            .edit_message(&ann, thread.clone(), id.to_string(), edit)
            .await
            .unwrap();
    }
    world.send(&ann, &thread, "as it was").await.unwrap();
    world
        .chats
        .delete_message(&ann, thread.clone(), id.into_string())
        .await
        .unwrap();

    let replayed = world.replay(&bob, 0).await;
    let expected = [
        "created",
        "(blank)",
        "edited: (blank)",
        "edited: (blank)",
        "as it was",
        "deleted: None",
    ];
    assert_eq!(told(&replayed), expected);
    world.chats.keep_house(MONTH).await;
    assert!(on_disk(&world, "as it was"));
    for text in ["unutterable", "unspeakable", "ineffable"] {
        assert!(!on_disk(&world, text), "{text}");
    }
}

#[tokio::test]
async fn a_deleted_thread_loses_its_messages_at_once_and_its_name_after_a_month() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[&bob]).await;
    let first = world.send(&ann, &thread, "unutterable").await.unwrap();
    for _ in 0..1100 {
        world.send(&ann, &thread, "unutterable").await.unwrap();
    }
    world
        .chats
        .send_receipt(&bob, thread.clone(), ReceiptKind::Read, first.into_string())
        .await
        .unwrap();
    let head = world.head().await;
    world.chats.delete_thread(&ann, thread.clone()).await.unwrap();
    world.chats.keep_house(MONTH).await;
    assert!(!on_disk(&world, "unutterable"));
    assert!(on_disk(&world, thread.as_str()));
    assert_eq!(told(&world.replay(&bob, 0).await), ["created", "thread deleted"]);

    // Who was away for less than the log is kept learns of it.
    world.clock.advance(MONTH - DAY);
    world.chats.keep_house(MONTH).await;
    assert_eq!(listed(&world, &bob).await, [true]);
    assert_eq!(told(&world.replay(&bob, head).await), ["thread deleted"]);

    world.clock.advance(DAY + Duration::from_millis(1));
    world.chats.keep_house(MONTH).await;
    assert!(listed(&world, &bob).await.is_empty());
    assert!(!on_disk(&world, thread.as_str()));
    let gone = world.chats.get_thread(&bob, thread).await;
    assert!(matches!(gone, Err(DomainError::Forbidden)), "{gone:?}");
}

#[tokio::test]
async fn stays_that_the_log_does_not_tell_of_any_more_are_forgotten() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[&bob]).await;
    for _ in 0..3 {
        world.remove(&ann, &thread, &bob).await;
        world.add(&ann, &thread, participant(&bob)).await;
    }
    world.clock.advance(MONTH + DAY);
    world.chats.keep_house(MONTH).await;
    let left = world
        .storage
        .write(|tx: &mut dyn Transaction| Box::pin(async move { tx.prune_chat_memberships(9).await }))
        .await
        .unwrap();
    assert_eq!(left, 0);
    let head = world.head().await;
    world.send(&ann, &thread, "still here").await.unwrap();
    assert_eq!(world.replay(&bob, head).await.len(), 1);
    assert_eq!(listed(&world, &bob).await, [false]);
}
