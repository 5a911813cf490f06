//! What is not settled yet: events that wait, and events that wait for their answer. Bounded; whoever fills it reads
//! on in the log when there is room.

use std::{collections::VecDeque, time::Duration};

use openline_protocol::Instant;

use super::{
    ledger::Ledger,
    output::{Delivered, Full},
};

/// Events that an outbox holds.
pub const MAX_OUTBOX_EVENTS: usize = 128;

/// Bytes that an outbox holds. One event always has room.
pub const MAX_OUTBOX_BYTES: usize = 256 * 1024;

/// Requests that may be unanswered at once.
const MAX_UNANSWERED: usize = 32;

/// Bytes of requests that may be unanswered at once; one request may be larger. The acknowledgement of a ping queues
/// behind them and has 5 s: on a line of 50 kbit/s they take half of that.
const MAX_UNANSWERED_BYTES: usize = 16 * 1024;

/// How far answers may run ahead of one that is missing: what a ledger may have to remember.
const MAX_AHEAD: usize = 256;

/// How many connections may die while an event is the first they wait for, before it is taken for what kills them.
const MAX_DEATHS: u32 = 20;

#[derive(Debug)]
pub(super) struct Outbox {
    entries: VecDeque<Entry>,
    bytes: usize,
    next_request: u64,
    /// Everything up to here was taken in.
    through: u64,
}

struct Entry {
    request_id: u64,
    position: Option<u64>,
    body: String,
    sent_before: bool,
    deaths: u32,
    timed_out: bool,
    /// When, on the connection that is there.
    sent: Option<Instant>,
}

/// Without the body: it holds what people wrote.
impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("request_id", &self.request_id)
            .field("position", &self.position)
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

/// A request to send.
pub(super) struct Due<'a> {
    pub(super) request_id: u64,
    pub(super) body: &'a str,
}

impl Outbox {
    pub(super) const fn new(through: u64) -> Self {
        Self {
            entries: VecDeque::new(),
            bytes: 0,
            next_request: 1,
            through,
        }
    }

    pub(super) const fn through(&self) -> u64 {
        self.through
    }

    /// Whether half of it is free: time to fill it again.
    pub(super) fn has_room(&self) -> bool {
        self.entries.len() <= MAX_OUTBOX_EVENTS / 2 && self.bytes <= MAX_OUTBOX_BYTES / 2
    }

    /// Takes an event in.
    pub(super) fn push(&mut self, position: Option<u64>, body: String) -> Result<(), Full> {
        let bytes = self.bytes + body.len();
        let full = self.entries.len() >= MAX_OUTBOX_EVENTS || bytes > MAX_OUTBOX_BYTES;
        if full && !self.entries.is_empty() {
            return Err(Full);
        }
        self.bytes = bytes;
        self.entries.push_back(Entry {
            request_id: self.next_request,
            position,
            body,
            sent_before: false,
            deaths: 0,
            timed_out: false,
            sent: None,
        });
        self.next_request += 1;
        if let Some(position) = position {
            self.caught_up(position);
        }
        Ok(())
    }

    pub(super) fn caught_up(&mut self, through: u64) {
        self.through = self.through.max(through);
    }

    /// The place before the first event that is not settled.
    pub(super) fn floor(&self) -> u64 {
        let first = self.entries.iter().find_map(|entry| entry.position);
        first.map_or(self.through, |position| position.saturating_sub(1))
    }

    /// The next request to send, which counts as sent.
    pub(super) fn next_due(&mut self, ledger: &Ledger, now: Instant) -> Option<Due<'_>> {
        let (mut unanswered, mut bytes) = (0, 0);
        for entry in self.entries.iter().filter(|entry| entry.sent.is_some()) {
            unanswered += 1;
            bytes += entry.body.len();
        }
        let entry = self.entries.iter_mut().find(|entry| entry.sent.is_none())?;
        let too_many = unanswered >= MAX_UNANSWERED || unanswered + ledger.beyond.len() >= MAX_AHEAD;
        let too_much = unanswered > 0 && bytes + entry.body.len() > MAX_UNANSWERED_BYTES;
        // What was sent before may be what everything else waits for.
        if (too_many && !entry.sent_before) || too_much {
            return None;
        }
        entry.sent_before = true;
        entry.sent = Some(now);
        Some(Due {
            request_id: entry.request_id,
            body: &entry.body,
        })
    }

    /// The client answered. Returns the event's position and how its delivery ended, unless it is to be sent again
    /// or was answered before.
    pub(super) fn answered(&mut self, request_id: u64, status: u16) -> Option<(Option<u64>, Delivered)> {
        let at = self
            .entries
            .iter()
            .position(|entry| entry.request_id == request_id && entry.sent.is_some())?;
        let entry = &mut self.entries[at];
        let delivered = match status {
            200..=299 => Delivered::Taken,
            400..=499 => Delivered::Refused,
            _ if entry.timed_out => Delivered::TimedOut,
            _ => {
                entry.timed_out = true;
                entry.sent = None;
                return None;
            }
        };
        Some((self.remove(at)?.position, delivered))
    }

    /// The connection is gone: what was sent on it waits again. Returns the position of the event that is given up, if
    /// one is.
    pub(super) fn connection_lost(&mut self) -> Option<Option<u64>> {
        let first = self.entries.iter().position(|entry| entry.sent.is_some())?;
        for entry in &mut self.entries {
            entry.sent = None;
        }
        let entry = &mut self.entries[first];
        entry.deaths += 1;
        if entry.deaths < MAX_DEATHS {
            return None;
        }
        self.remove(first).map(|entry| entry.position)
    }

    /// Forgets what is of the moment only.
    pub(super) fn drop_unkept(&mut self) {
        self.entries.retain(|entry| entry.position.is_some());
        self.bytes = self.entries.iter().map(|entry| entry.body.len()).sum();
    }

    /// Starts again after `through`.
    pub(super) fn reset(&mut self, through: u64) {
        self.entries.clear();
        self.bytes = 0;
        self.through = through;
    }

    /// Whether an answer is awaited.
    pub(super) fn has_unanswered(&self) -> bool {
        self.entries.iter().any(|entry| entry.sent.is_some())
    }

    /// When the answer that is missing longest is overdue.
    pub(super) fn overdue(&self, timeout: Duration) -> Option<Instant> {
        let sent = self.entries.iter().filter_map(|entry| entry.sent);
        sent.min().map(|sent| sent + timeout)
    }

    fn remove(&mut self, at: usize) -> Option<Entry> {
        let entry = self.entries.remove(at)?;
        self.bytes -= entry.body.len();
        Some(entry)
    }
}
