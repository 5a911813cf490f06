//! When a request is sent again.

use std::time::Duration;

use crate::browser::fetch::HttpResponse;

/// Repeats after the first attempt.
const MAX_REPEATS: u32 = 3;

/// The longest wait that a server may ask for; beyond it the caller is told instead.
const MAX_WAIT: Duration = Duration::from_secs(60);

const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How an attempt ended, other than well.
pub(super) enum Outcome {
    /// The server answered with an error.
    Refused(HttpResponse),
    /// There was no answer, so the request may have had its effect.
    Unreachable,
}

/// How long to wait before the request is sent again; `None`: not at all. A 429 or 503 means that nothing was
/// done, so any request is repeated, when the server says or with back-off; one that got no answer only if it is
/// idempotent. `jitter` in `[0, 1)` takes away up to half of a back-off.
pub(super) fn retry_delay(
    outcome: &Outcome,
    idempotent: bool,
    attempt: u32,
    jitter: f64,
) -> Option<Duration> {
    if attempt >= MAX_REPEATS {
        return None;
    }
    let back_off = FIRST_WAIT
        .saturating_mul(1 << attempt)
        .mul_f64(1.0 - jitter / 2.0);
    match outcome {
        Outcome::Refused(response) if matches!(response.status, 429 | 503) => {
            Some(response.retry_after.unwrap_or(back_off)).filter(|wait| *wait <= MAX_WAIT)
        }
        Outcome::Refused(_) => None,
        Outcome::Unreachable => idempotent.then_some(back_off),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, retry_after: Option<u64>) -> Outcome {
        let retry_after = retry_after.map(Duration::from_secs);
        Outcome::Refused(HttpResponse {
            status,
            body: String::new(),
            request_id: None,
            retry_after,
        })
    }

    #[test]
    fn a_busy_server_says_when_to_come_back() {
        assert_eq!(
            retry_delay(&refused(429, Some(7)), false, 0, 0.0),
            Some(Duration::from_secs(7))
        );
        assert_eq!(
            retry_delay(&refused(503, None), false, 1, 0.0),
            Some(Duration::from_secs(1))
        );
        assert_eq!(retry_delay(&refused(503, Some(3_600)), true, 0, 0.0), None);
    }

    #[test]
    fn other_refusals_are_final() {
        for status in [400, 401, 403, 404, 409, 413, 500] {
            assert_eq!(retry_delay(&refused(status, Some(1)), true, 0, 0.0), None);
        }
    }

    #[test]
    fn only_idempotent_requests_are_repeated_after_silence() {
        assert_eq!(
            retry_delay(&Outcome::Unreachable, true, 2, 0.5),
            Some(Duration::from_millis(1_500))
        );
        assert_eq!(retry_delay(&Outcome::Unreachable, false, 0, 0.0), None);
    }

    #[test]
    fn three_repeats_are_enough() {
        assert_eq!(retry_delay(&refused(429, Some(1)), true, 3, 0.0), None);
        assert_eq!(retry_delay(&Outcome::Unreachable, true, 3, 0.0), None);
    }
}
