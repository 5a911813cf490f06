//! Call commands at the server's exchange, call notices at the client's agent.

use std::time::Duration;

use openline_call::{
    agent::{AcceptCall, CallAgent, MediaInput, PeerConnectionState, SessionChange, StartCall, TransferCall},
    exchange::{EndpointRef, Exchange, ExchangeConfig, ExchangeCounts, GoneReason},
};
use openline_protocol::{
    CallEndReason, CallId, EndpointId, Instant,
    realtime::{CallCommand, CallNotice, LEVEL, MediaState, PeerSignal},
};

use crate::{assert_written_and_read, lines};

/// Each with its tenant and its identity: two people with two devices each, and a stranger.
const ENDPOINTS: [(&str, &str); 5] = [
    ("r", "8:acs:r_a"),
    ("r", "8:acs:r_a"),
    ("r", "8:acs:r_b"),
    ("r", "8:acs:r_b"),
    ("s", "8:acs:s_c"),
];

/// Lines of the number of an endpoint and what it does: a command as JSON, or a letter. Ten seconds each.
pub fn call_commands(data: &[u8]) {
    let mut now = Instant::from_millis(0);
    let mut exchange = Exchange::new(ExchangeConfig::default());
    let endpoint_id = |number: usize| EndpointId::new(number.to_string());
    for number in 0..ENDPOINTS.len() {
        exchange.endpoint_registered(endpoint(number), now);
    }
    for line in lines(data) {
        now = now + Duration::from_secs(10);
        let Some((number, what)) = line.split_at_checked(1) else {
            continue;
        };
        let Some(number) = number.parse().ok().filter(|number| *number < ENDPOINTS.len()) else {
            continue;
        };
        let by = endpoint_id(number);
        match what {
            "i" => exchange.endpoint_interrupted(&by),
            "r" => exchange.endpoint_resumed(&by, now),
            "l" => exchange.endpoint_gone(&by, GoneReason::Left),
            "g" => exchange.endpoint_gone(&by, GoneReason::GraceOver),
            "e" => exchange.endpoint_registered(endpoint(number), now),
            _ => {
                if let Ok(command) = serde_json::from_str::<CallCommand>(what) {
                    assert_written_and_read(&command);
                    exchange.handle_command(&by, command, now);
                }
            }
        }
        exchange.handle_timeout(now);
        while let Some(notify) = exchange.poll_output() {
            assert_written_and_read(&notify.notice);
        }
    }
    for number in 0..ENDPOINTS.len() {
        exchange.endpoint_gone(&endpoint_id(number), GoneReason::Left);
    }
    assert_eq!(
        exchange.counts(),
        ExchangeCounts::default(),
        "something is left of calls that are over"
    );
}

fn endpoint(number: usize) -> EndpointRef {
    let (resource, raw_id) = ENDPOINTS[number];
    EndpointRef {
        resource: resource.into(),
        raw_id: raw_id.into(),
        endpoint_id: EndpointId::new(number.to_string()),
        display_name: None,
        may_start: true,
    }
}

/// Lines of a notice as JSON, or of a letter and a call: what its user, its session and its peer connection do. Five
/// seconds each.
pub fn call_notices(data: &[u8]) {
    let mut now = Instant::from_millis(0);
    let mut agent = CallAgent::new();
    agent.handle_session(
        SessionChange::Connected {
            resumed: false,
            level: LEVEL,
        },
        now,
    );
    for line in lines(data) {
        now = now + Duration::from_secs(5);
        if let Ok(notice) = serde_json::from_str::<CallNotice>(line) {
            assert_written_and_read(&notice);
            agent.handle_notice(notice, now);
        } else if let Some((what, rest)) = line.split_at_checked(1) {
            act(&mut agent, what, rest, now);
        }
        while agent.poll_output().is_some() {}
        if agent.poll_timeout().is_some_and(|due| due <= now) {
            agent.handle_timeout(now);
        }
        while agent.poll_output().is_some() {}
    }
}

fn act(agent: &mut CallAgent, what: &str, rest: &str, now: Instant) {
    let (call_id, media) = (CallId::new(rest), MediaState::default());
    let reason = CallEndReason::NETWORK_LOST;
    match what {
        "c" => drop(agent.start_call(
            StartCall {
                call_id,
                callee: "8:acs:r_b".into(),
                display_name: None,
                media,
                custom_context: None,
            },
            now,
        )),
        "a" => drop(agent.accept(
            &call_id,
            AcceptCall {
                display_name: None,
                media,
            },
            now,
        )),
        "r" => drop(agent.reject(&call_id, now)),
        "h" => drop(agent.hang_up(&call_id, now)),
        "t" => drop(agent.transfer(
            &call_id,
            TransferCall {
                into: "into".into(),
                target: "8:acs:r_d".into(),
                custom_context: None,
            },
        )),
        "m" => drop(agent.set_media(&call_id, media)),
        "o" => agent.handle_oversized(&call_id),
        "d" => agent.dispose(now),
        "w" => agent.handle_session(
            SessionChange::Connected {
                resumed: false,
                level: LEVEL,
            },
            now,
        ),
        "k" => agent.handle_session(
            SessionChange::Connected {
                resumed: true,
                level: LEVEL,
            },
            now,
        ),
        "i" => agent.handle_session(SessionChange::Interrupted, now),
        "l" => agent.handle_session(SessionChange::Lost, now),
        "x" => agent.handle_session(SessionChange::Closed { reason }, now),
        "n" => agent.handle_media(&call_id, MediaInput::NegotiationNeeded, now),
        "p" => agent.handle_media(&call_id, MediaInput::RemoteDescriptionApplied, now),
        "f" => agent.handle_media(&call_id, MediaInput::OperationFailed, now),
        "s" => agent.handle_media(
            &call_id,
            MediaInput::ConnectionState(PeerConnectionState::Connected),
            now,
        ),
        "b" => agent.handle_media(
            &call_id,
            MediaInput::ConnectionState(PeerConnectionState::Failed),
            now,
        ),
        // A signal of its own peer connection: the call, a space, JSON.
        "g" => {
            let Some((call_id, json)) = rest.split_once(' ') else {
                return;
            };
            let input = match serde_json::from_str(json) {
                Ok(PeerSignal::Description(description)) => MediaInput::LocalDescription(description),
                Ok(PeerSignal::Candidate(candidate)) => MediaInput::LocalCandidate(candidate),
                Ok(PeerSignal::RestartIce) | Err(_) => return,
            };
            agent.handle_media(&call_id.into(), input, now);
        }
        _ => {}
    }
}
