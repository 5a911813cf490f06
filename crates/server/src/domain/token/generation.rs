//! The current token generation of identities, remembered so that a request does not read the database.

use moka::{ops::compute::Op, sync::Cache};
use openline_protocol::{RawId, ResourceId};
use tokio::sync::broadcast;

/// Identities whose generation is remembered; the least used are forgotten and read again.
const MAX_IDENTITIES: u64 = 100_000;

/// Revocations that a listener may be behind by, before it is told that it missed some.
const LISTENER_LAG: usize = 1024;

/// The generation of a deleted identity: later than any.
pub(super) const DELETED: u64 = u64::MAX;

type Key = (ResourceId, RawId);

/// Tokens of an identity became invalid: all of an earlier generation than `generation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The resource.
    pub resource_id: ResourceId,
    /// The identity.
    pub raw_id: RawId,
    /// Tokens of this generation are good; `u64::MAX` if the identity was deleted and none is.
    pub generation: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Generations {
    known: Cache<Key, u64>,
    revocations: broadcast::Sender<Revocation>,
}

impl Generations {
    pub(super) fn new() -> Self {
        let known = Cache::builder().max_capacity(MAX_IDENTITIES).build();
        Self {
            known,
            revocations: broadcast::Sender::new(LISTENER_LAG),
        }
    }

    pub(super) fn known(&self, key: &Key) -> Option<u64> {
        self.known.get(key)
    }

    /// Remembers what was read. Generations only rise, so a read that a revocation overtook changes nothing.
    pub(super) fn learn(&self, key: Key, generation: u64) -> u64 {
        let entry = self.known.entry(key).and_compute_with(|known| match known {
            Some(known) if known.value() >= &generation => Op::Nop,
            Some(_) | None => Op::Put(generation),
        });
        entry.into_entry().map_or(generation, moka::Entry::into_value)
    }

    /// Remembers a revocation and tells whoever listens.
    pub(super) fn revoke(&self, revocation: Revocation) {
        self.learn(
            (revocation.resource_id.clone(), revocation.raw_id.clone()),
            revocation.generation,
        );
        // Nobody may be listening.
        drop(self.revocations.send(revocation));
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Revocation> {
        self.revocations.subscribe()
    }
}
