//! How long to wait before the next attempt to connect.

use std::time::Duration;

/// Exponential back-off with full jitter: each delay lies anywhere between 0.3 s and a ceiling that doubles from
/// 1 s to 20 s, so that clients which lost their server together do not return together.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    attempt: u32,
    calm: bool,
}

impl Backoff {
    /// The shortest delay.
    pub const MIN: Duration = Duration::from_millis(300);
    /// The longest delay.
    pub const MAX: Duration = Duration::from_secs(20);
    /// The longest delay while a session can be resumed: a server keeps it for 15 s after a socket that broke, and is
    /// to be tried a few times before that. Not for a server that asked for calm.
    pub const MAX_TO_RESUME: Duration = Duration::from_secs(3);
    const FIRST_CEILING: Duration = Duration::from_secs(1);

    /// The delay before the next attempt, `to_resume` a session or without one; `random` is any number, evenly spread.
    pub fn next_delay(&mut self, to_resume: bool, random: u64) -> Duration {
        let longest = if to_resume && !self.calm {
            Self::MAX_TO_RESUME
        } else {
            Self::MAX
        };
        let factor = 1_u32.checked_shl(self.attempt).unwrap_or(u32::MAX);
        let ceiling = Self::FIRST_CEILING.saturating_mul(factor).min(longest);
        self.attempt = self.attempt.saturating_add(1);
        let span = u64::try_from((ceiling - Self::MIN).as_millis()).unwrap_or(u64::MAX);
        Self::MIN + Duration::from_millis(random % (span + 1))
    }

    /// Skips ahead so that the next ceiling is at least that of `attempt` (from 0): for a server that asked for calm.
    pub fn at_least(&mut self, attempt: u32) {
        self.attempt = self.attempt.max(attempt);
        self.calm = true;
    }

    /// Starts over, once a connection has held.
    pub const fn reset(&mut self) {
        self.attempt = 0;
        self.calm = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_resumed_within_three_seconds_unless_the_server_asked_for_calm() {
        let mut backoff = Backoff::default();
        let longest = |backoff: &mut Backoff| (0..8).map(|_| backoff.next_delay(true, 2_700)).max();
        assert_eq!(longest(&mut backoff), Some(Backoff::MAX_TO_RESUME));
        backoff.at_least(4);
        assert!(
            (0..100).any(|random| backoff.clone().next_delay(true, random * 200) > Backoff::MAX_TO_RESUME)
        );
        backoff.reset();
        assert_eq!(longest(&mut backoff), Some(Backoff::MAX_TO_RESUME));
    }

    #[test]
    fn ceilings_double_from_one_second_to_twenty() {
        let mut backoff = Backoff::default();
        let longest: Vec<_> = [700, 1_700, 3_700, 7_700, 15_700, 19_700, 19_700]
            .map(|span| backoff.next_delay(false, span).as_millis())
            .into();
        assert_eq!(longest, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
    }

    #[test]
    fn every_delay_is_within_bounds_however_many_attempts() {
        let mut backoff = Backoff::default();
        for random in (0..200).map(|step: u64| step.wrapping_mul(0x9e37_79b9_7f4a_7c15)) {
            let delay = backoff.next_delay(false, random);
            assert!((Backoff::MIN..=Backoff::MAX).contains(&delay), "{delay:?}");
        }
        backoff.reset();
        assert_eq!(backoff.next_delay(false, 0), Backoff::MIN);
    }
}
