//! When to refresh ahead of time, and when to try again.

use std::time::Duration;

use openline_protocol::Timestamp;

use crate::AccessToken;

/// A token with less than this left is refreshed ahead of time.
pub const REFRESH_WINDOW: Duration = Duration::from_secs(600);

/// A token with less than this left is taken for expired: clocks differ, and requests take time.
pub const EXPIRY_MARGIN: Duration = Duration::from_secs(5);

/// The longest time a browser's timer can run, 2^31 - 1 ms; a longer one would fire at once.
pub const MAX_TIMER: Duration = Duration::from_millis(2_147_483_647);

/// Between two proactive refreshes at least; halving what is left would never end.
const MIN_REFRESH_DELAY: Duration = Duration::from_secs(1);

const FIRST_RETRY_DELAY: Duration = Duration::from_secs(1);
pub(super) const MAX_RETRY_DELAY: Duration = Duration::from_secs(60);

/// When the token is refreshed ahead of time: when the window begins, or, inside it, after half of what is
/// left, so that attempts get denser towards the end. At once where there is no token, or it is over.
pub(super) fn refresh_due(token: Option<&AccessToken>, now: Timestamp) -> Timestamp {
    let Some(token) = token.filter(|token| !token.has_expired(now)) else {
        return now;
    };
    let left = token.expires_on.saturating_duration_since(now);
    match left.checked_sub(REFRESH_WINDOW) {
        Some(before_window) if !before_window.is_zero() => now + before_window,
        _ => now + (left / 2).max(MIN_REFRESH_DELAY),
    }
}

/// How long to wait after the refresh that followed `failures` others failed: doubling from 1 s up to 60 s, of
/// which `jitter` takes away up to half.
pub(super) fn retry_delay(failures: u32, jitter: f64) -> Duration {
    let full = FIRST_RETRY_DELAY
        .saturating_mul(2_u32.saturating_pow(failures))
        .min(MAX_RETRY_DELAY);
    let jitter = if (0.0..1.0).contains(&jitter) { jitter } else { 0.0 };
    full.mul_f64(1.0 - jitter / 2.0)
}

/// How long the token stands that comes in place of a refused one, after `refusals` others. Not at all at first, as
/// tokens may be revoked while one is fetched; then as long as between retries.
pub(super) fn replacement_delay(refusals: u32) -> Duration {
    match refusals.checked_sub(1) {
        Some(further) => retry_delay(further, 0.0),
        None => Duration::ZERO,
    }
}
