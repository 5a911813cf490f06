//! Numbered delivery: what was sent is kept until acknowledged, what was received is handled once.

use std::collections::VecDeque;

use openline_protocol::realtime::limits::MAX_UNACKNOWLEDGED;

/// The sending side of one direction: numbers from 1, keeps each item until it is acknowledged.
#[derive(Debug, Clone)]
pub struct Sender<T> {
    acknowledged: u64,
    waiting: VecDeque<T>,
}

/// [`MAX_UNACKNOWLEDGED`] items wait for an acknowledgement. Nothing was queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{MAX_UNACKNOWLEDGED} items wait for an acknowledgement")]
pub struct QueueFull;

/// The other side acknowledged a number that was never sent: a defect of the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number that was never sent was acknowledged")]
pub struct AckInvalid;

impl<T> Sender<T> {
    /// Nothing sent yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            acknowledged: 0,
            waiting: VecDeque::new(),
        }
    }

    /// Takes an item and gives it its number.
    ///
    /// # Errors
    /// [`QueueFull`] when [`MAX_UNACKNOWLEDGED`] items wait already.
    pub fn push(&mut self, item: T) -> Result<u64, QueueFull> {
        if self.waiting.len() >= MAX_UNACKNOWLEDGED {
            return Err(QueueFull);
        }
        self.waiting.push_back(item);
        Ok(self.last_sent())
    }

    /// Drops everything up to and including `seq`. A number acknowledged before changes nothing.
    ///
    /// # Errors
    /// [`AckInvalid`] when `seq` was never given out.
    pub fn acknowledge(&mut self, seq: u64) -> Result<(), AckInvalid> {
        if seq > self.last_sent() {
            return Err(AckInvalid);
        }
        while self.acknowledged < seq {
            self.waiting.pop_front();
            self.acknowledged += 1;
        }
        Ok(())
    }

    /// What was not acknowledged, in order, with its numbers: this is repeated after a resume.
    pub fn unacknowledged(&self) -> impl Iterator<Item = (u64, &T)> {
        (self.acknowledged + 1..).zip(&self.waiting)
    }

    /// The last number given out; 0: none.
    #[must_use]
    pub fn last_sent(&self) -> u64 {
        self.acknowledged + self.waiting.len() as u64
    }

    /// How many items wait for an acknowledgement.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether everything was acknowledged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl<T> Default for Sender<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// What to do with a received number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// The next one: handle it.
    New,
    /// Handled before: drop it.
    Duplicate,
    /// Numbers are missing before it: a defect of the other side. Nothing was recorded.
    Gap,
}

/// The receiving side of one direction.
#[derive(Debug, Clone, Default)]
pub struct Receiver {
    last: u64,
}

impl Receiver {
    /// Nothing received yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { last: 0 }
    }

    /// Records a number, if it is the next one.
    pub const fn receive(&mut self, seq: u64) -> Received {
        if seq <= self.last {
            Received::Duplicate
        } else if seq - self.last == 1 {
            self.last = seq;
            Received::New
        } else {
            Received::Gap
        }
    }

    /// The last number handled; 0: none. This is what an acknowledgement carries.
    #[must_use]
    pub const fn last(&self) -> u64 {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_numbered_from_one_and_kept_until_acknowledged() {
        let mut sender = Sender::new();
        for item in ["a", "b", "c"] {
            sender.push(item).unwrap();
        }
        sender.acknowledge(1).unwrap();
        assert_eq!(
            sender.unacknowledged().collect::<Vec<_>>(),
            [(2, &"b"), (3, &"c")]
        );
        sender.acknowledge(1).unwrap();
        sender.acknowledge(3).unwrap();
        assert!(sender.is_empty());
        assert_eq!(sender.push("d"), Ok(4));
    }

    #[test]
    fn a_number_never_sent_cannot_be_acknowledged() {
        let mut sender = Sender::new();
        sender.push(()).unwrap();
        assert_eq!(sender.acknowledge(2), Err(AckInvalid));
        assert_eq!(sender.len(), 1);
    }

    #[test]
    fn the_queue_is_bounded() {
        let mut sender = Sender::new();
        for _ in 0..MAX_UNACKNOWLEDGED {
            sender.push(()).unwrap();
        }
        assert_eq!(sender.push(()), Err(QueueFull));
        sender.acknowledge(1).unwrap();
        assert_eq!(sender.push(()), Ok(MAX_UNACKNOWLEDGED as u64 + 1));
    }

    #[test]
    fn a_number_is_handled_once_and_none_is_skipped() {
        let mut receiver = Receiver::new();
        let answers = [1, 1, 2, 4, 3, 2, 4, u64::MAX].map(|seq| receiver.receive(seq));
        use Received::{Duplicate, Gap, New};
        assert_eq!(answers, [New, Duplicate, New, Gap, New, Duplicate, New, Gap]);
        assert_eq!(receiver.last(), 4);
    }
}
