//! One call of this client.

use openline_protocol::{
    CallEndReason, CallId, Instant,
    realtime::{CallCommand, MediaState},
};

use super::{
    CallAgentEvent, CallDirection, CallState, ParticipantState, RemotePeer, StartCall, media_path::MediaPath,
};
use crate::{
    limits::{RETURN_INTERVAL, RETURN_PATIENCE, SETUP_TIMEOUT},
    negotiation::Negotiator,
};

#[derive(Debug)]
pub(super) struct Call {
    pub(super) direction: CallDirection,
    pub(super) peer: RemotePeer,
    /// The own name, for a start that has to be sent again.
    pub(super) display_name: Option<String>,
    /// For such a start, too.
    pub(super) custom_context: Option<String>,
    /// The call in whose place this one is, where the other side of that one transferred it.
    pub(super) origin: Option<CallId>,
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
    /// Sent, and not a word of the server about it yet, or not in this session.
    Starting(SetUp),
    /// Outgoing; the server ends it when nobody answers.
    Ringing,
    /// Accepted here, or merged into the other side's call; the server decides.
    Accepting(SetUp),
    /// Answered: media is being set up, or up.
    Answered(Box<Answered>),
    /// Hung up here; `reason` holds unless the server says another.
    HangingUp {
        deadline: Instant,
        reason: CallEndReason,
        answered: bool,
        /// What tells a server that knows nothing of the call, so that the other side learns of its end.
        farewell: Vec<CallCommand>,
    },
}

/// Waits for the server's word.
#[derive(Debug, Clone, Copy)]
pub(super) struct SetUp {
    pub(super) deadline: Instant,
    /// Said before in a session that is gone. Until then the other side may not be back yet, and a refusal for that is
    /// no end.
    pub(super) returns_until: Option<Instant>,
    /// When it is said again.
    pub(super) retry_at: Option<Instant>,
}

impl SetUp {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            deadline: now + SETUP_TIMEOUT,
            returns_until: None,
            retry_at: None,
        }
    }

    /// What was said before, and may be refused too early.
    pub(super) fn again(now: Instant) -> Self {
        Self {
            returns_until: Some(now + RETURN_PATIENCE),
            ..Self::new(now)
        }
    }

    /// Refused since the other side is not back. Gives whether there is time to try again.
    pub(super) fn try_later(&mut self, now: Instant) -> bool {
        let retry_at = now + RETURN_INTERVAL;
        let in_time = self.returns_until.is_some_and(|until| retry_at <= until);
        self.retry_at = in_time.then_some(retry_at);
        in_time
    }
}

#[derive(Debug)]
pub(super) struct Answered {
    pub(super) negotiator: Negotiator,
    pub(super) path: MediaPath,
    /// The server has a socket of the other side.
    pub(super) peer_reachable: bool,
    /// What takes the call into a new session.
    pub(super) ticket: Option<String>,
    /// In a new session, and the server has not said that the other side is there, too: by when it must.
    pub(super) rejoins_until: Option<Instant>,
    /// The call that the other side is to have in place of this one.
    pub(super) transferred_to: Option<CallId>,
}

impl Answered {
    /// Whether media flows, or was lost a moment ago, in a call that a new session can go on with. Such a call does not
    /// depend on the way to the server.
    pub(super) fn outlives_session(&self) -> bool {
        self.ticket.is_some()
    }
}

impl Call {
    pub(super) fn outgoing(start: StartCall, now: Instant) -> Self {
        Self {
            direction: CallDirection::Outgoing,
            peer: RemotePeer {
                raw_id: start.callee,
                endpoint_id: None,
                display_name: None,
                media: MediaState::default(),
            },
            display_name: start.display_name,
            custom_context: start.custom_context,
            origin: None,
            media: start.media,
            state: CallState::None,
            participant: ParticipantState::Idle,
            phase: Phase::Starting(SetUp::new(now)),
        }
    }

    /// Whether this is a call to somebody who has not answered: while there is one, a call from that person is held
    /// back, since the server may make one of the two.
    pub(super) fn may_be_merged(&self) -> bool {
        match &self.phase {
            Phase::Starting(_) | Phase::Ringing => true,
            Phase::HangingUp { answered, .. } => self.direction == CallDirection::Outgoing && !answered,
            Phase::Accepting(_) | Phase::Answered(_) => false,
        }
    }

    pub(super) fn start_command(&self, call_id: &CallId) -> CallCommand {
        CallCommand::Start {
            call_id: call_id.clone(),
            callee: self.peer.raw_id.clone(),
            display_name: self.display_name.clone(),
            media: self.media,
            custom_context: self.custom_context.clone(),
        }
    }

    pub(super) fn accept_command(&self, call_id: &CallId) -> CallCommand {
        CallCommand::Accept {
            call_id: call_id.clone(),
            display_name: self.display_name.clone(),
            media: self.media,
        }
    }

    /// What makes the call known to a server that has forgotten it, and ends it.
    pub(super) fn farewell(&self, call_id: &CallId) -> Vec<CallCommand> {
        let known = match &self.phase {
            Phase::Starting(_) | Phase::Ringing => Some(self.start_command(call_id)),
            Phase::Answered(answered) => answered.ticket.clone().map(|ticket| CallCommand::Rejoin {
                call_id: call_id.clone(),
                ticket,
                media: self.media,
            }),
            Phase::Accepting(_) | Phase::HangingUp { .. } => None,
        };
        let hang_up = CallCommand::HangUp {
            call_id: call_id.clone(),
        };
        known
            .into_iter()
            .flat_map(|known| [known, hang_up.clone()])
            .collect()
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
