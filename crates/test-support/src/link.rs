//! One direction of a session's connection: delayed, ordered, and resumed after a break without loss or repeat.

use std::{collections::VecDeque, time::Duration};

use openline_protocol::Instant;

/// Messages under way. What a break catches arrives after the resume, in order: that is what the session layer does.
#[derive(Debug)]
pub struct Link<T> {
    /// With the time of arrival.
    messages: VecDeque<(Instant, T)>,
    up: bool,
}

impl<T> Link<T> {
    /// An empty link that is up.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            messages: VecDeque::new(),
            up: true,
        }
    }

    /// Sends; the message arrives after `delay`, and not before what was sent earlier.
    pub fn push(&mut self, message: T, now: Instant, delay: Duration) {
        let earliest = self.messages.back().map_or(now, |(at, _)| *at);
        self.messages.push_back((earliest.max(now + delay), message));
    }

    /// Of the two that were sent last, the later one arrives first: what no session does.
    pub fn overtake(&mut self) {
        let last = self.messages.len();
        if last >= 2 {
            let ([.., (_, earlier)], [(_, later), ..]) =
                self.messages.make_contiguous().split_at_mut(last - 1)
            else {
                return;
            };
            core::mem::swap(earlier, later);
        }
    }

    /// When the next message arrives; `None` while the link is cut.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        self.messages.front().filter(|_| self.up).map(|(at, _)| *at)
    }

    /// Takes the next message if it has arrived.
    pub fn take_due(&mut self, now: Instant) -> Option<T> {
        self.next_at().filter(|at| *at <= now)?;
        self.messages.pop_front().map(|(_, message)| message)
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Breaks: nothing arrives from here on, what is sent waits.
    pub fn cut(&mut self) {
        self.up = false;
    }

    /// Goes on: what waits is sent again.
    pub fn resume(&mut self, now: Instant, delay: Duration) {
        self.up = true;
        for (at, _) in &mut self.messages {
            *at = (*at).max(now + delay);
        }
    }

    /// A new session: what was under way is lost.
    pub fn reset(&mut self) {
        self.messages.clear();
        self.up = true;
    }
}

impl<T> Default for Link<T> {
    fn default() -> Self {
        Self::new()
    }
}
