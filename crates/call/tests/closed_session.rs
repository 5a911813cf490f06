//! A session that is closed for good, and a command that no session takes.

use openline_call::agent::{
    AcceptCall, CallAgent, CallAgentEvent, CallAgentOutput, CallState, SessionChange, StartCall,
};
use openline_protocol::{
    CallEndReason, CallId, Instant,
    realtime::{CallCommand, CallNotice, CallPeer, LEVEL, MediaState},
};

const REFUSED: SessionChange = SessionChange::Closed {
    reason: CallEndReason::TOKEN_REFUSED,
};

#[test]
fn every_call_ends_at_once_with_the_reason_of_the_session() {
    let mut agent = connected_agent();
    for call_id in ["starting", "ringing", "answered"] {
        start(&mut agent, call_id);
    }
    agent.handle_notice(
        CallNotice::Ringing {
            call_id: "ringing".into(),
        },
        at(1),
    );
    agent.handle_notice(answered("answered"), at(1));
    agent.handle_notice(incoming("accepted", "8:acs:r_carol"), at(1));
    agent
        .accept(
            &"accepted".into(),
            AcceptCall {
                display_name: None,
                media: MediaState::default(),
            },
            at(1),
        )
        .expect("it rings");
    drain(&mut agent);
    agent.handle_session(REFUSED, at(2));
    let ends = drain(&mut agent)
        .into_iter()
        .filter_map(ended)
        .collect::<Vec<_>>();
    let expected = ["ringing", "answered", "accepted", "starting"];
    assert_eq!(
        ends,
        expected.map(|call_id| (call_id.into(), CallEndReason::TOKEN_REFUSED))
    );
    assert_eq!(agent.call_ids().count(), 0);
    assert_eq!(agent.poll_timeout(), None);
}

#[test]
fn what_rings_stops_ringing() {
    let mut agent = connected_agent();
    agent.handle_notice(incoming("theirs", "8:acs:r_carol"), at(1));
    drain(&mut agent);
    agent.handle_session(REFUSED, at(2));
    let expected = CallAgentEvent::IncomingEnded {
        call_id: "theirs".into(),
        reason: CallEndReason::TOKEN_REFUSED,
    };
    assert_eq!(drain(&mut agent), [CallAgentOutput::Event(expected)]);
    assert!(
        agent
            .accept(
                &"theirs".into(),
                AcceptCall {
                    display_name: None,
                    media: MediaState::default()
                },
                at(3)
            )
            .is_err()
    );
}

#[test]
fn a_call_started_afterwards_begins_and_ends_at_once() {
    let mut agent = connected_agent();
    agent.handle_session(REFUSED, at(1));
    // Told after the closing: it was lost with it.
    agent.handle_session(SessionChange::Lost, at(1));
    start(&mut agent, "late");
    let told = drain(&mut agent);
    assert!(matches!(
        told.first(),
        Some(CallAgentOutput::Event(CallAgentEvent::CallAdded { .. }))
    ));
    assert!(matches!(
        told.last(),
        Some(CallAgentOutput::Event(CallAgentEvent::CallRemoved { .. }))
    ));
    let ends = told.into_iter().filter_map(ended).collect::<Vec<_>>();
    assert_eq!(ends, [("late".into(), CallEndReason::TOKEN_REFUSED)]);
    assert_eq!(agent.call_state(&"late".into()), None);
}

#[test]
fn a_connection_that_is_opened_again_takes_calls_again() {
    let mut agent = connected_agent();
    agent.handle_session(REFUSED, at(1));
    agent.handle_session(SessionChange::Interrupted, at(2));
    start(&mut agent, "early");
    assert_eq!(agent.call_state(&"early".into()), Some(CallState::Connecting));
    agent.handle_session(
        SessionChange::Connected {
            resumed: false,
            level: LEVEL,
        },
        at(3),
    );
    start(&mut agent, "late");
    let sent = drain(&mut agent)
        .into_iter()
        .filter_map(command)
        .collect::<Vec<_>>();
    let started = |call_id: &str| {
        matches!(
            sent.iter().find(|command| command.call_id().as_str() == call_id),
            Some(CallCommand::Start { .. })
        )
    };
    assert!(started("early") && started("late"), "{sent:?}");
}

#[test]
fn a_command_that_fits_no_frame_ends_its_call_alone() {
    let mut agent = connected_agent();
    for call_id in ["starting", "answered", "other"] {
        start(&mut agent, call_id);
    }
    agent.handle_notice(answered("answered"), at(1));
    drain(&mut agent);
    agent.handle_oversized(&"starting".into());
    agent.handle_oversized(&"answered".into());
    agent.handle_oversized(&"unknown".into());
    let told = drain(&mut agent);
    let failed = |call_id: &str, reason| {
        told.contains(&CallAgentOutput::Send(CallCommand::Fail {
            call_id: call_id.into(),
            reason,
        }))
    };
    assert!(
        failed("answered", CallEndReason::MEDIA_NEGOTIATION_FAILED),
        "the other side learns why"
    );
    let ends = told.into_iter().filter_map(ended).collect::<Vec<_>>();
    let expected = [
        ("starting".into(), CallEndReason::CALLEE_MALFORMED),
        ("answered".into(), CallEndReason::MEDIA_NEGOTIATION_FAILED),
    ];
    assert_eq!(ends, expected);
    assert_eq!(
        agent.call_ids().map(CallId::as_str).collect::<Vec<_>>(),
        ["other"]
    );
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

fn start(agent: &mut CallAgent, call_id: &str) {
    let start = StartCall {
        call_id: call_id.into(),
        callee: bob().raw_id,
        display_name: None,
        media: MediaState::default(),
        custom_context: None,
    };
    agent.start_call(start, at(0)).expect("a new call");
}

fn incoming(call_id: &str, caller: &str) -> CallNotice {
    let caller = CallPeer {
        raw_id: caller.into(),
        ..bob()
    };
    CallNotice::Incoming {
        call_id: call_id.into(),
        caller,
        ring_timeout_ms: 60_000,
        custom_context: None,
        transferor: None,
    }
}

fn answered(call_id: &str) -> CallNotice {
    CallNotice::Answered {
        call_id: call_id.into(),
        peer: bob(),
        polite: false,
        ticket: None,
    }
}

fn bob() -> CallPeer {
    CallPeer {
        endpoint_id: "bobs".into(),
        raw_id: "8:acs:r_bob".into(),
        display_name: None,
        media: MediaState::default(),
    }
}

fn drain(agent: &mut CallAgent) -> Vec<CallAgentOutput> {
    std::iter::from_fn(|| agent.poll_output()).collect()
}

fn ended(output: CallAgentOutput) -> Option<(CallId, CallEndReason)> {
    match output {
        CallAgentOutput::Event(CallAgentEvent::CallEnded { call_id, reason }) => Some((call_id, reason)),
        CallAgentOutput::Event(_) | CallAgentOutput::Send(_) | CallAgentOutput::Media { .. } => None,
    }
}

fn command(output: CallAgentOutput) -> Option<CallCommand> {
    match output {
        CallAgentOutput::Send(command) => Some(command),
        CallAgentOutput::Event(_) | CallAgentOutput::Media { .. } => None,
    }
}

const fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}
