//! How many frames a client may send: some of its own accord, and some for each request that it was sent.

use std::time::Duration;

use openline_protocol::Instant;

/// The answer to a request, and the ping that the client sends after it; one more, since it acknowledges some twice.
const FRAMES_PER_REQUEST: u32 = 3;

/// Fills up by itself, at a steady pace.
#[derive(Debug)]
pub(super) struct Allowance {
    burst: u32,
    /// In which time one frame more is allowed.
    pace: Duration,
    /// What is left of the burst.
    left: u32,
    filled_on: Instant,
    /// What requests earned on top.
    earned: u32,
}

impl Allowance {
    pub(super) fn new(burst: u32, window: Duration, now: Instant) -> Self {
        Self {
            burst,
            pace: (window / burst.max(1)).max(Duration::from_millis(1)),
            left: burst,
            filled_on: now,
            earned: 0,
        }
    }

    /// A request was sent.
    pub(super) fn earn(&mut self) {
        self.earned = self.earned.saturating_add(FRAMES_PER_REQUEST);
    }

    /// Counts a frame; false when it is one too many.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        self.fill(now);
        let purse = if self.earned > 0 {
            &mut self.earned
        } else {
            &mut self.left
        };
        let enough = *purse > 0;
        *purse = purse.saturating_sub(1);
        enough
    }

    fn fill(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.filled_on);
        let frames = u32::try_from(elapsed.as_millis() / self.pace.as_millis()).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(frames).min(self.burst);
        self.filled_on = self.filled_on + self.pace.saturating_mul(frames);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_fills_up_at_its_pace_and_no_further() {
        let mut allowance = Allowance::new(2, Duration::from_secs(10), Instant::from_millis(0));
        let taken = [0, 0, 0, 4_999, 5_000, 5_000, 100_000, 100_000, 100_000]
            .map(|at| allowance.take(Instant::from_millis(at)));
        assert_eq!(taken, [true, true, false, false, true, false, true, true, false]);
    }

    #[test]
    fn what_requests_earn_is_used_first() {
        let now = Instant::from_millis(0);
        let mut allowance = Allowance::new(1, Duration::from_secs(10), now);
        allowance.earn();
        let taken = [(); 5].map(|()| allowance.take(now));
        assert_eq!(taken, [true, true, true, true, false]);
    }
}
