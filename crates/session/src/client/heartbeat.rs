//! Whether the path is alive.
//!
//! Silence counts from an unanswered ping, not from the last frame: timers of hidden pages fire once a minute, and
//! a page that slept must ask before it takes its socket for dead.

use std::time::Duration;

use openline_protocol::Instant;

/// How long the answer to a ping may take after a hint that the network changed.
const HINT_PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    last_sent: Instant,
    last_heard: Instant,
    /// By when something must be heard, once a ping is out.
    answer_due: Option<Instant>,
    next_id: u64,
}

/// What a look at the clock found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pulse {
    /// Nothing to do yet.
    Calm,
    /// Send a ping with this id.
    Ping(u64),
    /// Nothing came back in time.
    Dead,
}

impl Heartbeat {
    pub(super) const fn new(interval: Duration, now: Instant) -> Self {
        Self {
            interval,
            last_sent: now,
            last_heard: now,
            answer_due: None,
            next_id: 1,
        }
    }

    pub(super) const fn sent(&mut self, now: Instant) {
        self.last_sent = now;
    }

    pub(super) const fn heard(&mut self, now: Instant) {
        self.last_heard = now;
        self.answer_due = None;
    }

    pub(super) fn due(&self) -> Instant {
        self.answer_due
            .map_or_else(|| self.ping_due(), |answer| answer.min(self.ping_due()))
    }

    pub(super) fn check(&mut self, now: Instant) -> Pulse {
        if self.answer_due.is_some_and(|due| due <= now) {
            return Pulse::Dead;
        }
        if self.ping_due() > now {
            return Pulse::Calm;
        }
        // One and a half intervals after a ping at one: two and a half of silence in all.
        Pulse::Ping(self.ping(now, self.interval * 3 / 2))
    }

    /// Asks at once, unless an answer is due soon anyway.
    pub(super) fn probe(&mut self, now: Instant) -> Option<u64> {
        self.answer_due
            .is_none_or(|due| due > now + HINT_PATIENCE)
            .then(|| self.ping(now, HINT_PATIENCE))
    }

    fn ping_due(&self) -> Instant {
        let sent = self.last_sent + self.interval;
        if self.answer_due.is_some() {
            sent
        } else {
            sent.min(self.last_heard + self.interval)
        }
    }

    fn ping(&mut self, now: Instant, patience: Duration) -> u64 {
        let due = now + patience;
        self.answer_due = Some(self.answer_due.map_or(due, |earlier| earlier.min(due)));
        self.last_sent = now;
        let id = self.next_id;
        self.next_id += 1;
        id
    }
}
