//! Somebody whose shared history changes while its client is away: what it is told then, and what it reads.

use std::time::Duration;

use openline_protocol::{
    ThreadId,
    rest::chat::{ChatParticipant, UpdateChatMessageRequest},
};
use openline_server::{
    clock::Clock as _,
    domain::chat::{Caller, iso_millis},
};

use crate::world::{World, participant, positions, told};

async fn share(world: &World, adder: &Caller, thread: &ThreadId, person: &Caller, since: Option<String>) {
    let added = ChatParticipant {
        share_history_time: since,
        ..participant(person)
    };
    world.add(adder, thread, added).await;
}

async fn edit(world: &World, sender: &Caller, thread: &ThreadId, message: &str, text: &str) {
    let patch = UpdateChatMessageRequest {
        content: Some(text.to_owned()),
        metadata: None,
        attachments: None,
    };
    world
        .chats
        .edit_message(sender, thread.clone(), message.to_owned(), patch)
        .await
        .unwrap();
}

/// Now, as the first moment of a history; what came before is before.
fn from_now(world: &World) -> Option<String> {
    world.clock.advance(Duration::from_secs(60));
    Some(iso_millis(world.clock.now()))
}

const EVERYTHING: &str = "1970-01-01T00:00:00Z";

/// Wherever the client stopped, it is told the rest of the same.
async fn is_told(world: &World, person: &Caller, expected: &[&str]) {
    let events = world.replay(person, 0).await;
    assert_eq!(told(&events), expected);
    for (at, position) in positions(&events).into_iter().enumerate() {
        assert_eq!(told(&world.replay(person, position).await), expected[at + 1..]);
    }
}

#[tokio::test]
async fn who_comes_back_with_less_history_is_told_of_the_removal_and_of_what_came_after() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[&bob]).await;
    let first = world.send(&ann, &thread, "one").await.unwrap().into_string();
    world.remove(&ann, &thread, &bob).await;
    world.send(&ann, &thread, "in between").await.unwrap();
    let since = from_now(&world);
    share(&world, &ann, &thread, &bob, since).await;
    edit(&world, &ann, &thread, &first, "secret").await;
    world.send(&ann, &thread, "two").await.unwrap();
    is_told(&world, &bob, &["removed", "added: 1", "two"]).await;
}

#[tokio::test]
async fn who_comes_back_with_more_history_is_told_what_was_hidden_while_it_was_there() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[]).await;
    let old = world.send(&ann, &thread, "old").await.unwrap().into_string();
    let since = from_now(&world);
    share(&world, &ann, &thread, &bob, since).await;
    edit(&world, &ann, &thread, &old, "older").await;
    world.send(&ann, &thread, "one").await.unwrap();
    is_told(&world, &bob, &["added: 1", "one"]).await;
    world.remove(&ann, &thread, &bob).await;
    world.send(&ann, &thread, "in between").await.unwrap();
    world.clock.advance(Duration::from_secs(60));
    share(&world, &ann, &thread, &bob, Some(EVERYTHING.to_owned())).await;
    world.send(&ann, &thread, "two").await.unwrap();
    is_told(
        &world,
        &bob,
        &["added: 1", "edited: older", "one", "removed", "added: 1", "two"],
    )
    .await;
}

#[tokio::test]
async fn a_history_that_is_raised_and_lowered_again_in_the_thread_hides_messages_and_nothing_else() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[&bob]).await;
    world.send(&ann, &thread, "one").await.unwrap();
    let since = from_now(&world);
    share(&world, &ann, &thread, &bob, since).await;
    world.send(&ann, &thread, "two").await.unwrap();
    is_told(&world, &bob, &["created", "added: 1", "two"]).await;
    share(&world, &ann, &thread, &bob, Some(EVERYTHING.to_owned())).await;
    is_told(&world, &bob, &["created", "one", "added: 1", "two", "added: 1"]).await;
}

#[tokio::test]
async fn what_is_told_and_what_is_read_begin_at_the_same_moment() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let thread = world.thread(&ann, &[&bob]).await;
    world.send(&ann, &thread, "before").await.unwrap();
    let since = from_now(&world);
    world.clock.advance(Duration::from_millis(1));
    world.send(&ann, &thread, "after").await.unwrap();
    world.remove(&ann, &thread, &bob).await;
    share(&world, &ann, &thread, &bob, since).await;
    is_told(&world, &bob, &["after", "removed", "added: 1"]).await;
    let page = world
        .chats
        .list_messages(&bob, thread, None, None, 100)
        .await
        .unwrap();
    let read: Vec<_> = page
        .items
        .iter()
        .filter_map(|message| message.content.as_ref()?.message.as_deref())
        .collect();
    assert_eq!(read, ["after"]);
}
