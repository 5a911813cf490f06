//! The bus of a server that is one process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use openline_protocol::{EndpointId, RawId, ResourceId, realtime::CallNotice};

use super::{BusEvent, EventBus, Publication, Revocation, Subscription, queue::Queue, routes::Routes};

/// Hands publications over within this process. Clones are the same bus.
#[derive(Debug, Clone, Default)]
pub struct InProcessBus {
    shared: Arc<Shared>,
}

/// Messages are queued under the lock of their kind: two of them reach every queue in the same order.
#[derive(Debug, Default)]
struct Shared {
    events: Mutex<HashMap<ResourceId, Routes<RawId, BusEvent>>>,
    notices: Mutex<Routes<EndpointId, CallNotice>>,
    /// One subject: every process wants those of every resource.
    revocations: Mutex<Routes<(), Revocation>>,
}

impl InProcessBus {
    /// A bus without subscriptions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl EventBus for InProcessBus {
    fn publish(&self, publication: Publication) {
        match publication {
            Publication::Event {
                resource_id,
                recipients,
                event,
            } => {
                if let Some(of_resource) = lock(&self.shared.events).get(&resource_id) {
                    for recipient in &recipients {
                        of_resource.deliver(recipient, &event);
                    }
                }
            }
            Publication::Notice { endpoint_id, notice } => {
                lock(&self.shared.notices).deliver(&endpoint_id, &notice);
            }
            Publication::Revocation(revocation) => {
                lock(&self.shared.revocations).deliver(&(), &revocation);
            }
        }
    }

    fn subscribe_events(&self, resource_id: &ResourceId, raw_id: &RawId) -> Subscription<BusEvent> {
        let queue = Arc::<Queue<_>>::default();
        lock(&self.shared.events)
            .entry(resource_id.clone())
            .or_default()
            .add(raw_id, &queue);
        let (shared, resource_id, raw_id) = (Arc::clone(&self.shared), resource_id.clone(), raw_id.clone());
        Subscription::new(Arc::clone(&queue), move || {
            let mut events = lock(&shared.events);
            if let Some(of_resource) = events.get_mut(&resource_id) {
                of_resource.remove(&raw_id, &queue);
                if of_resource.is_empty() {
                    events.remove(&resource_id);
                }
            }
        })
    }

    fn subscribe_notices(&self, endpoint_id: &EndpointId) -> Subscription<CallNotice> {
        let queue = Arc::<Queue<_>>::default();
        lock(&self.shared.notices).add(endpoint_id, &queue);
        let (shared, endpoint_id) = (Arc::clone(&self.shared), endpoint_id.clone());
        Subscription::new(Arc::clone(&queue), move || {
            lock(&shared.notices).remove(&endpoint_id, &queue);
        })
    }

    fn subscribe_revocations(&self) -> Subscription<Revocation> {
        let queue = Arc::<Queue<_>>::default();
        lock(&self.shared.revocations).add(&(), &queue);
        let shared = Arc::clone(&self.shared);
        Subscription::new(Arc::clone(&queue), move || {
            lock(&shared.revocations).remove(&(), &queue);
        })
    }
}

/// Nothing panics while the map is half changed, so a poisoned lock is used on.
fn lock<T>(routes: &Mutex<T>) -> MutexGuard<'_, T> {
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::{BusItem, MAX_QUEUED_BYTES, MAX_QUEUED_MESSAGES, Message};

    fn event(recipients: &[&str], position: u64) -> Publication {
        Publication::Event {
            resource_id: ResourceId::new("r"),
            recipients: recipients.iter().map(|raw_id| RawId::new(*raw_id)).collect(),
            event: BusEvent {
                position: Some(position),
                frame: format!("frame {position}").into(),
            },
        }
    }

    fn notice(endpoint_id: &str, call_id: impl std::fmt::Display) -> Publication {
        Publication::Notice {
            endpoint_id: EndpointId::new(endpoint_id),
            notice: ringing(call_id),
        }
    }

    fn ringing(call_id: impl std::fmt::Display) -> CallNotice {
        CallNotice::Ringing {
            call_id: call_id.to_string().as_str().into(),
        }
    }

    fn revocation(resource_id: &str, generation: u64) -> Revocation {
        Revocation {
            resource_id: ResourceId::new(resource_id),
            raw_id: RawId::new("ann"),
            generation,
        }
    }

    fn events(bus: &dyn EventBus, resource_id: &str, raw_id: &str) -> Subscription<BusEvent> {
        bus.subscribe_events(&ResourceId::new(resource_id), &RawId::new(raw_id))
    }

    /// Everything that waits; `None` stands for a lag.
    fn waiting<T: Message>(subscription: &mut Subscription<T>) -> Vec<Option<T>> {
        let items = std::iter::from_fn(|| subscription.try_recv());
        items
            .map(|item| match item {
                BusItem::Message(message) => Some(message),
                BusItem::Lagged => None,
            })
            .collect()
    }

    fn positions(subscription: &mut Subscription<BusEvent>) -> Vec<u64> {
        let events = waiting(subscription).into_iter().flatten();
        events.filter_map(|event| event.position).collect()
    }

    #[test]
    fn every_socket_of_a_recipient_gets_the_event_and_nobody_else() {
        let bus = InProcessBus::new();
        let (mut first, mut second) = (events(&bus, "r", "ann"), events(&bus, "r", "ann"));
        let (mut other, mut foreign) = (events(&bus, "r", "bob"), events(&bus, "s", "ann"));
        bus.publish(event(&["ann", "offline"], 1));
        assert_eq!(positions(&mut first), [1]);
        assert_eq!(positions(&mut second), [1]);
        assert!(other.try_recv().is_none() && foreign.try_recv().is_none());
    }

    #[test]
    fn an_event_has_the_same_bytes_for_everybody() {
        let bus = InProcessBus::new();
        let mut sockets = [events(&bus, "r", "ann"), events(&bus, "r", "bob")];
        bus.publish(event(&["ann", "bob"], 1));
        let [ann, bob] = sockets
            .each_mut()
            .map(|socket| waiting(socket).remove(0).unwrap().frame);
        assert!(std::ptr::eq(ann.as_str(), bob.as_str()));
    }

    #[test]
    fn a_notice_reaches_its_endpoint_alone_in_order_and_is_dropped_where_there_is_none() {
        let bus = InProcessBus::new();
        let mut desk = bus.subscribe_notices(&EndpointId::new("desk"));
        let mut phone = bus.subscribe_notices(&EndpointId::new("phone"));
        for number in 0..3 {
            bus.publish(notice("desk", number));
            bus.publish(notice("gone", number));
        }
        assert_eq!(waiting(&mut desk), [0, 1, 2].map(|number| Some(ringing(number))));
        assert!(phone.try_recv().is_none());
    }

    #[test]
    fn a_revocation_reaches_everybody_who_listens_whatever_its_resource() {
        let bus = InProcessBus::new();
        let mut listeners = [bus.subscribe_revocations(), bus.subscribe_revocations()];
        bus.publish(Publication::Revocation(revocation("r", 1)));
        bus.publish(Publication::Revocation(revocation("s", 2)));
        for listener in &mut listeners {
            assert_eq!(
                waiting(listener),
                [Some(revocation("r", 1)), Some(revocation("s", 2))]
            );
        }
    }

    #[test]
    fn a_subscriber_that_does_not_read_lags_and_then_goes_on_without_disturbing_another() {
        let bus = InProcessBus::new();
        let mut deaf = events(&bus, "r", "ann");
        let mut good = events(&bus, "r", "ann");
        let full = u64::try_from(MAX_QUEUED_MESSAGES).unwrap();
        for at in 1..=full + 5 {
            bus.publish(event(&["ann"], at));
            assert_eq!(positions(&mut good), [at]);
        }
        assert!(matches!(deaf.try_recv(), Some(BusItem::Lagged)));
        assert!(deaf.try_recv().is_none());
        bus.publish(event(&["ann"], full + 6));
        assert_eq!(positions(&mut deaf), [full + 6]);
    }

    #[test]
    fn few_messages_that_are_large_lag_as_well() {
        let bus = InProcessBus::new();
        let mut subscription = events(&bus, "r", "ann");
        for _ in 0..2 {
            bus.publish(Publication::Event {
                resource_id: ResourceId::new("r"),
                recipients: vec![RawId::new("ann")],
                event: BusEvent {
                    position: None,
                    frame: "x".repeat(MAX_QUEUED_BYTES / 2 + 1).into(),
                },
            });
        }
        assert!(matches!(subscription.try_recv(), Some(BusItem::Lagged)));
    }

    #[test]
    fn each_kind_of_subscription_lags_on_its_own() {
        let bus = InProcessBus::new();
        let mut notices = bus.subscribe_notices(&EndpointId::new("desk"));
        let mut revocations = bus.subscribe_revocations();
        let mut sockets = events(&bus, "r", "ann");
        bus.publish(event(&["ann"], 1));
        for number in 0..=MAX_QUEUED_MESSAGES {
            bus.publish(notice("desk", number));
            bus.publish(Publication::Revocation(revocation("r", 1)));
        }
        assert_eq!(waiting(&mut notices), [None]);
        assert_eq!(waiting(&mut revocations), [None]);
        assert_eq!(positions(&mut sockets), [1]);
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_a_message_and_by_a_lag() {
        let bus = InProcessBus::new();
        let mut notices = bus.subscribe_notices(&EndpointId::new("desk"));
        let arrivals = notices.arrivals();
        let (item, ()) = tokio::join!(notices.recv(), async { bus.publish(notice("desk", 1)) });
        assert!(matches!(item, BusItem::Message(message) if message == ringing(1)));
        for number in 0..=MAX_QUEUED_MESSAGES {
            bus.publish(notice("desk", number));
        }
        arrivals.wait().await;
        assert_eq!(waiting(&mut notices), [None]);
    }

    #[test]
    fn a_dropped_subscription_leaves_nothing_behind() {
        let bus = InProcessBus::new();
        let kept = events(&bus, "r", "ann");
        drop(events(&bus, "r", "ann"));
        drop(events(&bus, "r", "bob"));
        drop(events(&bus, "s", "ann"));
        drop(bus.subscribe_notices(&EndpointId::new("desk")));
        drop(bus.subscribe_revocations());
        assert_eq!(lock(&bus.shared.events).len(), 1);
        drop(kept);
        assert!(lock(&bus.shared.events).is_empty());
        assert!(lock(&bus.shared.notices).is_empty());
        assert!(lock(&bus.shared.revocations).is_empty());
        assert_eq!(Arc::strong_count(&bus.shared), 1);
    }
}
