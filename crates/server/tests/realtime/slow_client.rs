//! A client that never reads is its own problem.

use std::time::Duration;

use openline_protocol::realtime::{CallNotice, ClientFrame, Topic};
use openline_server::ws::RealtimeSettings;

use crate::{
    client::Client,
    sessions::in_call,
    world::{ALL, World},
};

/// More than the buffers between the server and a client hold, a few MiB on Linux.
const MESSAGES: usize = 500;

#[tokio::test]
async fn a_client_that_never_reads_is_closed_with_4430_and_disturbs_nobody() {
    // Long enough for the client to begin to read once the other one has everything.
    let settings = RealtimeSettings {
        close_timeout: Duration::from_secs(60),
        ..RealtimeSettings::default()
    };
    let world = World::with(settings).await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut deaf = Client::open_buffered(world.address, Some(4096)).await;
    deaf.hello(&bob).await;
    deaf.subscribe_chat().await;
    let mut good = Client::chatting(&world, &bob).await;
    let text = "x".repeat(20_000);
    for number in 0..MESSAGES {
        world.send(&ada, &thread, &format!("{number} {text}")).await;
        assert!(good.message().await.starts_with(&format!("{number} ")));
    }
    assert_eq!(deaf.close_code().await, Some(4430));
}

#[tokio::test]
async fn a_replay_larger_than_what_may_wait_reaches_a_client_that_reads() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let mut client = Client::open_buffered(world.address, Some(4096)).await;
    client.hello(&bob).await;
    client.cursor = Some(0);
    let text = "x".repeat(20_000);
    for number in 0..MESSAGES {
        world.send(&ada, &thread, &format!("{number} {text}")).await;
    }
    client.subscribe_chat().await;
    for number in 0..MESSAGES {
        assert!(client.message().await.starts_with(&format!("{number} ")));
    }
}

#[tokio::test]
async fn a_replay_that_nobody_reads_is_given_up_with_4430() {
    let settings = RealtimeSettings {
        replay_patience: Duration::from_millis(200),
        close_timeout: Duration::from_secs(60),
        ..RealtimeSettings::default()
    };
    let world = World::with(settings).await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let thread = world.thread(&ada, &[&bob]).await;
    let text = "x".repeat(20_000);
    for number in 0..MESSAGES {
        world.send(&ada, &thread, &format!("{number} {text}")).await;
    }
    let (mut caller, callee) = in_call(&world, [&ada, &bob]).await;
    let mut deaf = Client::open_buffered(world.address, Some(4096)).await;
    deaf.session.clone_from(&callee.session);
    deaf.hello(&bob).await;
    deaf.send(&ClientFrame::Subscribe {
        topic: Topic::Chat,
        cursor: Some(0),
        display_name: None,
    })
    .await;
    // The session has let the socket go, and so has decided.
    assert!(matches!(
        caller.notice().await,
        CallNotice::PeerReachable { reachable: false, .. }
    ));
    assert_eq!(deaf.close_code().await, Some(4430));
}
