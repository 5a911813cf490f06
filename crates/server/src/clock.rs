//! Time, as a part that tests replace.

use std::time::SystemTime;

use futures::future::BoxFuture;
use openline_protocol::{Instant, Timestamp};

/// Where the server reads time.
pub trait Clock: Send + Sync + 'static {
    /// Wall-clock time: what goes into tokens and rows.
    fn now(&self) -> Timestamp;

    /// Time that only moves forward: what time-outs are measured in.
    fn monotonic(&self) -> Instant;

    /// Resolves once [`Self::monotonic`] has reached `at`. A clock that is put forward resolves it then.
    fn reached(&self, at: Instant) -> BoxFuture<'_, ()> {
        let left = at.saturating_duration_since(self.monotonic());
        Box::pin(tokio::time::sleep(left))
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: std::time::Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            origin: std::time::Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock before 1970 is a machine that never got its time: tokens then fail, which says so.
        let since_epoch = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
    }

    fn monotonic(&self) -> Instant {
        Instant::from_millis(u64::try_from(self.origin.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}
