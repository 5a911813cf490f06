//! A clock that moves when told, and what happens on it.

use std::{collections::BTreeMap, time::Duration};

use openline_protocol::Instant;

/// Events in the order of their time, and of their making where the time is the same.
#[derive(Debug)]
pub struct Schedule<E> {
    now: Instant,
    made: u64,
    events: BTreeMap<(Instant, u64), E>,
}

impl<E> Schedule<E> {
    /// An empty schedule whose clock stands at `now`.
    #[must_use]
    pub const fn new(now: Instant) -> Self {
        Self {
            now,
            made: 0,
            events: BTreeMap::new(),
        }
    }

    /// What the clock says.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// Lets `event` happen `delay` from now.
    pub fn after(&mut self, delay: Duration, event: E) {
        self.made += 1;
        self.events.insert((self.now + delay, self.made), event);
    }

    /// When the next event happens.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        self.events.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next event if it is due.
    pub fn take_due(&mut self) -> Option<E> {
        let entry = self.events.first_entry()?;
        (entry.key().0 <= self.now).then(|| entry.remove())
    }

    /// Moves the clock to `to`; never back.
    pub fn advance(&mut self, to: Instant) {
        self.now = self.now.max(to);
    }
}
