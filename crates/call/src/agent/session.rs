//! What becomes of calls when the session comes, breaks or goes.

use openline_protocol::{CallEndReason, CallId, Instant};

use super::{CallAgent, call::Phase};
use crate::limits::{INTERRUPTION_LIMIT, SETUP_TIMEOUT};

/// Something that happened to the client's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionChange {
    /// There is a socket, and the server can ring this client. `resumed`: the session before goes on and no command or
    /// notice was lost; otherwise it is a new one, and what was queued in the former is gone.
    Connected {
        /// Whether a session goes on.
        resumed: bool,
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
    /// There was none yet, or what was is over.
    NotConnected,
    Connected,
    /// Broken; calls are given up at `gives_up`, if they have not been.
    Interrupted {
        gives_up: Option<Instant>,
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
            Self::NotConnected | Self::Closed { .. } => true,
            Self::Connected | Self::Interrupted { .. } => false,
        }
    }
}

impl CallAgent {
    /// The session came, broke or went.
    pub fn handle_session(&mut self, change: SessionChange, now: Instant) {
        match change {
            SessionChange::Connected { resumed } => {
                // A resumed session may be new to this agent: the chat client of the same user had it before.
                let started_before = resumed && !self.link.is_silent();
                self.link = Link::Connected;
                if !resumed {
                    self.give_up_calls(CallEndReason::NETWORK_LOST);
                }
                if !started_before {
                    self.start_again(now);
                }
            }
            SessionChange::Interrupted => {
                self.on_interrupted(now);
            }
            SessionChange::Lost => {
                if !self.link.is_silent() {
                    self.link = Link::NotConnected;
                }
                self.give_up_calls(CallEndReason::NETWORK_LOST);
            }
            SessionChange::Closed { reason } => {
                self.link = Link::Closed { reason };
                self.give_up_calls(reason);
                self.end_starting(reason);
            }
        }
        self.update_signalling(now);
    }

    fn on_interrupted(&mut self, now: Instant) {
        match self.link {
            Link::Connected => {
                self.link = Link::Interrupted {
                    gives_up: Some(now + INTERRUPTION_LIMIT),
                }
            }
            Link::Closed { .. } => self.link = Link::NotConnected,
            Link::NotConnected | Link::Interrupted { .. } => {}
        }
        // The hang-up is queued in the session; nobody can confirm it now.
        let hanging_up: Vec<(CallId, CallEndReason)> = self
            .calls
            .iter()
            .filter_map(|(call_id, call)| match call.phase {
                Phase::HangingUp { reason, .. } => Some((call_id.clone(), reason)),
                Phase::Starting { .. } | Phase::Ringing | Phase::Accepting { .. } | Phase::Answered(_) => {
                    None
                }
            })
            .collect();
        for (call_id, reason) in hanging_up {
            self.end_call(&call_id, reason);
        }
    }

    /// The server has ended, or will end, everything this session was in. A call that it never said a word about can
    /// still be started.
    fn give_up_calls(&mut self, reason: CallEndReason) {
        self.end_all_incoming(reason);
        let ends: Vec<(CallId, CallEndReason)> = self
            .calls
            .iter()
            .filter_map(|(call_id, call)| match call.phase {
                Phase::Starting { .. } => None,
                Phase::HangingUp { reason, .. } => Some((call_id.clone(), reason)),
                Phase::Ringing | Phase::Accepting { .. } | Phase::Answered(_) => {
                    Some((call_id.clone(), reason))
                }
            })
            .collect();
        for (call_id, reason) in ends {
            self.end_call(&call_id, reason);
        }
    }

    fn starting(&self) -> Vec<CallId> {
        let starting = self
            .calls
            .iter()
            .filter(|(_, call)| matches!(call.phase, Phase::Starting { .. }));
        starting.map(|(call_id, _)| call_id.clone()).collect()
    }

    fn end_starting(&mut self, reason: CallEndReason) {
        for call_id in self.starting() {
            self.end_call(&call_id, reason);
        }
    }

    /// Sends the starts again that the former session may have lost; the server takes a repeated one for the same, and
    /// has its full time to answer.
    fn start_again(&mut self, now: Instant) {
        for call_id in self.starting() {
            if let Some(mut call) = self.calls.remove(&call_id) {
                call.phase = Phase::Starting {
                    deadline: now + SETUP_TIMEOUT,
                };
                self.send_start(&call_id, &call);
                self.calls.insert(call_id, call);
            }
        }
    }

    /// Media is only given up while both sides could repair it through the server.
    pub(super) fn update_signalling(&mut self, now: Instant) {
        let connected = self.link.is_connected();
        for call in self.calls.values_mut() {
            if let Phase::Answered(answered) = &mut call.phase {
                answered
                    .path
                    .set_signalling(connected && answered.peer_reachable, now);
            }
        }
    }
}
