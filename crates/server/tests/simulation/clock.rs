//! Time that stands still until it is moved, and a wall clock that may step back.

use std::sync::atomic::{AtomicU64, Ordering};

use openline_protocol::{Instant, Timestamp};
use openline_server::clock::Clock;

/// Where the wall clock stands when the monotonic one stands at 0.
pub(crate) const START: u64 = 1_700_000_000_000;

pub(crate) struct FakeClock {
    monotonic: AtomicU64,
    wall_offset: AtomicU64,
}

impl FakeClock {
    pub(crate) fn new() -> Self {
        Self {
            monotonic: AtomicU64::new(0),
            wall_offset: AtomicU64::new(START),
        }
    }

    pub(crate) fn set(&self, now: Instant) {
        self.monotonic.store(now.as_millis(), Ordering::SeqCst);
    }

    /// Someone sets the wall clock: `millis` beside the truth.
    pub(crate) fn set_wall(&self, millis: i64) {
        self.wall_offset
            .store(START.saturating_add_signed(millis), Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        let offset = self.wall_offset.load(Ordering::SeqCst);
        Timestamp::from_millis(offset + self.monotonic.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Instant {
        Instant::from_millis(self.monotonic.load(Ordering::SeqCst))
    }
}
