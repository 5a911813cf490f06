//! How often a client tells that its user types.

use openline_protocol::Instant;

use crate::limits::TYPING_INTERVAL;

/// Lets one typing notification through per interval of 8 seconds. One per thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypingThrottle {
    last_sent: Option<Instant>,
}

impl TypingThrottle {
    /// A throttle that lets the first notification through.
    #[must_use]
    pub const fn new() -> Self {
        Self { last_sent: None }
    }

    /// Whether a notification goes out now. If so, the interval starts here.
    pub fn handle_typing(&mut self, now: Instant) -> bool {
        let due = self
            .last_sent
            .is_none_or(|last| now.saturating_duration_since(last) >= TYPING_INTERVAL);
        if due {
            self.last_sent = Some(now);
        }
        due
    }

    /// The notification that was let through did not arrive: the next one may go out at once.
    pub const fn handle_failed(&mut self) {
        self.last_sent = None;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn one_notification_goes_out_per_eight_seconds() {
        let mut throttle = TypingThrottle::new();
        let start = Instant::from_millis(5);
        assert!(throttle.handle_typing(start));
        assert!(!throttle.handle_typing(start));
        assert!(!throttle.handle_typing(start + Duration::from_millis(7_999)));
        assert!(throttle.handle_typing(start + Duration::from_secs(8)));
        assert!(!throttle.handle_typing(start + Duration::from_secs(9)));
    }

    #[test]
    fn a_failed_notification_does_not_count() {
        let mut throttle = TypingThrottle::new();
        assert!(throttle.handle_typing(Instant::from_millis(0)));
        throttle.handle_failed();
        assert!(throttle.handle_typing(Instant::from_millis(1)));
    }
}
