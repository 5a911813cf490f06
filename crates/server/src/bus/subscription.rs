//! What waits for one socket: a bounded queue that forgets all of its content when it is full, and says so.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use super::Frame;

/// Events that may wait for one subscriber.
pub const MAX_QUEUED_EVENTS: usize = 1024;

/// Bytes that may wait for one subscriber.
pub const MAX_QUEUED_BYTES: usize = 1024 * 1024;

/// A frame to send as it is.
#[derive(Clone)]
pub struct BusEvent {
    /// Its place in the resource's log; `None` for what is not kept.
    pub position: Option<u64>,
    /// The serialised `event` frame. Cloning it shares the bytes.
    pub frame: Frame,
}

/// Without the frame: it holds what people wrote.
impl fmt::Debug for BusEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusEvent")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// What a subscriber receives.
#[derive(Debug, Clone)]
pub enum BusItem {
    /// Something happened.
    Event(BusEvent),
    /// So much happened that it was dropped: read the log from the cursor.
    Lagged,
}

/// The receiving end of the bus for one socket. Dropping it ends the subscription.
pub struct Subscription {
    queue: Arc<Queue>,
    _registration: Box<dyn Send + Sync>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl Subscription {
    /// A subscription fed through `queue`; `registration` is dropped with it.
    pub(super) fn new(queue: Arc<Queue>, registration: impl Send + Sync + 'static) -> Self {
        Self {
            queue,
            _registration: Box::new(registration),
        }
    }

    /// The next item; waits where there is none. Nothing is lost when the future is dropped.
    pub async fn recv(&mut self) -> BusItem {
        loop {
            if let Some(item) = self.queue.pop() {
                return item;
            }
            self.queue.ready.notified().await;
        }
    }

    /// The next item, if one waits.
    pub fn try_recv(&mut self) -> Option<BusItem> {
        self.queue.pop()
    }
}

/// The queue between the bus and a subscription.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    ready: Notify,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<BusEvent>,
    bytes: usize,
    lagged: bool,
}

impl Queue {
    /// Adds an event, or drops everything and marks the lag where there is no room. After a lag nothing is
    /// queued until the subscriber has seen it: it would be out of order.
    pub(super) fn push(&self, event: &BusEvent) {
        let mut state = self.state();
        if state.lagged {
            return;
        }
        let bytes = state.bytes + event.frame.len();
        if state.events.len() >= MAX_QUEUED_EVENTS || bytes > MAX_QUEUED_BYTES {
            *state = State {
                lagged: true,
                ..State::default()
            };
        } else {
            state.bytes = bytes;
            state.events.push_back(event.clone());
        }
        drop(state);
        self.ready.notify_one();
    }

    fn pop(&self) -> Option<BusItem> {
        let mut state = self.state();
        if std::mem::take(&mut state.lagged) {
            return Some(BusItem::Lagged);
        }
        let event = state.events.pop_front()?;
        state.bytes -= event.frame.len();
        Some(BusItem::Event(event))
    }

    /// A panic between lock and unlock leaves nothing half done here, so a poisoned lock is used on.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
