//! The exchange alone, on a clock that stands still: everybody has one endpoint, of their own name.

use openline_call::exchange::{EndpointRef, Exchange, ExchangeConfig, ExchangeCounts, Notify};
use openline_protocol::{
    CallEndReason, EndpointId, Instant, RawId,
    realtime::{
        CallCommand, CallNotice, IceCandidate, MediaState, PeerSignal, SessionDescription,
        SessionDescriptionType,
    },
};

use super::tickets::PlainTickets;

pub(crate) const NOW: Instant = Instant::from_millis(5_000);

pub(crate) fn counts() -> ExchangeCounts {
    ExchangeCounts::default()
}

pub(crate) fn user(name: &str) -> RawId {
    RawId::communication_user(&"r".into(), name)
}

pub(crate) fn endpoint(endpoint_id: &str, name: &str) -> EndpointRef {
    EndpointRef {
        resource: "r".into(),
        raw_id: user(name),
        endpoint_id: endpoint_id.into(),
        display_name: None,
        may_start: true,
    }
}

/// One with these people.
pub(crate) fn exchange(names: &[&str]) -> Exchange {
    let mut exchange = Exchange::new(ExchangeConfig::default()).with_tickets(Box::new(PlainTickets));
    for name in names {
        exchange.endpoint_registered(endpoint(name, name), NOW);
    }
    exchange
}

pub(crate) fn drain(exchange: &mut Exchange) -> Vec<Notify> {
    std::iter::from_fn(|| exchange.poll_output()).collect()
}

pub(crate) fn command_of(exchange: &mut Exchange, endpoint_id: &str, command: CallCommand) -> Vec<Notify> {
    exchange.handle_command(&EndpointId::from(endpoint_id), command, NOW);
    drain(exchange)
}

pub(crate) fn start(
    exchange: &mut Exchange,
    endpoint_id: &str,
    call_id: &str,
    callee: &RawId,
) -> Vec<Notify> {
    let (callee, media) = (callee.clone(), MediaState::default());
    let start = CallCommand::Start {
        call_id: call_id.into(),
        callee,
        display_name: None,
        media,
        custom_context: None,
    };
    command_of(exchange, endpoint_id, start)
}

pub(crate) fn accept(call_id: &str) -> CallCommand {
    CallCommand::Accept {
        call_id: call_id.into(),
        display_name: None,
        media: MediaState::default(),
    }
}

pub(crate) fn answer(exchange: &mut Exchange) {
    command_of(exchange, "bob", accept("call"));
}

pub(crate) fn answered_call(exchange: &mut Exchange) {
    start(exchange, "alice", "call", &user("bob"));
    answer(exchange);
}

pub(crate) fn description() -> PeerSignal {
    PeerSignal::Description(SessionDescription {
        description_type: SessionDescriptionType::Offer,
        sdp: "v=0".to_owned(),
        offer: None,
    })
}

pub(crate) fn signal(call_id: &str) -> CallCommand {
    CallCommand::Signal {
        call_id: call_id.into(),
        signal: description(),
    }
}

pub(crate) fn ended(endpoint_id: &str, call_id: &str, reason: CallEndReason) -> Notify {
    Notify {
        endpoint_id: endpoint_id.into(),
        notice: CallNotice::Ended {
            call_id: call_id.into(),
            reason,
        },
    }
}

pub(crate) fn every_command_but_start(call_id: &str) -> Vec<CallCommand> {
    let candidate = PeerSignal::Candidate(IceCandidate {
        candidate: String::new(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    });
    vec![
        accept(call_id),
        CallCommand::Reject {
            call_id: call_id.into(),
        },
        CallCommand::HangUp {
            call_id: call_id.into(),
        },
        CallCommand::Fail {
            call_id: call_id.into(),
            reason: CallEndReason::MEDIA_LOST,
        },
        signal(call_id),
        CallCommand::Signal {
            call_id: call_id.into(),
            signal: candidate,
        },
        CallCommand::Media {
            call_id: call_id.into(),
            media: MediaState::default(),
        },
        CallCommand::Connected {
            call_id: call_id.into(),
        },
    ]
}
