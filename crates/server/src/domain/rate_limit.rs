//! Limits on how often something is done, per resource or per user, in fixed windows.

use std::{hash::Hash, sync::Mutex, time::Duration};

use moka::sync::Cache;
use openline_protocol::Instant;

use super::DomainError;

/// Keys remembered at most. Beyond that the least used are forgotten, which errs on the side of allowing.
const MAX_KEYS: u64 = 100_000;

/// So many per window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// How many are allowed within the window; 0 means no limit.
    pub count: u32,
    /// The window.
    pub window: Duration,
}

#[derive(Debug)]
struct Window {
    began: Instant,
    used: u32,
}

/// Counts by key. Cheap to clone; clones share the counts.
#[derive(Debug, Clone)]
pub struct RateLimiter<K: Hash + Eq + Send + Sync + 'static> {
    windows: Cache<K, std::sync::Arc<Mutex<Window>>>,
}

impl<K: Hash + Eq + Send + Sync + 'static> RateLimiter<K> {
    /// A limiter whose keys are forgotten after `longest_window` without use.
    #[must_use]
    pub fn new(longest_window: Duration) -> Self {
        Self {
            windows: Cache::builder()
                .max_capacity(MAX_KEYS)
                .time_to_idle(longest_window)
                .build(),
        }
    }

    /// Counts one use of `key`.
    ///
    /// # Errors
    ///
    /// [`DomainError::TooManyRequests`] if the window is used up, with the time until the next one.
    pub fn check(&self, key: K, limit: RateLimit, now: Instant) -> Result<(), DomainError> {
        if limit.count == 0 {
            return Ok(());
        }
        let window = self.windows.get_with(key, || {
            std::sync::Arc::new(Mutex::new(Window { began: now, used: 0 }))
        });
        let mut window = window.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let elapsed = now.saturating_duration_since(window.began);
        if elapsed >= limit.window {
            *window = Window { began: now, used: 0 };
        }
        if window.used >= limit.count {
            return Err(DomainError::TooManyRequests {
                retry_after: limit.window.saturating_sub(elapsed),
            });
        }
        window.used += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateLimit = RateLimit {
        count: 2,
        window: Duration::from_secs(30),
    };

    fn at(seconds: u64) -> Instant {
        Instant::from_millis(seconds * 1000)
    }

    #[test]
    fn the_next_use_in_a_full_window_is_refused_with_the_time_left() {
        let limiter = RateLimiter::new(LIMIT.window);
        assert!(limiter.check("a", LIMIT, at(0)).is_ok());
        assert!(limiter.check("a", LIMIT, at(10)).is_ok());
        let refused = limiter.check("a", LIMIT, at(10));
        assert!(matches!(
            refused,
            Err(DomainError::TooManyRequests { retry_after }) if retry_after == Duration::from_secs(20)
        ));
        assert!(limiter.check("b", LIMIT, at(10)).is_ok());
    }

    #[test]
    fn a_new_window_starts_empty() {
        let limiter = RateLimiter::new(LIMIT.window);
        assert!(limiter.check("a", LIMIT, at(0)).is_ok());
        assert!(limiter.check("a", LIMIT, at(0)).is_ok());
        assert!(limiter.check("a", LIMIT, at(30)).is_ok());
    }
}
