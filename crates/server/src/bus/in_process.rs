//! The bus of a server that is one process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use openline_protocol::{RawId, ResourceId};

use super::{
    EventBus, Publication,
    subscription::{Queue, Subscription},
};

/// Hands publications over within this process.
#[derive(Debug, Clone, Default)]
pub struct InProcessBus {
    queues: Arc<Mutex<Queues>>,
}

type Queues = HashMap<ResourceId, HashMap<RawId, Vec<Arc<Queue>>>>;

impl InProcessBus {
    /// A bus without subscriptions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl EventBus for InProcessBus {
    fn publish(&self, publication: &Publication) {
        let queues = lock(&self.queues);
        let Some(of_resource) = queues.get(&publication.resource) else {
            return;
        };
        for recipient in &publication.recipients {
            for queue in of_resource.get(recipient).into_iter().flatten() {
                queue.push(&publication.event);
            }
        }
    }

    fn subscribe(&self, resource: &ResourceId, raw_id: &RawId) -> Subscription {
        let queue = Arc::<Queue>::default();
        lock(&self.queues)
            .entry(resource.clone())
            .or_default()
            .entry(raw_id.clone())
            .or_default()
            .push(Arc::clone(&queue));
        let registration = Registration {
            queues: Arc::clone(&self.queues),
            resource: resource.clone(),
            raw_id: raw_id.clone(),
            queue: Arc::clone(&queue),
        };
        Subscription::new(queue, registration)
    }
}

/// Takes its queue off the bus when dropped.
struct Registration {
    queues: Arc<Mutex<Queues>>,
    resource: ResourceId,
    raw_id: RawId,
    queue: Arc<Queue>,
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut queues = lock(&self.queues);
        let Some(of_resource) = queues.get_mut(&self.resource) else {
            return;
        };
        if let Some(of_identity) = of_resource.get_mut(&self.raw_id) {
            of_identity.retain(|queue| !Arc::ptr_eq(queue, &self.queue));
            if of_identity.is_empty() {
                of_resource.remove(&self.raw_id);
            }
        }
        if of_resource.is_empty() {
            queues.remove(&self.resource);
        }
    }
}

/// Nothing panics while the map is half changed, so a poisoned lock is used on.
fn lock(queues: &Mutex<Queues>) -> MutexGuard<'_, Queues> {
    queues.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::{BusEvent, BusItem, MAX_QUEUED_EVENTS};

    fn publication(recipients: &[&str], position: u64) -> Publication {
        Publication {
            resource: ResourceId::new("r"),
            recipients: recipients.iter().map(|raw_id| RawId::new(*raw_id)).collect(),
            event: BusEvent {
                position: Some(position),
                frame: format!("frame {position}").into(),
            },
        }
    }

    fn position(item: Option<BusItem>) -> Option<u64> {
        match item {
            Some(BusItem::Event(event)) => event.position,
            Some(BusItem::Lagged) | None => None,
        }
    }

    #[tokio::test]
    async fn every_socket_of_a_recipient_gets_the_event_and_nobody_else() {
        let bus = InProcessBus::new();
        let subscribe =
            |resource: &str, raw_id: &str| bus.subscribe(&ResourceId::new(resource), &RawId::new(raw_id));
        let (mut first, mut second) = (subscribe("r", "ann"), subscribe("r", "ann"));
        let (mut other, mut foreign) = (subscribe("r", "bob"), subscribe("s", "ann"));
        bus.publish(&publication(&["ann", "offline"], 1));
        assert_eq!(position(Some(first.recv().await)), Some(1));
        assert_eq!(position(Some(second.recv().await)), Some(1));
        assert!(other.try_recv().is_none() && foreign.try_recv().is_none());
    }

    #[tokio::test]
    async fn a_subscriber_that_does_not_read_lags_and_then_goes_on() {
        let bus = InProcessBus::new();
        let mut subscription = bus.subscribe(&ResourceId::new("r"), &RawId::new("ann"));
        let full = u64::try_from(MAX_QUEUED_EVENTS).unwrap();
        for at in 1..=full + 5 {
            bus.publish(&publication(&["ann"], at));
        }
        assert!(matches!(subscription.recv().await, BusItem::Lagged));
        assert!(subscription.try_recv().is_none());
        bus.publish(&publication(&["ann"], full + 6));
        assert_eq!(position(Some(subscription.recv().await)), Some(full + 6));
    }

    #[test]
    fn a_dropped_subscription_leaves_nothing_behind() {
        let bus = InProcessBus::new();
        drop(bus.subscribe(&ResourceId::new("r"), &RawId::new("ann")));
        assert!(lock(&bus.queues).is_empty());
    }
}
