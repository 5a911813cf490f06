//! Calls between raw clients: that commands reach the exchange and notices the right endpoints. What the exchange
//! decides is tested in `openline-call`.

use std::time::Duration;

use openline_call::exchange::ExchangeConfig;
use openline_protocol::{
    CallEndReason, Scope,
    realtime::{CallCommand, CallNotice, MediaState, Transferor},
};
use openline_server::ws::RealtimeSettings;

use crate::{
    client::Client,
    world::{ALL, World},
};

fn ended(reason: CallEndReason) -> CallNotice {
    CallNotice::Ended {
        call_id: "c".into(),
        reason,
    }
}

#[tokio::test]
async fn two_people_ring_answer_and_hang_up() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    let mut callee = Client::callable(&world, &bob).await;
    caller.start("c", bob.raw_id()).await;
    let CallNotice::Incoming { caller: peer, .. } = callee.notice().await else {
        panic!("incoming")
    };
    assert_eq!(
        (peer.endpoint_id, peer.raw_id),
        (caller.endpoint_id.clone(), ada.raw_id())
    );
    assert_eq!(caller.notice().await, CallNotice::Ringing { call_id: "c".into() });
    callee.accept("c").await;
    assert!(matches!(
        caller.notice().await,
        CallNotice::Answered { polite: false, .. }
    ));
    assert!(matches!(
        callee.notice().await,
        CallNotice::Answered { polite: true, .. }
    ));
    caller.hang_up("c").await;
    assert_eq!(caller.notice().await, ended(CallEndReason::HUNG_UP));
    assert_eq!(callee.notice().await, ended(CallEndReason::HUNG_UP));
}

#[tokio::test]
async fn a_call_is_handed_over_to_somebody_else() {
    let world = World::new().await;
    let (ada, bob, cid) = (
        world.person(&ALL).await,
        world.person(&ALL).await,
        world.person(&ALL).await,
    );
    let mut caller = Client::callable(&world, &ada).await;
    let mut callee = Client::callable(&world, &bob).await;
    let mut target = Client::callable(&world, &cid).await;
    caller.start("c", bob.raw_id()).await;
    assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
    callee.accept("c").await;
    assert!(matches!(callee.notice().await, CallNotice::Answered { .. }));
    assert!(matches!(caller.notice().await, CallNotice::Ringing { .. }));
    assert!(matches!(caller.notice().await, CallNotice::Answered { .. }));
    let context = r#"{"userToUser":"order 4711"}"#.to_owned();
    let transfer = CallCommand::Transfer {
        call_id: "c".into(),
        into: "d".into(),
        target: cid.raw_id(),
        custom_context: Some(context.clone()),
    };
    caller.command(transfer).await;
    let told = CallNotice::Transfer {
        call_id: "c".into(),
        into: "d".into(),
        target: cid.raw_id(),
    };
    assert_eq!(callee.notice().await, told);
    assert_eq!(callee.notice().await, CallNotice::Ringing { call_id: "d".into() });
    let CallNotice::Incoming {
        caller: peer,
        custom_context,
        transferor,
        ..
    } = target.notice().await
    else {
        panic!("incoming")
    };
    assert_eq!((peer.raw_id, custom_context), (bob.raw_id(), Some(context)));
    let by = Transferor {
        raw_id: ada.raw_id(),
        display_name: None,
    };
    assert_eq!(transferor, Some(by));
    target.accept("d").await;
    assert!(matches!(
        target.notice().await,
        CallNotice::Answered { polite: true, .. }
    ));
    assert!(matches!(
        callee.notice().await,
        CallNotice::Answered { polite: false, .. }
    ));
    for client in [&mut caller, &mut callee] {
        assert_eq!(client.notice().await, ended(CallEndReason::TRANSFERRED));
    }
}

#[tokio::test]
async fn a_custom_context_that_is_none_rings_nobody() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    let _callee = Client::callable(&world, &bob).await;
    let long = format!(r#"{{"userToUser":"{}"}}"#, "x".repeat(257));
    for context in ["", "5", r#"{"userToUser":{}}"#, r#"{"more":"x"}"#, long.as_str()] {
        let start = CallCommand::Start {
            call_id: "c".into(),
            callee: bob.raw_id(),
            display_name: None,
            media: MediaState::default(),
            custom_context: Some(context.to_owned()),
        };
        caller.command(start).await;
        assert_eq!(caller.notice().await, ended(CallEndReason::NOT_ALLOWED));
    }
}

#[tokio::test]
async fn both_endpoints_of_a_user_ring_and_the_one_that_does_not_answer_stops() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    let mut desk = Client::callable(&world, &bob).await;
    let mut phone = Client::callable(&world, &bob).await;
    caller.start("c", bob.raw_id()).await;
    for endpoint in [&mut desk, &mut phone] {
        assert!(matches!(endpoint.notice().await, CallNotice::Incoming { .. }));
    }
    phone.accept("c").await;
    assert!(matches!(phone.notice().await, CallNotice::Answered { .. }));
    assert_eq!(desk.notice().await, ended(CallEndReason::ANSWERED_ELSEWHERE));
}

#[tokio::test]
async fn nobody_there_and_nobody_answering_end_with_their_codes() {
    let calls = ExchangeConfig {
        ring_timeout: Duration::from_millis(100),
        ..ExchangeConfig::default()
    };
    let world = World::with(RealtimeSettings {
        calls,
        ..RealtimeSettings::default()
    })
    .await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    caller.start("c", bob.raw_id()).await;
    assert_eq!(caller.notice().await, ended(CallEndReason::NOT_REGISTERED));
    let mut callee = Client::callable(&world, &bob).await;
    caller.start("c", bob.raw_id()).await;
    assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
    assert_eq!(callee.notice().await, ended(CallEndReason::NOT_ANSWERED));
}

#[tokio::test]
async fn who_starts_calls_without_end_is_refused_and_rings_nobody() {
    let world = World::new().await;
    let (ada, bob, cid) = (
        world.person(&ALL).await,
        world.person(&ALL).await,
        world.person(&ALL).await,
    );
    let mut callee = Client::callable(&world, &bob).await;
    let mut devices = [
        Client::callable(&world, &ada).await,
        Client::callable(&world, &ada).await,
    ];
    for number in 0..30 {
        let caller = &mut devices[number % 2];
        caller.start("c", bob.raw_id()).await;
        assert!(matches!(caller.notice().await, CallNotice::Ringing { .. }));
        assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
        caller.hang_up("c").await;
        assert_eq!(caller.notice().await, ended(CallEndReason::CANCELLED));
        assert_eq!(callee.notice().await, ended(CallEndReason::CANCELLED));
    }
    for caller in &mut devices {
        caller.start("c", bob.raw_id()).await;
        assert_eq!(caller.notice().await, ended(CallEndReason::SERVICE_UNAVAILABLE));
    }
    let mut other = Client::callable(&world, &cid).await;
    other.start("d", bob.raw_id()).await;
    let CallNotice::Incoming { call_id, .. } = callee.notice().await else {
        panic!("incoming")
    };
    assert_eq!(call_id, "d".into());
}

#[tokio::test]
async fn a_token_that_only_joins_may_answer_but_not_start() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&[Scope::VoipJoin]).await);
    let mut caller = Client::callable(&world, &ada).await;
    let mut joiner = Client::callable(&world, &bob).await;
    joiner.start("c", ada.raw_id()).await;
    assert_eq!(joiner.notice().await, ended(CallEndReason::NOT_ALLOWED));
    caller.start("d", bob.raw_id()).await;
    assert!(matches!(joiner.notice().await, CallNotice::Incoming { .. }));
    joiner.accept("d").await;
    assert!(matches!(joiner.notice().await, CallNotice::Answered { .. }));
}

#[tokio::test]
async fn an_endpoint_that_unsubscribed_does_not_ring() {
    use openline_protocol::realtime::{ClientFrame, Topic};

    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    let mut callee = Client::callable(&world, &bob).await;
    callee
        .send(&ClientFrame::Unsubscribe { topic: Topic::Calls })
        .await;
    callee.ping().await;
    caller.start("c", bob.raw_id()).await;
    assert_eq!(caller.notice().await, ended(CallEndReason::NOT_REGISTERED));
}
