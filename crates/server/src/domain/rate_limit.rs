//! Limits on how often something is done, per resource or per user, in fixed windows.

use std::{
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

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

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Instant,
    used: u32,
}

/// Counts by key, in `N` windows each. Cheap to clone; clones share the counts.
#[derive(Debug, Clone)]
pub struct RateLimiter<K: Hash + Eq + Send + Sync + 'static, const N: usize = 1> {
    windows: Cache<K, Arc<Mutex<[Window; N]>>>,
}

impl<K: Hash + Eq + Send + Sync + 'static, const N: usize> RateLimiter<K, N> {
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

    /// Counts one use of `key` in all windows, or in none.
    ///
    /// # Errors
    ///
    /// [`DomainError::TooManyRequests`] if a window is used up, with the time until none is.
    pub fn check_all(&self, key: K, limits: [RateLimit; N], now: Instant) -> Result<(), DomainError> {
        if limits.iter().all(|limit| limit.count == 0) {
            return Ok(());
        }
        let windows = self
            .windows
            .get_with(key, || Arc::new(Mutex::new([Window { began: now, used: 0 }; N])));
        let mut kept = windows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut windows = *kept;
        let mut retry_after = None;
        for (window, limit) in windows.iter_mut().zip(limits) {
            let elapsed = now.saturating_duration_since(window.began);
            if elapsed >= limit.window {
                *window = Window { began: now, used: 0 };
            } else if limit.count != 0 && window.used >= limit.count {
                retry_after = retry_after.max(Some(limit.window.saturating_sub(elapsed)));
            }
        }
        if let Some(retry_after) = retry_after {
            return Err(DomainError::TooManyRequests { retry_after });
        }
        for window in &mut windows {
            window.used = window.used.saturating_add(1);
        }
        *kept = windows;
        Ok(())
    }
}

impl<K: Hash + Eq + Send + Sync + 'static> RateLimiter<K> {
    /// [`Self::check_all`], of the one window.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn check(&self, key: K, limit: RateLimit, now: Instant) -> Result<(), DomainError> {
        self.check_all(key, [limit], now)
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

    #[test]
    fn of_two_windows_the_fuller_one_decides_and_a_refusal_counts_in_neither() {
        let limits = [
            LIMIT,
            RateLimit {
                count: 3,
                window: Duration::from_secs(100),
            },
        ];
        let limiter = RateLimiter::<_, 2>::new(Duration::from_secs(100));
        let check = |seconds| match limiter.check_all("a", limits, at(seconds)) {
            Ok(()) => 0,
            Err(DomainError::TooManyRequests { retry_after }) => retry_after.as_secs(),
            Err(other) => panic!("{other}"),
        };
        assert_eq!([check(0), check(0)], [0, 0]);
        // The short window refuses; the long one still has a place.
        assert_eq!([check(1), check(29)], [29, 1]);
        assert_eq!(check(30), 0);
        assert_eq!([check(31), check(99)], [69, 1]);
        assert_eq!([check(100), check(100), check(100)], [0, 0, 30]);
    }

    #[test]
    fn a_count_of_zero_is_no_limit_beside_one_that_is() {
        let unlimited = RateLimit { count: 0, ..LIMIT };
        let limiter = RateLimiter::<_, 2>::new(LIMIT.window);
        for _ in 0..100 {
            assert!(limiter.check_all("a", [unlimited, unlimited], at(0)).is_ok());
        }
        let used = [(); 3].map(|()| limiter.check_all("b", [unlimited, LIMIT], at(0)).is_ok());
        assert_eq!(used, [true, true, false]);
    }
}
