//! The client's half of the event log: each event is handed on once, those of a thread in order.
//!
//! The cursor is the position of the newest event that was handed on; the next socket goes on from there. Within a
//! thread the events are numbered, so that one that went missing on the way shows: the log is read again from the
//! thread's last event on. A gap that is still there afterwards is none, see docs/protocol.md.

/// Threads whose numbers are kept, those with the latest events. A gap in any other goes unnoticed.
const MAX_THREADS: usize = 1_024;

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// Hand it on.
    New,
    /// It was handed on before, or will come again.
    Dropped,
    /// It will come again once the log was read from this position on: subscribe there.
    Gap(u64),
}

/// Where an event stands, and where its thread stands by the last one that was handed on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) position: u64,
    /// The thread and the event's number in it, where the event says so.
    pub(super) in_thread: Option<(u64, u64)>,
}

#[derive(Debug)]
struct Thread {
    key: u64,
    sequence: u64,
    position: u64,
}

/// Drops what was handed on before, notices what is missing, and remembers where to go on.
#[derive(Debug, Default)]
pub(super) struct ChatFeed {
    cursor: Option<u64>,
    /// The latest last.
    threads: Vec<Thread>,
    /// Answers to `subscribe` that are on their way. What comes before them comes again after them.
    awaited: u32,
    /// What was read again last: from a position on, and through which one at least.
    read_again: (u64, u64),
}

impl ChatFeed {
    /// A feed that goes on after `cursor`; `None` starts with what happens from now on.
    pub(super) fn new(cursor: Option<u64>) -> Self {
        Self {
            cursor,
            ..Self::default()
        }
    }

    pub(super) const fn cursor(&self) -> Option<u64> {
        self.cursor
    }

    /// What was asked on the last socket is not answered any more.
    pub(super) const fn socket_opened(&mut self) {
        self.awaited = 0;
    }

    /// A `subscribe` goes out. Each one is answered.
    pub(super) const fn subscribing(&mut self) {
        self.awaited += 1;
    }

    /// A `subscribed` arrived.
    pub(super) fn subscribed(&mut self, cursor: Option<u64>, expired: bool) {
        self.awaited = self.awaited.saturating_sub(1);
        if expired {
            // The server's word counts even where it is lower: its log may have been replaced.
            *self = Self {
                cursor: cursor.or(self.cursor),
                awaited: self.awaited,
                ..Self::default()
            };
        } else {
            self.cursor = self.cursor.max(cursor);
        }
    }

    /// An event that is kept arrived.
    pub(super) fn event(&mut self, place: Place) -> Arrival {
        let Place { position, in_thread } = place;
        if self.awaited > 0 {
            self.read_again.1 = self.read_again.1.max(position);
            return Arrival::Dropped;
        }
        let known = in_thread.and_then(|(key, _)| self.threads.iter().position(|thread| thread.key == key));
        if let (Some(index), Some((_, sequence))) = (known, in_thread) {
            let thread = &self.threads[index];
            if sequence <= thread.sequence {
                return Arrival::Dropped;
            }
            let (from, through) = self.read_again;
            let was_read_again = from <= thread.position && position <= through;
            if sequence > thread.sequence + 1 && !was_read_again {
                self.read_again = (thread.position, position);
                return Arrival::Gap(thread.position);
            }
            self.threads.remove(index);
        } else if self.cursor.is_some_and(|cursor| position <= cursor) {
            return Arrival::Dropped;
        }
        if let Some((key, sequence)) = in_thread {
            if self.threads.len() == MAX_THREADS {
                self.threads.remove(0);
            }
            self.threads.push(Thread {
                key,
                sequence,
                position,
            });
        }
        self.cursor = self.cursor.max(Some(position));
        Arrival::New
    }
}

#[cfg(test)]
mod tests;
