//! What waits for one subscriber: a bounded queue that forgets all of its content when it is full, and says so.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::{BusItem, Message};

/// Messages that may wait for one subscriber.
pub const MAX_QUEUED_MESSAGES: usize = 1024;

/// Bytes that may wait for one subscriber.
pub const MAX_QUEUED_BYTES: usize = 1024 * 1024;

/// The queue between the bus and a subscription.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    /// Holds a permit from a push until somebody waits for it.
    pub(super) filled: Notify,
}

#[derive(Debug)]
struct State<T> {
    messages: VecDeque<T>,
    bytes: usize,
    lagged: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        let state = State {
            messages: VecDeque::new(),
            bytes: 0,
            lagged: false,
        };
        Self {
            state: Mutex::new(state),
            filled: Notify::new(),
        }
    }
}

impl<T: Message> Queue<T> {
    /// Adds a message, or drops everything and marks the lag where there is no room. After a lag nothing is queued
    /// until the subscriber has seen it: it would follow a gap.
    pub(super) fn push(&self, message: T) {
        let mut state = self.state();
        if state.lagged {
            return;
        }
        let bytes = state.bytes + message.size_bytes();
        if state.messages.len() >= MAX_QUEUED_MESSAGES || bytes > MAX_QUEUED_BYTES {
            *state = State {
                messages: VecDeque::new(),
                bytes: 0,
                lagged: true,
            };
            metrics::counter!("openline_bus_lags_total", "kind" => T::KIND).increment(1);
        } else {
            state.bytes = bytes;
            state.messages.push_back(message);
        }
        drop(state);
        self.filled.notify_one();
    }

    pub(super) fn pop(&self) -> Option<BusItem<T>> {
        let mut state = self.state();
        if std::mem::take(&mut state.lagged) {
            return Some(BusItem::Lagged);
        }
        let message = state.messages.pop_front()?;
        state.bytes -= message.size_bytes();
        Some(BusItem::Message(message))
    }

    /// A panic between lock and unlock leaves nothing half done here, so a poisoned lock is used on.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
