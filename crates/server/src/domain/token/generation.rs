//! The current token generation of identities, remembered so that a request does not read the database.

use std::{sync::Arc, time::Duration};

use moka::{ops::compute::Op, sync::Cache};
use openline_protocol::{Instant, RawId, ResourceId};

use crate::{
    bus::{BusItem, Revocation, Subscription},
    clock::Clock,
};

/// Identities whose generation is remembered; the least used are forgotten and read again.
const MAX_IDENTITIES: u64 = 100_000;

/// How long a generation is believed after it was read. A revocation by another process takes effect when the bus
/// tells of it, and after this time even if the bus never does.
pub const GENERATION_LIFETIME: Duration = Duration::from_secs(60);

/// The generation of a deleted identity: later than any.
pub(super) const DELETED: u64 = u64::MAX;

type Key = (ResourceId, RawId);

#[derive(Debug, Clone, Copy)]
struct Known {
    generation: u64,
    /// It was this one then, or later.
    as_of: Instant,
}

#[derive(Debug, Clone)]
pub(super) struct Generations {
    known: Cache<Key, Known>,
}

impl Generations {
    pub(super) fn new() -> Self {
        let known = Cache::builder().max_capacity(MAX_IDENTITIES).build();
        Self { known }
    }

    /// What is remembered and recent enough to be believed.
    pub(super) fn known(&self, key: &Key, now: Instant) -> Option<u64> {
        let known = self.known.get(key)?;
        let believed = now.saturating_duration_since(known.as_of) < GENERATION_LIFETIME;
        believed.then_some(known.generation)
    }

    /// Remembers a generation; `as_of` is a moment before it was read. Generations only rise, so a read that a
    /// revocation overtook changes nothing. Returns the latest.
    pub(super) fn learn(&self, key: Key, generation: u64, as_of: Instant) -> u64 {
        let learned = Known { generation, as_of };
        let entry = self.known.entry(key).and_compute_with(|known| match known {
            Some(known) if is_newer(known.value(), &learned) => Op::Nop,
            Some(_) | None => Op::Put(learned),
        });
        entry
            .into_entry()
            .map_or(generation, |entry| entry.value().generation)
    }

    pub(super) fn note(&self, revocation: &Revocation, now: Instant) {
        let key = (revocation.resource_id.clone(), revocation.raw_id.clone());
        self.learn(key, revocation.generation, now);
    }

    /// Learns what other processes revoke, for as long as it is polled.
    pub(super) async fn follow(self, mut revocations: Subscription<Revocation>, clock: Arc<dyn Clock>) {
        loop {
            match revocations.recv().await {
                BusItem::Message(revocation) => self.note(&revocation, clock.monotonic()),
                // A read that is under way may bring an old generation back; its lifetime bounds that.
                BusItem::Lagged => self.known.invalidate_all(),
            }
        }
    }
}

fn is_newer(known: &Known, than: &Known) -> bool {
    known.generation > than.generation || (known.generation == than.generation && known.as_of >= than.as_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bus::{EventBus as _, InProcessBus, MAX_QUEUED_MESSAGES, Publication},
        clock::SystemClock,
    };

    const START: Instant = Instant::from_millis(1_000_000);

    fn key() -> Key {
        (ResourceId::new("r"), RawId::new("ann"))
    }

    #[test]
    fn a_generation_is_believed_for_its_lifetime_from_before_it_was_read() {
        let generations = Generations::new();
        generations.learn(key(), 3, START);
        let last = START + (GENERATION_LIFETIME - Duration::from_millis(1));
        assert_eq!(generations.known(&key(), last), Some(3));
        assert_eq!(generations.known(&key(), START + GENERATION_LIFETIME), None);
        generations.learn(key(), 3, last);
        assert_eq!(generations.known(&key(), START + GENERATION_LIFETIME), Some(3));
    }

    #[test]
    fn a_read_that_a_revocation_overtook_changes_nothing() {
        let generations = Generations::new();
        generations.learn(key(), 4, START);
        assert_eq!(generations.learn(key(), 3, START + Duration::from_secs(1)), 4);
        assert_eq!(generations.known(&key(), START), Some(4));
    }

    #[tokio::test]
    async fn who_missed_revocations_forgets_all_generations() {
        let (bus, clock) = (InProcessBus::new(), Arc::new(SystemClock::default()));
        let (generations, now) = (Generations::new(), clock.monotonic());
        generations.learn(key(), 1, now);
        let mut following = Box::pin(generations.clone().follow(bus.subscribe_revocations(), clock));
        let publish = |generation| {
            bus.publish(Publication::Revocation(Revocation {
                resource_id: ResourceId::new("r"),
                raw_id: RawId::new("bob"),
                generation,
            }));
        };
        publish(2);
        assert!(futures::poll!(&mut following).is_pending());
        assert_eq!(generations.known(&key(), now), Some(1));
        assert_eq!(generations.known(&(key().0, RawId::new("bob")), now), Some(2));
        for _ in 0..=MAX_QUEUED_MESSAGES {
            publish(3);
        }
        assert!(futures::poll!(&mut following).is_pending());
        assert_eq!(generations.known(&key(), now), None);
    }
}
