//! When media counts as up, when ICE is restarted, when a call without media is given up.
//!
//! Both clocks stand still while the way through the server is broken on either side: what is lost then is decided by
//! the sessions' grace period, so that both sides end with the same cause.

use std::time::Duration;

use openline_protocol::{CallEndReason, Instant};

use super::PeerConnectionState;
use crate::limits::{
    ICE_RECOVERY_DELAY, ICE_RESTART_INTERVAL, MEDIA_LOSS_TIMEOUT, MEDIA_SETUP_TIMEOUT, POLITE_RESTART_DELAY,
};

#[derive(Debug)]
pub(super) struct MediaPath {
    polite: bool,
    was_up: bool,
    signalling: bool,
    phase: PathPhase,
}

#[derive(Debug)]
enum PathPhase {
    Up,
    Down {
        gives_up: Instant,
        restart_at: Option<Instant>,
        broken: bool,
    },
}

/// What a change of the connection state means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathChange {
    None,
    /// `first`: had not been up before.
    Up {
        first: bool,
    },
    Down,
    /// Closed under the agent: nothing can be repaired.
    Gone(CallEndReason),
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathAction {
    RestartIce,
    GiveUp(CallEndReason),
}

impl MediaPath {
    /// The path of a call that was answered at `now`.
    pub(super) fn new(polite: bool, signalling: bool, now: Instant) -> Self {
        let phase = PathPhase::Down {
            gives_up: now + MEDIA_SETUP_TIMEOUT,
            restart_at: None,
            broken: false,
        };
        Self {
            polite,
            was_up: false,
            signalling,
            phase,
        }
    }

    pub(super) fn handle_state(&mut self, state: PeerConnectionState, now: Instant) -> PathChange {
        match state {
            PeerConnectionState::New | PeerConnectionState::Connecting => PathChange::None,
            PeerConnectionState::Connected => self.on_connected(),
            PeerConnectionState::Disconnected => self.on_broken(ICE_RECOVERY_DELAY, now),
            PeerConnectionState::Failed => self.on_broken(Duration::ZERO, now),
            PeerConnectionState::Closed => PathChange::Gone(self.end_reason()),
        }
    }

    /// Whether this side has its socket and the other one has, too. When that comes back, a lost path gets its full
    /// time again, and the impolite side restarts ICE: the network may be another.
    pub(super) fn set_signalling(&mut self, signalling: bool, now: Instant) {
        if self.signalling == signalling {
            return;
        }
        self.signalling = signalling;
        let timeout = self.timeout();
        let delay = self.restart_delay(Duration::ZERO);
        if let (
            true,
            PathPhase::Down {
                gives_up,
                restart_at,
                broken,
            },
        ) = (signalling, &mut self.phase)
        {
            *gives_up = now + timeout;
            *restart_at = broken.then(|| now + delay);
        }
    }

    /// What is due at `now`. To be asked until it says nothing.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> Option<PathAction> {
        let reason = self.end_reason();
        if !self.signalling {
            return None;
        }
        match &mut self.phase {
            PathPhase::Down { gives_up, .. } if *gives_up <= now => Some(PathAction::GiveUp(reason)),
            PathPhase::Down {
                restart_at: Some(restart_at),
                ..
            } if *restart_at <= now => {
                *restart_at = now + ICE_RESTART_INTERVAL;
                Some(PathAction::RestartIce)
            }
            PathPhase::Down { .. } | PathPhase::Up => None,
        }
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        match &self.phase {
            PathPhase::Down {
                gives_up, restart_at, ..
            } if self.signalling => {
                Some(restart_at.map_or(*gives_up, |restart_at| restart_at.min(*gives_up)))
            }
            PathPhase::Down { .. } | PathPhase::Up => None,
        }
    }

    fn on_connected(&mut self) -> PathChange {
        if matches!(self.phase, PathPhase::Up) {
            return PathChange::None;
        }
        self.phase = PathPhase::Up;
        let first = !self.was_up;
        self.was_up = true;
        PathChange::Up { first }
    }

    /// `recovery`: what ICE is given to recover by itself.
    fn on_broken(&mut self, recovery: Duration, now: Instant) -> PathChange {
        let due = now + self.restart_delay(recovery);
        let timeout = self.timeout();
        match &mut self.phase {
            PathPhase::Up => {
                self.phase = PathPhase::Down {
                    gives_up: now + timeout,
                    restart_at: Some(due),
                    broken: true,
                };
                PathChange::Down
            }
            PathPhase::Down {
                restart_at, broken, ..
            } => {
                // After a restart the next one is already set: a failure then does not hasten it.
                if !*broken {
                    *broken = true;
                    *restart_at = Some(due);
                } else if recovery.is_zero() && !self.polite {
                    *restart_at = restart_at.map(|at| if at <= now + ICE_RECOVERY_DELAY { due } else { at });
                }
                PathChange::None
            }
        }
    }

    /// How long after a loss this side restarts: the polite one leaves it to the other.
    fn restart_delay(&self, recovery: Duration) -> Duration {
        if self.polite {
            POLITE_RESTART_DELAY
        } else {
            recovery
        }
    }

    fn timeout(&self) -> Duration {
        if self.was_up {
            MEDIA_LOSS_TIMEOUT
        } else {
            MEDIA_SETUP_TIMEOUT
        }
    }

    fn end_reason(&self) -> CallEndReason {
        if self.was_up {
            CallEndReason::MEDIA_LOST
        } else {
            CallEndReason::MEDIA_NOT_CONNECTED
        }
    }
}
