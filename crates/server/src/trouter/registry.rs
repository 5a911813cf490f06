//! Who is there: the client instances of this process, and the polls that carry some of them.
//!
//! Its locks are held for look-ups only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use openline_protocol::{RawId, ResourceId};

use super::{instance::Instance, polling::Polls};
use crate::storage::TrouterEndpointKey;

type Identity = (ResourceId, RawId);

/// The client instances of this process.
#[derive(Debug, Default)]
pub(super) struct Registry {
    instances: Mutex<HashMap<Identity, Vec<Arc<Instance>>>>,
    polls: Mutex<HashMap<String, Arc<Polls>>>,
}

/// The identity has as many instances as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyInstances;

/// The instance, and whether it was not there before.
pub(super) struct Found {
    pub(super) instance: Arc<Instance>,
    pub(super) is_new: bool,
}

impl Registry {
    /// The instance of that key, or a new one that `make` makes, unless there are `limit` of its identity.
    pub(super) fn find_or_insert(
        &self,
        key: &TrouterEndpointKey,
        limit: usize,
        make: impl FnOnce() -> Arc<Instance>,
    ) -> Result<Found, TooManyInstances> {
        let mut instances = self.instances();
        let of_identity = instances.entry(identity(key)).or_default();
        if let Some(instance) = of_identity.iter().find(|instance| instance.key == *key) {
            return Ok(Found {
                instance: Arc::clone(instance),
                is_new: false,
            });
        }
        if of_identity.len() >= limit {
            return Err(TooManyInstances);
        }
        let instance = make();
        of_identity.push(Arc::clone(&instance));
        metrics::gauge!("openline_trouter_instances").increment(1);
        Ok(Found {
            instance,
            is_new: true,
        })
    }

    /// Whether an instance of that key is there, or may come.
    pub(super) fn has_room_for(&self, key: &TrouterEndpointKey, limit: usize) -> bool {
        let instances = self.instances();
        instances.get(&identity(key)).is_none_or(|of_identity| {
            of_identity.len() < limit || of_identity.iter().any(|instance| instance.key == *key)
        })
    }

    pub(super) fn find(&self, key: &TrouterEndpointKey) -> Option<Arc<Instance>> {
        let instances = self.instances();
        let mut of_identity = instances.get(&identity(key))?.iter();
        of_identity.find(|instance| instance.key == *key).cloned()
    }

    /// Forgets an instance that ended.
    pub(super) fn remove(&self, instance: &Arc<Instance>) {
        let mut instances = self.instances();
        let identity = identity(&instance.key);
        let Some(of_identity) = instances.get_mut(&identity) else {
            return;
        };
        of_identity.retain(|other| !Arc::ptr_eq(other, instance));
        if of_identity.is_empty() {
            instances.remove(&identity);
        }
        metrics::gauge!("openline_trouter_instances").decrement(1);
    }

    pub(super) fn of_identity(&self, resource_id: &ResourceId, raw_id: &RawId) -> Vec<Arc<Instance>> {
        let instances = self.instances();
        let of_identity = instances.get(&(resource_id.clone(), raw_id.clone()));
        of_identity.cloned().unwrap_or_default()
    }

    pub(super) fn all(&self) -> Vec<Arc<Instance>> {
        self.instances().values().flatten().cloned().collect()
    }

    pub(super) fn insert_polls(&self, sid: String, polls: Arc<Polls>) {
        self.polls().insert(sid, polls);
    }

    pub(super) fn find_polls(&self, sid: &str) -> Option<Arc<Polls>> {
        self.polls().get(sid).cloned()
    }

    /// Forgets polls that are over, except those that `keep` for a while.
    pub(super) fn sweep_polls(&self, keep: impl Fn(&Polls) -> bool) {
        self.polls().retain(|_, polls| keep(polls));
    }

    /// Nothing panics between lock and unlock, so a poisoned lock is used on.
    fn instances(&self) -> MutexGuard<'_, HashMap<Identity, Vec<Arc<Instance>>>> {
        self.instances.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn polls(&self) -> MutexGuard<'_, HashMap<String, Arc<Polls>>> {
        self.polls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn identity(key: &TrouterEndpointKey) -> Identity {
    (key.resource_id.clone(), key.raw_id.clone())
}
