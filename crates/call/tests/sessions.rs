//! What becomes of calls when sessions come, break, and go.

mod support;

use std::time::Duration;

use openline_call::agent::{
    AcceptCall, CallAgent, CallAgentEvent, CallAgentOutput, CallState, MediaInput, MediaOutput,
    PeerConnectionState, SessionChange, StartCall,
};
use openline_protocol::{
    CallEndReason, CallId, Instant,
    realtime::{CallCommand, CallNotice, CallPeer, LEVEL, MediaState},
};
use support::World;

#[test]
fn a_call_started_without_a_connection_rings_once_there_is_one() {
    let mut world = World::new(1);
    let bob = world.sign_in("bob");
    let alice = world.open_tab("alice");
    let call = world.start(alice, "bob");
    world.settle();
    assert_eq!(world.call(alice, &call).state(), CallState::Connecting);
    world.connect(alice);
    world.settle();
    assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
    assert_eq!(world.incoming(bob, &call), Some(None));
}

#[test]
fn a_start_that_was_lost_with_its_session_is_sent_again() {
    let mut world = World::new(2);
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    world.cut_noticed(alice, Duration::ZERO, Duration::ZERO);
    world.settle();
    let call = world.start(alice, "bob");
    world.run_for(Duration::from_secs(40));
    world.restore(alice);
    world.settle();
    assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
    assert_eq!(world.incoming(bob, &call), Some(None));
}

#[test]
fn a_ringing_call_whose_caller_loses_the_session_ends_on_both_sides() {
    let mut world = World::new(3);
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    let call = world.start(alice, "bob");
    world.settle();
    world.cut_noticed(alice, Duration::ZERO, Duration::ZERO);
    world.run_for(Duration::from_secs(40));
    assert_eq!(world.incoming(bob, &call), Some(Some(CallEndReason::CANCELLED)));
    world.restore(alice);
    world.settle();
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::NETWORK_LOST));
    world.assert_nothing_left();
}

#[test]
fn an_incoming_call_stops_with_the_session_and_rings_again_in_the_next() {
    let mut world = World::new(4);
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    let _tablet = world.sign_in("bob");
    let call = world.start(alice, "bob");
    world.settle();
    world.cut_noticed(bob, Duration::ZERO, Duration::ZERO);
    world.run_for(Duration::from_secs(40));
    world.restore(bob);
    world.settle();
    assert_eq!(world.incoming(bob, &call), Some(None), "rings again");
    world.accept(bob, &call);
    world.settle();
    assert!(world.flows(&call));
}

#[test]
fn a_call_whose_caller_comes_back_late_rings_again() {
    let mut agent = connected_agent();
    let incoming = CallNotice::Incoming {
        call_id: "theirs".into(),
        caller: carol(),
        ring_timeout_ms: 60_000,
        custom_context: None,
        transferor: None,
    };
    agent.handle_notice(incoming.clone(), at(0));
    agent.handle_session(SessionChange::Interrupted, at(1_000));
    agent.handle_session(
        SessionChange::Connected {
            resumed: false,
            level: LEVEL,
        },
        at(2_000),
    );
    let due = agent.poll_timeout().expect("a limit");
    agent.handle_timeout(due);
    agent.handle_notice(incoming, at(30_000));
    let rung: Vec<_> = std::iter::from_fn(|| agent.poll_output())
        .filter_map(|output| match output {
            CallAgentOutput::Event(CallAgentEvent::IncomingCall { .. }) => Some(None),
            CallAgentOutput::Event(CallAgentEvent::IncomingEnded { reason, .. }) => Some(Some(reason)),
            CallAgentOutput::Event(_) | CallAgentOutput::Send(_) | CallAgentOutput::Media { .. } => None,
        })
        .collect();
    assert_eq!(rung, [None, Some(CallEndReason::NETWORK_LOST), None]);
}

#[test]
fn an_accept_that_was_lost_with_its_session_ends_the_call_there() {
    let mut world = World::new(5);
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    let call = world.start(alice, "bob");
    world.settle();
    world.cut_noticed(bob, Duration::ZERO, Duration::ZERO);
    world.accept(bob, &call);
    world.run_out();
    assert_eq!(world.end_reason(bob, &call), Some(CallEndReason::NETWORK_LOST));
    assert_eq!(
        world.end_reason(alice, &call),
        Some(CallEndReason::NOT_REGISTERED)
    );
    world.assert_nothing_left();
}

#[test]
fn a_refused_token_ends_the_calls_of_its_client_as_such() {
    let mut world = World::new(6);
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    let call = world.answered(alice, bob);
    world.refuse_token(alice);
    world.run_out();
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::TOKEN_REFUSED));
    assert_eq!(
        world.end_reason(bob, &call),
        Some(CallEndReason::PEER_UNREACHABLE)
    );
    world.assert_nothing_left();
}

#[test]
fn hanging_up_without_a_connection_is_done_at_once_and_told_later() {
    let mut world = World::new(8);
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    let call = world.answered(alice, bob);
    world.cut_noticed(alice, Duration::ZERO, Duration::ZERO);
    world.settle();
    world.hang_up(alice, &call);
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::HUNG_UP));
    assert_eq!(world.end_reason(bob, &call), None);
    world.restore(alice);
    world.settle();
    assert_eq!(world.end_reason(bob, &call), Some(CallEndReason::HUNG_UP));
    world.assert_nothing_left();
}

#[test]
fn a_network_change_while_the_other_side_answers_is_survived() {
    let mut world = World::new(9);
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    let call = world.start(alice, "bob");
    world.settle();
    world.cut_noticed(alice, Duration::ZERO, Duration::ZERO);
    world.settle();
    world.accept(bob, &call);
    world.settle();
    assert_eq!(world.call(bob, &call).reachable, [false], "told with the answer");
    world.restore(alice);
    world.settle();
    assert!(world.flows(&call));
}

#[test]
fn a_call_started_before_the_agent_knew_its_session_is_sent_when_that_resumes() {
    let mut agent = CallAgent::new();
    let call = start(&mut agent, 0);
    agent.handle_session(
        SessionChange::Connected {
            resumed: true,
            level: LEVEL,
        },
        at(10),
    );
    let sent: Vec<_> = std::iter::from_fn(|| agent.poll_output())
        .filter(|output| matches!(output, CallAgentOutput::Send(CallCommand::Start { .. })))
        .collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(agent.call_state(&call), Some(CallState::Connecting));
}

#[test]
fn a_hang_up_that_nobody_confirms_is_done_after_five_seconds() {
    let (mut agent, call) = ringing_agent();
    agent.hang_up(&call, at(2_000)).expect("a live call");
    assert_eq!(agent.call_state(&call), Some(CallState::Disconnecting));
    assert_eq!(agent.poll_timeout(), Some(at(7_000)));
    agent.handle_timeout(at(7_000));
    assert_eq!(ends(&mut agent), [CallEndReason::CANCELLED]);
    assert_eq!(agent.call_state(&call), None);
}

#[test]
fn a_server_that_says_nothing_of_a_start_lets_the_set_up_time_out() {
    let mut agent = connected_agent();
    let call = start(&mut agent, 0);
    let due = agent.poll_timeout().expect("a limit");
    agent.handle_timeout(due);
    assert_eq!(ends(&mut agent), [CallEndReason::SETUP_TIMED_OUT]);
    assert_eq!(agent.call_state(&call), None);
}

#[test]
fn a_client_cut_off_for_too_long_gives_up_and_says_so_if_the_session_returns() {
    let (mut agent, call) = ringing_agent();
    agent.handle_notice(
        CallNotice::Answered {
            call_id: call.clone(),
            peer: bob(),
            polite: false,
            ticket: None,
        },
        at(10),
    );
    agent.handle_session(SessionChange::Interrupted, at(20));
    while agent.poll_output().is_some() {}
    let due = agent.poll_timeout().expect("a limit");
    assert_eq!(due, at(60_020), "media is not given up before");
    agent.handle_timeout(due);
    let told = std::iter::from_fn(|| agent.poll_output()).find_map(|output| match output {
        CallAgentOutput::Send(command) => Some(command),
        CallAgentOutput::Event(_) | CallAgentOutput::Media { .. } => None,
    });
    assert_eq!(
        told,
        Some(CallCommand::Fail {
            call_id: call,
            reason: CallEndReason::PEER_UNREACHABLE
        })
    );
    assert_eq!(agent.poll_timeout(), None);
}

#[test]
fn an_agent_that_is_disposed_of_has_no_calls_and_rings_no_more() {
    let (mut agent, call) = ringing_agent();
    let incoming = CallNotice::Incoming {
        call_id: "other".into(),
        caller: carol(),
        ring_timeout_ms: 60_000,
        custom_context: None,
        transferor: None,
    };
    agent.handle_notice(incoming, at(5));
    agent.dispose(at(10));
    let outputs: Vec<_> = std::iter::from_fn(|| agent.poll_output()).collect();
    assert!(outputs.contains(&CallAgentOutput::Send(CallCommand::HangUp { call_id: call })));
    assert_eq!(agent.call_ids().count() + agent.incoming_call_ids().count(), 0);
    assert_eq!(agent.poll_timeout(), None);
}

#[test]
fn a_call_the_client_does_not_have_is_not_left_open_on_the_server() {
    let mut agent = connected_agent();
    agent.handle_notice(
        CallNotice::Answered {
            call_id: "ghost".into(),
            peer: bob(),
            polite: true,
            ticket: None,
        },
        at(0),
    );
    assert_eq!(
        agent.poll_output(),
        Some(CallAgentOutput::Send(CallCommand::HangUp {
            call_id: "ghost".into()
        }))
    );
}

#[test]
fn a_call_that_was_hung_up_before_its_merge_is_hung_up_under_its_new_id() {
    let mut agent = connected_agent();
    agent.handle_notice(
        CallNotice::Merged {
            call_id: "forgotten".into(),
            into: "theirs".into(),
        },
        at(0),
    );
    assert_eq!(
        agent.poll_output(),
        Some(CallAgentOutput::Send(CallCommand::HangUp {
            call_id: "theirs".into()
        }))
    );
}

#[test]
fn a_former_id_names_its_call_for_as_long_as_that_lives() {
    let (mut agent, call) = ringing_agent();
    agent.handle_notice(
        CallNotice::Merged {
            call_id: call.clone(),
            into: "theirs".into(),
        },
        at(1),
    );
    assert_eq!(agent.call_state(&call), Some(CallState::Ringing));
    let ended = CallNotice::Ended {
        call_id: "theirs".into(),
        reason: CallEndReason::HUNG_UP,
    };
    agent.handle_notice(ended, at(2));
    assert_eq!(agent.call_state(&call), None);
    assert_eq!(
        agent.start_call(start_of(&call), at(3)),
        Ok(()),
        "the id is free again"
    );
}

#[test]
fn a_peer_connection_that_fails_or_lies_ends_its_call() {
    for input in [
        MediaInput::OperationFailed,
        MediaInput::RemoteDescriptionApplied,
        MediaInput::ConnectionState(PeerConnectionState::Closed),
    ] {
        let (mut agent, call) = ringing_agent();
        agent.handle_notice(
            CallNotice::Answered {
                call_id: call.clone(),
                peer: bob(),
                polite: false,
                ticket: None,
            },
            at(10),
        );
        while agent.poll_output().is_some() {}
        agent.handle_media(&call, input.clone(), at(20));
        let reason = if matches!(input, MediaInput::ConnectionState(_)) {
            CallEndReason::MEDIA_NOT_CONNECTED
        } else {
            CallEndReason::MEDIA_NEGOTIATION_FAILED
        };
        let fail = CallCommand::Fail {
            call_id: call.clone(),
            reason,
        };
        assert_eq!(agent.poll_output(), Some(CallAgentOutput::Send(fail)));
        assert_eq!(
            agent.poll_output(),
            Some(CallAgentOutput::Media {
                call_id: call.clone(),
                output: MediaOutput::Close
            })
        );
        assert_eq!(ends(&mut agent), [reason]);
        agent.handle_media(&call, MediaInput::NegotiationNeeded, at(30));
        assert_eq!(
            agent.poll_output(),
            None,
            "what a closed connection tells is ignored"
        );
    }
}

#[test]
fn what_cannot_be_done_to_a_call_is_a_typed_error() {
    use openline_call::agent::{CallOver, NotRinging, StartCallError};
    let (mut agent, call) = ringing_agent();
    let unknown = CallId::from("unknown");
    let accept = AcceptCall {
        display_name: None,
        media: MediaState::default(),
    };
    assert_eq!(agent.accept(&unknown, accept, at(0)), Err(NotRinging));
    assert_eq!(agent.reject(&call, at(0)), Err(NotRinging), "one's own call");
    assert_eq!(agent.hang_up(&unknown, at(0)), Err(CallOver));
    assert_eq!(agent.hang_up(&call, at(0)), Ok(()));
    assert_eq!(agent.hang_up(&call, at(0)), Ok(()), "twice is once");
    assert_eq!(agent.set_media(&call, MediaState::default()), Err(CallOver));
    assert_eq!(
        agent.start_call(start_of(&call), at(0)),
        Err(StartCallError::CallIdInUse)
    );
    for number in 1..8 {
        agent
            .start_call(start_of(&format!("call {number}").into()), at(0))
            .expect("up to eight");
    }
    assert_eq!(
        agent.start_call(start_of(&unknown), at(0)),
        Err(StartCallError::TooManyCalls)
    );
}

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn bob() -> CallPeer {
    CallPeer {
        endpoint_id: "bobs".into(),
        raw_id: "8:acs:r_bob".into(),
        display_name: None,
        media: MediaState::default(),
    }
}

fn carol() -> CallPeer {
    CallPeer {
        endpoint_id: "carols".into(),
        raw_id: "8:acs:r_carol".into(),
        ..bob()
    }
}

fn connected_agent() -> CallAgent {
    let mut agent = CallAgent::new();
    agent.handle_session(
        SessionChange::Connected {
            resumed: false,
            level: LEVEL,
        },
        at(0),
    );
    agent
}

fn start_of(call_id: &CallId) -> StartCall {
    StartCall {
        call_id: call_id.clone(),
        callee: bob().raw_id,
        display_name: None,
        media: MediaState::default(),
        custom_context: None,
    }
}

fn start(agent: &mut CallAgent, millis: u64) -> CallId {
    let call_id = CallId::from("call");
    agent
        .start_call(start_of(&call_id), at(millis))
        .expect("the first call");
    call_id
}

fn ringing_agent() -> (CallAgent, CallId) {
    let mut agent = connected_agent();
    let call = start(&mut agent, 0);
    agent.handle_notice(
        CallNotice::Ringing {
            call_id: call.clone(),
        },
        at(1),
    );
    (agent, call)
}

fn ends(agent: &mut CallAgent) -> Vec<CallEndReason> {
    std::iter::from_fn(|| agent.poll_output())
        .filter_map(|output| match output {
            CallAgentOutput::Event(CallAgentEvent::CallEnded { reason, .. }) => Some(reason),
            CallAgentOutput::Event(_) | CallAgentOutput::Send(_) | CallAgentOutput::Media { .. } => None,
        })
        .collect()
}
