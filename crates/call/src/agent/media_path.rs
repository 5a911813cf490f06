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
        since: Instant,
        gives_up: Instant,
        restart_at: Option<Instant>,
        broken: bool,
        /// The other side has described a path since.
        described: bool,
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
            since: now,
            gives_up: now + MEDIA_SETUP_TIMEOUT,
            restart_at: None,
            broken: false,
            described: false,
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
                ..
            },
        ) = (signalling, &mut self.phase)
        {
            *gives_up = now + timeout;
            *restart_at = broken.then(|| now + delay);
        }
    }

    /// What was under way between the two sides may be lost: a path that is not up is looked for anew. Gives whether
    /// this side does that at once; the other one does it later.
    pub(super) fn renew(&mut self, now: Instant) -> bool {
        let timeout = self.timeout();
        let next = if self.polite {
            POLITE_RESTART_DELAY
        } else {
            ICE_RESTART_INTERVAL
        };
        match &mut self.phase {
            PathPhase::Up => false,
            PathPhase::Down {
                gives_up,
                restart_at,
                broken,
                ..
            } => {
                *gives_up = now + timeout;
                *restart_at = Some(now + next);
                *broken = true;
                !self.polite
            }
        }
    }

    /// A description of the other side's was applied. Where the path is lost, the one they now try is not cut short by
    /// the next restart; and the first such description gives it its full time again, since the other side may have been
    /// away until then without anybody's notice.
    pub(super) fn on_described(&mut self, now: Instant) {
        let was_up = self.was_up;
        let pause = ICE_RESTART_INTERVAL + self.restart_delay(Duration::ZERO);
        if let PathPhase::Down {
            gives_up,
            restart_at: Some(restart_at),
            described,
            ..
        } = &mut self.phase
        {
            *restart_at = now + pause;
            if was_up && !std::mem::replace(described, true) {
                *gives_up = now + MEDIA_LOSS_TIMEOUT;
            }
        }
    }

    /// Since when it is not up; `None` while it is.
    pub(super) const fn down_since(&self) -> Option<Instant> {
        match self.phase {
            PathPhase::Up => None,
            PathPhase::Down { since, .. } => Some(since),
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
                    since: now,
                    gives_up: now + timeout,
                    restart_at: Some(due),
                    broken: true,
                    described: false,
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

#[cfg(test)]
mod tests {
    use super::{MediaPath, PathAction, PathChange, PeerConnectionState};
    use openline_protocol::{CallEndReason, Instant};

    #[test]
    fn the_impolite_side_restarts_after_a_moment_and_the_polite_one_later() {
        for (polite, first, second) in [(false, 2_000, 12_000), (true, 5_000, 15_000)] {
            let mut path = up(polite);
            assert_eq!(
                path.handle_state(PeerConnectionState::Disconnected, at(0)),
                PathChange::Down
            );
            assert_eq!(path.poll_timeout(), Some(at(first)));
            assert_eq!(path.handle_timeout(at(first)), Some(PathAction::RestartIce));
            assert_eq!(path.handle_timeout(at(first)), None);
            assert_eq!(
                path.poll_timeout(),
                Some(at(second)),
                "and again, if that did not help"
            );
        }
    }

    #[test]
    fn a_failure_is_not_waited_out_by_the_impolite_side() {
        let mut path = up(false);
        path.handle_state(PeerConnectionState::Disconnected, at(0));
        path.handle_state(PeerConnectionState::Failed, at(1_000));
        assert_eq!(path.handle_timeout(at(1_000)), Some(PathAction::RestartIce));
        path.handle_state(PeerConnectionState::Failed, at(3_000));
        assert_eq!(
            path.poll_timeout(),
            Some(at(11_000)),
            "one restart is given its time"
        );
    }

    #[test]
    fn media_that_comes_back_is_not_given_up() {
        let mut path = up(false);
        path.handle_state(PeerConnectionState::Disconnected, at(0));
        let change = path.handle_state(PeerConnectionState::Connected, at(1_000));
        assert_eq!(change, PathChange::Up { first: false });
        assert_eq!(path.poll_timeout(), None);
    }

    #[test]
    fn the_reason_tells_media_that_was_lost_from_media_that_never_was() {
        let mut never = MediaPath::new(false, true, at(0));
        let given_up = never.handle_timeout(at(30_000));
        assert_eq!(
            given_up,
            Some(PathAction::GiveUp(CallEndReason::MEDIA_NOT_CONNECTED))
        );
        let mut lost = up(false);
        lost.handle_state(PeerConnectionState::Failed, at(0));
        assert_eq!(
            lost.handle_timeout(at(30_000)),
            Some(PathAction::GiveUp(CallEndReason::MEDIA_LOST))
        );
        let closed = up(true).handle_state(PeerConnectionState::Closed, at(0));
        assert_eq!(closed, PathChange::Gone(CallEndReason::MEDIA_LOST));
    }

    #[test]
    fn while_a_side_is_unreachable_nothing_is_restarted_or_given_up() {
        let mut path = up(true);
        path.handle_state(PeerConnectionState::Failed, at(0));
        path.set_signalling(false, at(1_000));
        assert_eq!(path.poll_timeout(), None);
        assert_eq!(path.handle_timeout(at(100_000)), None);
        path.set_signalling(true, at(100_000));
        assert_eq!(
            path.poll_timeout(),
            Some(at(105_000)),
            "the impolite side restarts first"
        );
        assert_eq!(path.handle_timeout(at(105_000)), Some(PathAction::RestartIce));
        assert_eq!(
            path.handle_timeout(at(130_000)),
            Some(PathAction::GiveUp(CallEndReason::MEDIA_LOST))
        );
    }

    #[test]
    fn a_path_that_the_other_side_has_described_gets_its_time_and_the_first_one_all_of_it() {
        for (polite, next) in [(false, 10_000), (true, 15_000)] {
            let mut path = up(polite);
            path.handle_state(PeerConnectionState::Disconnected, at(0));
            path.on_described(at(20_000));
            assert_eq!(path.poll_timeout(), Some(at(20_000 + next)), "a restart");
            path.on_described(at(49_000));
            assert_eq!(path.poll_timeout(), Some(at(50_000)), "the end");
            let end = path.handle_timeout(at(50_000));
            assert_eq!(end, Some(PathAction::GiveUp(CallEndReason::MEDIA_LOST)));
        }
        let mut setting_up = MediaPath::new(false, true, at(0));
        setting_up.on_described(at(10_000));
        assert_eq!(
            setting_up.poll_timeout(),
            Some(at(30_000)),
            "set-up has its own time"
        );
    }

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    fn up(polite: bool) -> MediaPath {
        let mut path = MediaPath::new(polite, true, at(0));
        let change = path.handle_state(PeerConnectionState::Connected, at(0));
        assert_eq!(change, PathChange::Up { first: true });
        path
    }
}
