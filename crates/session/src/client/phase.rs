//! Where the connection stands, with what belongs to each state.

use std::time::Duration;

use openline_protocol::{EndpointId, Instant, SessionId};

use super::{ClientState, DisconnectReason, heartbeat::Heartbeat};
use crate::Receiver;

#[derive(Debug)]
pub(super) enum Phase {
    Idle,
    WaitingForToken { deadline: Instant },
    Connecting { token: String, deadline: Instant },
    Greeting { deadline: Instant },
    Connected(Connected),
    WaitingToRetry { until: Instant, force_token: bool },
    Closed { reason: DisconnectReason },
}

/// What belongs to one socket.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) since: Instant,
    pub(super) heartbeat: Heartbeat,
    /// When an acknowledgement is due at the latest.
    pub(super) ack_due: Option<Instant>,
    /// Notices handled since the last acknowledgement.
    pub(super) ack_pending: u64,
}

/// What belongs to the session on the server.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) session_id: SessionId,
    pub(super) endpoint_id: EndpointId,
    /// The longest the server may keep it after a break: the silence until it notices, and the grace period.
    pub(super) kept_for: Duration,
    pub(super) notices: Receiver,
    /// How many sockets said hello for it, after the first.
    pub(super) attempts: u32,
    /// Until when it can be resumed, while there is no socket.
    pub(super) lease: Option<Instant>,
}

impl Phase {
    pub(super) const fn state(&self) -> ClientState {
        match self {
            Self::Idle => ClientState::Idle,
            Self::WaitingForToken { .. } => ClientState::WaitingForToken,
            Self::Connecting { .. } => ClientState::Connecting,
            Self::Greeting { .. } => ClientState::Greeting,
            Self::Connected(_) => ClientState::Connected,
            Self::WaitingToRetry { .. } => ClientState::WaitingToRetry,
            Self::Closed { reason } => ClientState::Closed { reason: *reason },
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Idle | Self::Closed { .. } => None,
            Self::WaitingForToken { deadline }
            | Self::Connecting { deadline, .. }
            | Self::Greeting { deadline }
            | Self::WaitingToRetry { until: deadline, .. } => Some(*deadline),
            Self::Connected(connected) => {
                let ping = connected.heartbeat.due();
                Some(connected.ack_due.map_or(ping, |ack| ack.min(ping)))
            }
        }
    }
}
