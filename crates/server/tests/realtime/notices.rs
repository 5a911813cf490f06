//! Call notices on their way from the exchange to a session: over the bus, and with a defined end where it loses some.

use openline_protocol::{
    CallEndReason, EndpointId,
    realtime::{CallCommand, CallNotice, ClientFrame},
};
use openline_server::bus::{BusItem, MAX_QUEUED_MESSAGES, Publication};

use crate::{
    client::Client,
    sessions::in_call,
    world::{ALL, World},
};

#[tokio::test]
async fn what_an_endpoint_is_told_goes_over_the_bus_to_it_alone() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    let mut callee = Client::callable(&world, &bob).await;
    let mut tap = world.bus.subscribe_notices(&callee.endpoint_id);
    caller.start("c", bob.raw_id()).await;
    let told = callee.notice().await;
    assert!(matches!(told, CallNotice::Incoming { .. }));
    assert!(matches!(tap.try_recv(), Some(BusItem::Message(notice)) if notice == told));
    assert!(matches!(caller.notice().await, CallNotice::Ringing { .. }));
    assert!(tap.try_recv().is_none());
}

#[tokio::test]
async fn a_command_of_a_client_that_did_not_subscribe_is_answered() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::connect(&world, &person).await;
    client.command(CallCommand::HangUp { call_id: "c".into() }).await;
    assert_eq!(client.notice().await, ended(CallEndReason::UNKNOWN_CALL));
}

#[tokio::test]
async fn a_session_whose_notices_were_lost_ends_with_4430_and_its_call_for_both() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let (mut caller, mut callee) = in_call(&world, [&ada, &bob]).await;
    overrun(&world, &callee.endpoint_id);
    assert_eq!(callee.close_code().await, Some(4430));
    assert_eq!(caller.notice().await, ended(CallEndReason::PEER_UNREACHABLE));
    let (mut callee, welcome) = callee.reconnect(&world, &bob).await;
    assert!(!welcome.resumed, "its client gives up the call");
    callee.subscribe_calls().await;
    caller.start("d", bob.raw_id()).await;
    assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
}

#[tokio::test]
async fn notices_that_are_lost_while_the_client_is_away_end_its_session_as_well() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let (mut caller, callee) = in_call(&world, [&ada, &bob]).await;
    let endpoint_id = callee.endpoint_id.clone();
    let away = callee.cut();
    assert!(matches!(
        caller.notice().await,
        CallNotice::PeerReachable { reachable: false, .. }
    ));
    overrun(&world, &endpoint_id);
    assert_eq!(caller.notice().await, ended(CallEndReason::PEER_UNREACHABLE));
    assert!(!away.connect(&world, &bob).await.1.resumed);
}

#[tokio::test]
async fn a_notice_for_an_endpoint_that_left_is_dropped() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let (mut caller, mut callee) = in_call(&world, [&ada, &bob]).await;
    callee.send(&ClientFrame::Bye).await;
    assert_eq!(callee.close_code().await, Some(1000));
    overrun(&world, &callee.endpoint_id);
    assert_eq!(caller.notice().await, ended(CallEndReason::PEER_VANISHED));
    caller.start("d", bob.raw_id()).await;
    let CallNotice::Ended { reason, .. } = caller.notice().await else {
        panic!("an end")
    };
    assert_eq!(reason, CallEndReason::NOT_REGISTERED);
}

/// More than may wait, before the session's task has a turn: the runtime of a test has one thread.
fn overrun(world: &World, endpoint_id: &EndpointId) {
    for _ in 0..=MAX_QUEUED_MESSAGES {
        world.bus.publish(Publication::Notice {
            endpoint_id: endpoint_id.clone(),
            notice: CallNotice::Ringing { call_id: "x".into() },
        });
    }
}

fn ended(reason: CallEndReason) -> CallNotice {
    CallNotice::Ended {
        call_id: "c".into(),
        reason,
    }
}
