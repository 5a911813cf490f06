//! What becomes of calls when the session comes, breaks or goes.
//!
//! A call that was answered outlives its session: media does not pass the server, and a ticket takes the call into the
//! next session. What was being set up is said again there, unless the session was away for so long that the server has
//! ended it.

use openline_protocol::{
    CallEndReason, CallId, Instant,
    realtime::{CallCommand, LEVEL_REJOIN},
};

use super::{
    CallAgent, IncomingCall,
    call::{Call, Phase, SetUp},
};
use crate::limits::{
    INTERRUPTION_LIMIT, MEDIA_LOSS_TIMEOUT, RETURN_PATIENCE, RINGING_PATIENCE, SETUP_TIMEOUT,
    TRANSFERRED_PATIENCE,
};

/// Something that happened to the client's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionChange {
    /// There is a socket, and the server can ring this client. `resumed`: the session before goes on and no command or
    /// notice was lost; otherwise it is a new one, and what was queued in the former is gone.
    Connected {
        /// Whether a session goes on.
        resumed: bool,
        /// What the server understands, as it said in `welcome`.
        level: u32,
    },
    /// The socket broke. The session may go on. After [`Self::Closed`]: somebody connects again.
    Interrupted,
    /// The session is over and there will be another: it ended on the server, or the edge dropped it because its queue
    /// of commands was full.
    Lost,
    /// The session is over and there will be no other: the token was refused, or the server will not have this client.
    /// Calls end with that reason, also those that are started from now on.
    Closed {
        /// Why.
        reason: CallEndReason,
    },
}

/// The way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// There was no session yet, or it is gone and there will be another; `since`: without a socket since then.
    NotConnected {
        since: Option<Instant>,
    },
    Connected,
    /// Broken; the session may go on.
    Interrupted {
        since: Instant,
    },
    /// Nothing can be said any more.
    Closed {
        reason: CallEndReason,
    },
}

impl Link {
    pub(super) const fn is_connected(self) -> bool {
        matches!(self, Self::Connected)
    }

    /// Whether what is said now would not even be queued.
    pub(super) const fn is_silent(self) -> bool {
        match self {
            Self::NotConnected { .. } | Self::Closed { .. } => true,
            Self::Connected | Self::Interrupted { .. } => false,
        }
    }

    /// Since when there is no socket, where there was one.
    const fn broken_since(self) -> Option<Instant> {
        match self {
            Self::NotConnected { since } => since,
            Self::Interrupted { since } => Some(since),
            Self::Connected | Self::Closed { .. } => None,
        }
    }
}

impl CallAgent {
    /// The session came, broke or went.
    pub fn handle_session(&mut self, change: SessionChange, now: Instant) {
        match change {
            SessionChange::Connected { resumed, level } => {
                // A resumed session may be new to this agent: the chat client of the same user had it before.
                let goes_on = resumed && !self.link.is_silent();
                if goes_on {
                    self.link = Link::Connected;
                    self.farewells_arrived();
                } else {
                    self.on_session_lost(now);
                    self.level = level;
                    let returns = self.link.broken_since().is_some();
                    self.link = Link::Connected;
                    self.go_on(returns, level, now);
                }
            }
            SessionChange::Interrupted => match self.link {
                Link::Connected => {
                    self.link = Link::Interrupted { since: now };
                    // The hang-up is queued in the session; nobody can confirm it now.
                    self.end_hanging_up(now);
                }
                Link::Closed { .. } => self.link = Link::NotConnected { since: None },
                Link::NotConnected { .. } | Link::Interrupted { .. } => {}
            },
            SessionChange::Lost => self.on_session_lost(now),
            SessionChange::Closed { reason } => {
                self.link = Link::Closed { reason };
                self.end_all_incoming(reason);
                // The starts last: they were not known to the server.
                self.end_all(reason, |call| !matches!(call.phase, Phase::Starting(_)), now);
                self.end_all(reason, |_| true, now);
            }
        }
        self.update_signalling(now);
    }

    /// What the server said and was told in the session is gone. Calls with a ticket go on; what was being set up does
    /// where the server had no time to end it.
    fn on_session_lost(&mut self, now: Instant) {
        let since = match self.link {
            Link::Closed { .. } => return,
            Link::Connected => Some(now),
            Link::NotConnected { since } => since,
            Link::Interrupted { since } => Some(since),
        };
        self.link = Link::NotConnected { since };
        self.end_hanging_up(now);
        self.fail_transfers(None, CallEndReason::NETWORK_LOST);
        let long = since.is_some_and(|since| since + RETURN_PATIENCE <= now);
        if long {
            self.end_all_incoming(CallEndReason::NETWORK_LOST);
        }
        let is_over = |call: &Call| match &call.phase {
            Phase::HangingUp { .. } => false,
            // What the server started in this client's name, it alone can start again.
            Phase::Starting(_) => call.origin.is_some(),
            Phase::Ringing => long || call.origin.is_some(),
            Phase::Accepting(_) => long,
            Phase::Answered(answered) => !answered.outlives_session(),
        };
        self.end_all(CallEndReason::NETWORK_LOST, is_over, now);
    }

    /// Takes every call into a new session. `returns`: there was another before, and the other sides may be on their way
    /// back, too.
    fn go_on(&mut self, returns: bool, level: u32, now: Instant) {
        let set_up = if returns {
            SetUp::again(now)
        } else {
            SetUp::new(now)
        };
        for (_, incoming) in self.incoming.iter_mut() {
            let patience = if incoming.by_transfer {
                TRANSFERRED_PATIENCE
            } else {
                RINGING_PATIENCE
            };
            incoming.shown_until = Some(incoming.rings_until.min(now + patience));
        }
        let call_ids: Vec<CallId> = self.calls.keys().cloned().collect();
        for call_id in call_ids {
            let Some(call) = self.calls.get_mut(&call_id) else {
                continue;
            };
            let command = match &mut call.phase {
                Phase::Starting(_) | Phase::Ringing => {
                    call.phase = Phase::Starting(set_up);
                    call.start_command(&call_id)
                }
                Phase::Accepting(accepting) => {
                    *accepting = set_up;
                    call.accept_command(&call_id)
                }
                Phase::Answered(answered) => {
                    let Some(ticket) = answered.ticket.clone().filter(|_| level >= LEVEL_REJOIN) else {
                        self.end_call(&call_id, CallEndReason::NETWORK_LOST);
                        continue;
                    };
                    answered.rejoins_until = Some(now + SETUP_TIMEOUT);
                    CallCommand::Rejoin {
                        call_id,
                        ticket,
                        media: call.media,
                    }
                }
                Phase::HangingUp { .. } => continue,
            };
            self.send(command);
        }
        if level >= LEVEL_REJOIN {
            self.send_farewells(now);
        }
    }

    fn end_hanging_up(&mut self, now: Instant) {
        let hanging_up = |(call_id, call): (&CallId, &Call)| {
            matches!(call.phase, Phase::HangingUp { .. }).then(|| call_id.clone())
        };
        let call_ids: Vec<CallId> = self.calls.iter().filter_map(hanging_up).collect();
        for call_id in call_ids {
            self.end_unconfirmed(&call_id, now);
        }
    }

    fn end_all(&mut self, reason: CallEndReason, which: impl Fn(&Call) -> bool, now: Instant) {
        let chosen = self.calls.iter().filter(|(_, call)| which(call));
        let call_ids: Vec<CallId> = chosen.map(|(call_id, _)| call_id.clone()).collect();
        for call_id in call_ids {
            self.end_unconfirmed(&call_id, now);
            self.end_call(&call_id, reason);
        }
    }

    /// When the call is given up for want of a way to the server.
    pub(super) fn gives_up_at(&self, call: &Call) -> Option<Instant> {
        let limit = self.link.broken_since()? + INTERRUPTION_LIMIT;
        match &call.phase {
            Phase::Starting(_) | Phase::HangingUp { .. } => None,
            Phase::Ringing | Phase::Accepting(_) => Some(limit),
            Phase::Answered(answered) if answered.outlives_session() => answered
                .path
                .down_since()
                .map(|since| limit.max(since + MEDIA_LOSS_TIMEOUT)),
            Phase::Answered(_) => Some(limit),
        }
    }

    /// When the next of what rings stops to be shown for want of the server's word.
    pub(super) fn incoming_gives_up_at(&self) -> Option<Instant> {
        let shown = self
            .incoming
            .values()
            .filter_map(|incoming| self.shown_until(incoming));
        shown.min()
    }

    /// Ends what rings without the server's word for too long.
    pub(super) fn end_unconfirmed_incoming(&mut self, now: Instant) {
        let due = self
            .incoming
            .iter()
            .filter(|(_, incoming)| self.shown_until(incoming).is_some_and(|until| until <= now));
        let call_ids: Vec<CallId> = due.map(|(call_id, _)| call_id.clone()).collect();
        for call_id in call_ids {
            self.end_incoming(&call_id, CallEndReason::NETWORK_LOST);
        }
    }

    fn shown_until(&self, incoming: &IncomingCall) -> Option<Instant> {
        let limit = self.link.broken_since().map(|since| since + INTERRUPTION_LIMIT);
        incoming.shown_until.into_iter().chain(limit).min()
    }

    /// Media is only given up while both sides could repair it through the server.
    pub(super) fn update_signalling(&mut self, now: Instant) {
        let connected = self.link.is_connected();
        for call in self.calls.values_mut() {
            if let Phase::Answered(answered) = &mut call.phase {
                let both = answered.peer_reachable && answered.rejoins_until.is_none();
                answered.path.set_signalling(connected && both, now);
            }
        }
    }
}
