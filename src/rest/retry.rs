//! When a request is sent again.

use std::time::Duration;

/// How often and how soon, as the application asks with `retryOptions`.
pub(super) struct RetryPolicy {
    /// Repeats after the first attempt.
    pub(super) max_repeats: u32,
    /// The first back-off; each further one is twice as long.
    pub(super) first_wait: Duration,
    /// The longest wait. Where the server asks for more, the caller is told instead.
    pub(super) max_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_repeats: 3,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(60),
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// The server has no time, and may have said when to come back. Nothing was done.
    Busy(Option<Duration>),
    /// There was no answer, so the request may have had its effect.
    Unreachable,
    /// Well, or badly for good.
    Settled,
}

impl Outcome {
    /// What a status means. 502 and 504 come from proxies that got no answer themselves.
    pub(super) const fn of(status: u16, retry_after: Option<Duration>) -> Self {
        match status {
            429 | 503 => Self::Busy(retry_after),
            502 | 504 => Self::Unreachable,
            _ => Self::Settled,
        }
    }
}

impl RetryPolicy {
    /// How long to wait before the request is sent again; `None`: not at all. One that got no answer is sent again
    /// only if it is idempotent. `jitter` in `[0, 1)` takes away up to half of a back-off, and adds up to a quarter
    /// to what the server said.
    pub(super) fn delay(
        &self,
        outcome: Outcome,
        idempotent: bool,
        attempt: u32,
        jitter: f64,
    ) -> Option<Duration> {
        if attempt >= self.max_repeats {
            return None;
        }
        let factor = 1_u32.checked_shl(attempt).unwrap_or(u32::MAX);
        let back_off = self.first_wait.saturating_mul(factor).min(self.max_wait);
        match outcome {
            Outcome::Busy(Some(wait)) if wait > self.max_wait => None,
            Outcome::Busy(Some(wait)) => Some(scaled(wait, 1.0 + jitter / 4.0)),
            Outcome::Unreachable if !idempotent => None,
            Outcome::Busy(None) | Outcome::Unreachable => Some(scaled(back_off, 1.0 - jitter / 2.0)),
            Outcome::Settled => None,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "minutes in milliseconds are exact"
)]
fn scaled(wait: Duration, factor: f64) -> Duration {
    Duration::from_millis((wait.as_millis() as f64 * factor) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delay(outcome: Outcome, idempotent: bool, attempt: u32, jitter: f64) -> Option<u128> {
        let delay = RetryPolicy::default().delay(outcome, idempotent, attempt, jitter);
        delay.map(|delay| delay.as_millis())
    }

    fn answer(status: u16, retry_after: Option<u64>) -> Outcome {
        Outcome::of(status, retry_after.map(Duration::from_secs))
    }

    #[test]
    fn a_busy_server_says_when_to_come_back() {
        assert_eq!(delay(answer(429, Some(8)), false, 0, 0.0), Some(8_000));
        assert_eq!(delay(answer(429, Some(8)), false, 0, 0.5), Some(9_000));
        assert_eq!(delay(answer(503, None), false, 1, 0.0), Some(1_000));
        assert_eq!(delay(answer(503, Some(3_600)), true, 0, 0.0), None);
    }

    #[test]
    fn other_refusals_are_final() {
        for status in [200, 204, 400, 401, 403, 404, 409, 413, 500] {
            assert_eq!(delay(answer(status, Some(1)), true, 0, 0.0), None);
        }
    }

    #[test]
    fn only_idempotent_requests_are_repeated_after_silence() {
        for silence in [Outcome::Unreachable, answer(502, None), answer(504, None)] {
            assert_eq!(delay(silence, true, 2, 0.5), Some(1_500));
            assert_eq!(delay(silence, false, 0, 0.0), None);
        }
    }

    #[test]
    fn three_repeats_are_enough() {
        assert_eq!(delay(answer(429, Some(1)), true, 3, 0.0), None);
        assert_eq!(delay(Outcome::Unreachable, true, 3, 0.0), None);
    }

    #[test]
    fn an_application_can_ask_for_more_and_a_back_off_stays_within_its_limit() {
        let patient = RetryPolicy {
            max_repeats: 99,
            ..RetryPolicy::default()
        };
        for attempt in [7, 40, 98] {
            let wait = patient.delay(Outcome::Unreachable, true, attempt, 0.0);
            assert_eq!(wait, Some(Duration::from_secs(60)));
        }
    }
}
