//! What waits for one connection: bounded, and never waited for by whoever writes.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use openline_trouter::CloseReason;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::metrics::count_closed;

/// Frames that may wait. A client that reads has a few: requests unanswered, acknowledgements.
const MAX_FRAMES: usize = 512;

/// Bytes that may wait.
const MAX_BYTES: usize = 1024 * 1024;

/// Frames handed out at once.
const BATCH_FRAMES: usize = 32;

/// Bytes handed out at once; one frame may be larger.
const BATCH_BYTES: usize = 128 * 1024;

/// The queue between an instance and one of its connections. Clones share it.
#[derive(Clone, Default)]
pub(super) struct FrameQueue {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    filled: Notify,
    closing: CancellationToken,
}

#[derive(Default)]
struct State {
    frames: VecDeque<String>,
    bytes: usize,
    closed: Option<CloseReason>,
}

/// Without the frames: they hold what people wrote.
impl fmt::Debug for FrameQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameQueue").finish_non_exhaustive()
    }
}

/// The client does not read. What waited was dropped, the queue is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overflow;

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    Frames(Vec<String>),
    Closed(CloseReason),
}

impl FrameQueue {
    /// Queues a frame, unless the queue is closed.
    pub(super) fn push(&self, frame: String) -> Result<(), Overflow> {
        let mut state = self.state();
        if state.closed.is_some() {
            return Ok(());
        }
        if state.frames.len() >= MAX_FRAMES || state.bytes + frame.len() > MAX_BYTES {
            state.frames.clear();
            state.bytes = 0;
            drop(state);
            self.close(CloseReason::Unread);
            return Err(Overflow);
        }
        state.bytes += frame.len();
        state.frames.push_back(frame);
        drop(state);
        self.shared.filled.notify_one();
        Ok(())
    }

    /// Closes once what waits is taken. The first reason counts.
    pub(super) fn close(&self, reason: CloseReason) {
        let mut state = self.state();
        if state.closed.is_none() {
            state.closed = Some(reason);
            count_closed(reason);
        }
        drop(state);
        self.shared.closing.cancel();
        self.shared.filled.notify_one();
    }

    /// Resolves once the queue is closed; at once if it is already.
    pub(super) async fn closing(&self) {
        self.shared.closing.cancelled().await;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().closed.is_some()
    }

    /// What comes next; waits where there is nothing. Nothing is lost when the future is dropped. For one at a time.
    pub(super) async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.state().take() {
                return next;
            }
            self.shared.filled.notified().await;
        }
    }

    /// Nothing panics between lock and unlock, so a poisoned lock is used on.
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Option<Next> {
        if self.frames.is_empty() {
            return self.closed.map(Next::Closed);
        }
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some(frame) = self.frames.front() {
            if batch.len() >= BATCH_FRAMES || (bytes > 0 && bytes + frame.len() > BATCH_BYTES) {
                break;
            }
            bytes += frame.len();
            batch.extend(self.frames.pop_front());
        }
        self.bytes -= bytes;
        Some(Next::Frames(batch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_waits_is_handed_out_before_the_end() {
        let queue = FrameQueue::default();
        queue.push("a".to_owned()).unwrap();
        queue.close(CloseReason::Left);
        queue.close(CloseReason::Silent);
        queue.push("b".to_owned()).unwrap();
        assert_eq!(queue.next().await, Next::Frames(vec!["a".to_owned()]));
        for _ in 0..2 {
            assert_eq!(queue.next().await, Next::Closed(CloseReason::Left));
        }
    }

    #[tokio::test]
    async fn a_client_that_does_not_read_is_closed_and_nothing_is_kept_for_it() {
        let queue = FrameQueue::default();
        for _ in 0..MAX_FRAMES {
            queue.push("a".to_owned()).unwrap();
        }
        assert_eq!(queue.push("a".to_owned()), Err(Overflow));
        assert_eq!(queue.next().await, Next::Closed(CloseReason::Unread));
        let queue = FrameQueue::default();
        assert_eq!(queue.push("x".repeat(MAX_BYTES + 1)), Err(Overflow));
    }

    #[tokio::test]
    async fn a_large_frame_is_handed_out_alone() {
        let queue = FrameQueue::default();
        let large = "x".repeat(BATCH_BYTES + 1);
        for frame in [&large, "a", "b", &large] {
            queue.push(frame.to_owned()).unwrap();
        }
        let mut counts = Vec::new();
        while counts.iter().sum::<usize>() < 4 {
            let Next::Frames(frames) = queue.next().await else {
                panic!("it is not closed");
            };
            counts.push(frames.len());
        }
        assert_eq!(counts, [1, 2, 1]);
    }
}
