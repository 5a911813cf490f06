//! What waits for one socket: bounded, and never waited for by whoever writes.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::extract::ws::Message;
use openline_protocol::realtime::CloseCode;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Frames that may wait.
const MAX_FRAMES: usize = 1024;

/// Bytes that may wait.
const MAX_BYTES: usize = 1024 * 1024;

/// A replay waits until less than this is queued, so that it never overflows a client that reads.
const REPLAY_FRAMES: usize = MAX_FRAMES / 8;
const REPLAY_BYTES: usize = MAX_BYTES / 4;

/// Frames handed to the socket at once.
const BATCH: usize = 32;

/// The queue between everybody who writes to a socket and the task that does. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Outbound {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    filled: Notify,
    drained: Notify,
    closing: CancellationToken,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<Waiting>,
    /// Of those, what counts against the limits.
    counted: usize,
    bytes: usize,
    close: Option<CloseCode>,
    close_taken: bool,
}

#[derive(Debug)]
struct Waiting {
    message: Message,
    /// 0: what a resume repeats is bounded elsewhere.
    bytes: usize,
}

/// The socket is closing, maybe because of this very frame. It was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closing;

/// What the writer does next.
#[derive(Debug)]
pub(super) enum Next {
    Frames(Vec<Message>),
    Close(CloseCode),
}

impl Outbound {
    /// Queues a frame. Where there is no room the client does not read: everything is dropped, and the socket closes
    /// with 4430.
    pub(super) fn push(&self, message: Message) -> Result<(), Closing> {
        let bytes = size_of(&message).max(1);
        let mut state = self.state();
        if state.close.is_some() {
            return Err(Closing);
        }
        if state.counted >= MAX_FRAMES || state.bytes + bytes > MAX_BYTES {
            state.frames.clear();
            state.close = Some(CloseCode::SlowConsumer);
            drop(state);
            self.wake_for_close();
            return Err(Closing);
        }
        state.counted += 1;
        state.bytes += bytes;
        state.frames.push_back(Waiting { message, bytes });
        drop(state);
        self.shared.filled.notify_one();
        Ok(())
    }

    /// Queues a frame that a resume repeats. There are 512 of them at most, of 1 MiB in all.
    pub(super) fn push_repeated(&self, message: Message) {
        let mut state = self.state();
        if state.close.is_none() {
            state.frames.push_back(Waiting { message, bytes: 0 });
            drop(state);
            self.shared.filled.notify_one();
        }
    }

    /// Closes once what waits is sent. The first code counts.
    pub(super) fn close(&self, code: CloseCode) {
        let mut state = self.state();
        state.close.get_or_insert(code);
        drop(state);
        self.wake_for_close();
    }

    /// Resolves once the socket closes; at once if it does already.
    pub(super) async fn closing(&self) {
        self.shared.closing.cancelled().await;
    }

    /// With which code it closes, if it does.
    pub(super) fn close_code(&self) -> Option<CloseCode> {
        self.state().close
    }

    /// Resolves once little waits, or the socket closes.
    pub(super) async fn room(&self) {
        loop {
            let drained = self.shared.drained.notified();
            {
                let state = self.state();
                let little = state.counted < REPLAY_FRAMES && state.bytes < REPLAY_BYTES;
                if little || state.close.is_some() {
                    return;
                }
            }
            drained.await;
        }
    }

    /// What to write next; `None` after the close.
    pub(super) async fn next(&self) -> Option<Next> {
        loop {
            {
                let mut state = self.state();
                if !state.frames.is_empty() {
                    return Some(Next::Frames(state.take_batch()));
                }
                if let Some(code) = state.close {
                    let first = !std::mem::replace(&mut state.close_taken, true);
                    return first.then_some(Next::Close(code));
                }
            }
            self.shared.filled.notified().await;
        }
    }

    /// A batch is on the wire, or in the socket's own buffer.
    pub(super) fn written(&self) {
        self.shared.drained.notify_waiters();
    }

    fn wake_for_close(&self) {
        self.shared.closing.cancel();
        self.shared.filled.notify_one();
        self.shared.drained.notify_waiters();
    }

    /// Nothing panics between lock and unlock, so a poisoned lock is used on.
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take_batch(&mut self) -> Vec<Message> {
        let count = self.frames.len().min(BATCH);
        let mut batch = Vec::with_capacity(count);
        for Waiting { message, bytes } in self.frames.drain(..count) {
            self.counted -= usize::from(bytes > 0);
            self.bytes -= bytes;
            batch.push(message);
        }
        batch
    }
}

fn size_of(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_waits_is_sent_before_the_close() {
        let outbound = Outbound::default();
        outbound.push(Message::text("a")).unwrap();
        outbound.close(CloseCode::ServerRestart);
        outbound.close(CloseCode::Normal);
        assert_eq!(outbound.push(Message::text("b")), Err(Closing));
        assert!(matches!(outbound.next().await, Some(Next::Frames(frames)) if frames.len() == 1));
        assert!(matches!(
            outbound.next().await,
            Some(Next::Close(CloseCode::ServerRestart))
        ));
        assert!(outbound.next().await.is_none());
    }

    #[tokio::test]
    async fn too_many_frames_close_with_slow_consumer_and_drop_what_waits() {
        let outbound = Outbound::default();
        for _ in 0..MAX_FRAMES {
            outbound.push(Message::text("a")).unwrap();
        }
        assert_eq!(outbound.push(Message::text("a")), Err(Closing));
        assert!(matches!(
            outbound.next().await,
            Some(Next::Close(CloseCode::SlowConsumer))
        ));
    }

    #[test]
    fn too_many_bytes_close_with_slow_consumer() {
        let outbound = Outbound::default();
        let large = "x".repeat(MAX_BYTES / 4);
        for _ in 0..4 {
            outbound.push(Message::text(large.clone())).unwrap();
        }
        assert_eq!(outbound.push(Message::text("a")), Err(Closing));
        assert_eq!(outbound.close_code(), Some(CloseCode::SlowConsumer));
    }

    #[tokio::test]
    async fn room_is_there_again_once_the_writer_took_enough() {
        let outbound = Outbound::default();
        for _ in 0..REPLAY_FRAMES {
            outbound.push(Message::text("a")).unwrap();
        }
        let waiting = tokio::spawn({
            let outbound = outbound.clone();
            async move { outbound.room().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(outbound.next().await);
        outbound.written();
        waiting.await.unwrap();
    }
}
