//! One call of this client.

use openline_protocol::{CallEndReason, CallId, Instant, realtime::MediaState};

use super::{
    CallAgentEvent, CallDirection, CallState, ParticipantState, RemotePeer, StartCall, media_path::MediaPath,
};
use crate::negotiation::Negotiator;

#[derive(Debug)]
pub(super) struct Call {
    pub(super) direction: CallDirection,
    pub(super) peer: RemotePeer,
    /// The own name, for a start that has to be sent again.
    pub(super) display_name: Option<String>,
    /// What this side sends.
    pub(super) media: MediaState,
    /// As announced.
    pub(super) state: CallState,
    /// As announced.
    pub(super) participant: ParticipantState,
    pub(super) phase: Phase,
}

/// How far a call is with the server.
#[derive(Debug)]
pub(super) enum Phase {
    /// Sent, and not a word of the server about it yet.
    Starting { deadline: Instant },
    /// Outgoing; the server ends it when nobody answers.
    Ringing,
    /// Accepted here, or merged into the other side's call; the server decides.
    Accepting { deadline: Instant },
    /// Answered: media is being set up, or up.
    Answered(Box<Answered>),
    /// Hung up here; `reason` holds unless the server says another.
    HangingUp {
        deadline: Instant,
        reason: CallEndReason,
        answered: bool,
    },
}

#[derive(Debug)]
pub(super) struct Answered {
    pub(super) negotiator: Negotiator,
    pub(super) path: MediaPath,
    /// The server has a socket of the other side.
    pub(super) peer_reachable: bool,
}

impl Call {
    pub(super) fn outgoing(start: StartCall, deadline: Instant) -> Self {
        Self {
            direction: CallDirection::Outgoing,
            peer: RemotePeer {
                raw_id: start.callee,
                endpoint_id: None,
                display_name: None,
                media: MediaState::default(),
            },
            display_name: start.display_name,
            media: start.media,
            state: CallState::None,
            participant: ParticipantState::Idle,
            phase: Phase::Starting { deadline },
        }
    }

    /// Whether this is a call to somebody who has not answered: while there is one, a call from that person is held
    /// back, since the server may make one of the two.
    pub(super) fn may_be_merged(&self) -> bool {
        match &self.phase {
            Phase::Starting { .. } | Phase::Ringing => true,
            Phase::HangingUp { answered, .. } => self.direction == CallDirection::Outgoing && !answered,
            Phase::Accepting { .. } | Phase::Answered(_) => false,
        }
    }

    /// Sets the state of the other side and of the call; gives what changed.
    pub(super) fn enter(
        &mut self,
        call_id: &CallId,
        state: CallState,
        participant: ParticipantState,
    ) -> impl Iterator<Item = CallAgentEvent> + use<> {
        let participant_changed =
            (self.participant != participant).then(|| CallAgentEvent::ParticipantStateChanged {
                call_id: call_id.clone(),
                state: participant,
            });
        let state_changed = (self.state != state).then(|| CallAgentEvent::StateChanged {
            call_id: call_id.clone(),
            state,
        });
        self.participant = participant;
        self.state = state;
        participant_changed.into_iter().chain(state_changed)
    }
}
