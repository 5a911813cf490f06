//! The machine's clock, which can be put forward.

use std::time::Duration;

use futures::future::BoxFuture;
use openline_protocol::{Instant, Timestamp};
use openline_server::clock::{Clock, SystemClock};
use tokio::sync::watch;

/// The machine's clock and a shift.
#[derive(Debug, Default)]
pub(crate) struct ShiftedClock {
    clock: SystemClock,
    shift: watch::Sender<Duration>,
}

impl ShiftedClock {
    /// Puts it forward. Whoever waits for a time that has come by that goes on.
    pub(crate) fn advance(&self, by: Duration) {
        self.shift.send_modify(|shift| *shift += by);
    }

    fn shift(&self) -> Duration {
        *self.shift.borrow()
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        self.clock.now() + self.shift()
    }

    fn monotonic(&self) -> Instant {
        self.clock.monotonic() + self.shift()
    }

    fn reached(&self, at: Instant) -> BoxFuture<'_, ()> {
        let mut shifts = self.shift.subscribe();
        Box::pin(async move {
            loop {
                let left = at.saturating_duration_since(self.monotonic());
                if left.is_zero() {
                    return;
                }
                tokio::select! {
                    () = tokio::time::sleep(left) => {}
                    _ = shifts.changed() => {}
                }
            }
        })
    }
}
