//! The receiving end of the bus.

use std::{fmt, sync::Arc};

use super::{Message, queue::Queue};

/// What a subscriber receives.
#[derive(Debug, Clone)]
pub enum BusItem<T> {
    /// The next message.
    Message(T),
    /// Messages are missing here, nobody knows how many: do what the kind of message asks for, see [`super`].
    Lagged,
}

/// What is published for one subject, from the moment it was made. Dropping it ends the subscription.
pub struct Subscription<T> {
    queue: Arc<Queue<T>>,
    _registration: Registration,
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl<T: Message> Subscription<T> {
    /// A subscription fed through `queue`; `unsubscribe` runs when it is dropped.
    pub(super) fn new(queue: Arc<Queue<T>>, unsubscribe: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self {
            queue,
            _registration: Registration(Some(Box::new(unsubscribe))),
        }
    }

    /// The next item; waits where there is none. Nothing is lost when the future is dropped.
    pub async fn recv(&mut self) -> BusItem<T> {
        loop {
            if let Some(item) = self.queue.pop() {
                return item;
            }
            self.queue.filled.notified().await;
        }
    }

    /// The next item, if one waits.
    pub fn try_recv(&mut self) -> Option<BusItem<T>> {
        self.queue.pop()
    }

    /// For a task that waits on behalf of whoever holds the subscription behind a lock. It does not keep the
    /// subscription alive.
    #[must_use]
    pub fn arrivals(&self) -> Arrivals<T> {
        Arrivals(Arc::clone(&self.queue))
    }
}

/// Says when something was queued in a [`Subscription`].
pub struct Arrivals<T>(Arc<Queue<T>>);

impl<T> fmt::Debug for Arrivals<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrivals").finish_non_exhaustive()
    }
}

impl<T: Message> Arrivals<T> {
    /// Resolves once something was queued since it last resolved. It may have been taken meanwhile.
    pub async fn wait(&self) {
        self.0.filled.notified().await;
    }
}

struct Registration(Option<Box<dyn FnOnce() + Send + Sync>>);

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(unsubscribe) = self.0.take() {
            unsubscribe();
        }
    }
}
