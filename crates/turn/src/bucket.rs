//! How much within a time: a token bucket.

use std::sync::{Mutex, PoisonError};

use openline_protocol::Instant;

/// Bytes that may pass within a second; one second's worth may pass at once.
#[derive(Debug)]
pub(crate) struct Bucket {
    bytes_per_second: u64,
    level: Mutex<Level>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    /// In thousandths of a byte, so that a millisecond counts however low the rate.
    left: u64,
    at: Instant,
}

impl Bucket {
    /// A full bucket; a rate of 0 lets everything pass.
    pub(crate) fn new(bytes_per_second: u64, now: Instant) -> Self {
        let left = bytes_per_second.saturating_mul(1000);
        let level = Mutex::new(Level { left, at: now });
        Self {
            bytes_per_second,
            level,
        }
    }

    /// Takes `bytes` out, if they are there.
    pub(crate) fn take(&self, bytes: usize, now: Instant) -> bool {
        if self.bytes_per_second == 0 {
            return true;
        }
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        level.left = self.left(*level, now);
        level.at = level.at.max(now);
        let wanted = (bytes as u64).saturating_mul(1000);
        let Some(left) = level.left.checked_sub(wanted) else {
            return false;
        };
        level.left = left;
        true
    }

    /// Whether a new one would hold as much.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        let level = *self.level.lock().unwrap_or_else(PoisonError::into_inner);
        self.left(level, now) >= self.full()
    }

    fn left(&self, level: Level, now: Instant) -> u64 {
        let elapsed = now.saturating_duration_since(level.at).as_millis();
        let elapsed = u64::try_from(elapsed).unwrap_or(u64::MAX);
        let brought = elapsed.saturating_mul(self.bytes_per_second);
        level.left.saturating_add(brought).min(self.full())
    }

    const fn full(&self) -> u64 {
        self.bytes_per_second.saturating_mul(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_may_pass_at_once_and_then_as_much_as_time_brings() {
        let at = Instant::from_millis;
        let bucket = Bucket::new(1000, at(0));
        assert!(bucket.take(600, at(0)));
        assert!(!bucket.take(401, at(0)));
        assert!(bucket.take(400, at(0)));
        assert!(!bucket.take(1, at(0)));
        assert!(bucket.take(1, at(1)));
        assert!(!bucket.take(1001, at(60_000)));
        assert!(bucket.take(1000, at(60_000)));
        // A clock that goes back brings nothing.
        assert!(!bucket.take(1, at(59_000)));
        assert!(!bucket.take(1, at(60_000)));
    }

    #[test]
    fn a_rate_of_zero_is_no_limit() {
        let bucket = Bucket::new(0, Instant::default());
        assert!((0..1000).all(|_| bucket.take(1 << 20, Instant::default())));
    }
}
