//! How many frames a socket may send.

use std::{collections::VecDeque, time::Duration};

use openline_protocol::Instant;

/// At most so many within any window of that length.
#[derive(Debug)]
pub(super) struct FrameRate {
    count: usize,
    window: Duration,
    recent: VecDeque<Instant>,
}

impl FrameRate {
    pub(super) const fn new(count: usize, window: Duration) -> Self {
        Self {
            count,
            window,
            recent: VecDeque::new(),
        }
    }

    /// Counts a frame; false when it is one too many.
    pub(super) fn allow(&mut self, now: Instant) -> bool {
        while self
            .recent
            .front()
            .is_some_and(|first| now.saturating_duration_since(*first) >= self.window)
        {
            self.recent.pop_front();
        }
        if self.recent.len() >= self.count {
            return false;
        }
        self.recent.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_window_has_at_most_so_many() {
        let mut rate = FrameRate::new(2, Duration::from_secs(10));
        let allowed =
            [0, 9_000, 9_999, 10_000, 18_999, 19_000].map(|at| rate.allow(Instant::from_millis(at)));
        assert_eq!(allowed, [true, true, false, true, false, true]);
    }
}
