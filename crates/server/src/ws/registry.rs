//! Who is there: the sessions of this process by id and by identity.
//!
//! Its lock is held for look-ups only. A session may use the registry while it is locked itself; the registry never
//! locks a session.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use openline_protocol::{RawId, SessionId};

use super::session::Session;

/// The sessions of this process.
#[derive(Debug, Default)]
pub(super) struct Registry {
    maps: Mutex<Maps>,
}

#[derive(Debug, Default)]
struct Maps {
    by_id: HashMap<SessionId, Arc<Session>>,
    by_identity: HashMap<RawId, Vec<Arc<Session>>>,
}

/// The identity has as many sessions as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManySessions;

impl Registry {
    /// Adds a session, unless its identity has `limit` of them.
    pub(super) fn insert(&self, session: &Arc<Session>, limit: usize) -> Result<(), TooManySessions> {
        let mut maps = self.maps();
        let of_identity = maps.by_identity.entry(session.raw_id().clone()).or_default();
        if of_identity.len() >= limit {
            return Err(TooManySessions);
        }
        of_identity.push(Arc::clone(session));
        maps.by_id
            .insert(session.session_id().clone(), Arc::clone(session));
        metrics::gauge!("openline_realtime_sessions").increment(1);
        Ok(())
    }

    /// Forgets a session that ended.
    pub(super) fn remove(&self, session: &Session) {
        let mut maps = self.maps();
        if maps.by_id.remove(session.session_id()).is_none() {
            return;
        }
        if let Some(of_identity) = maps.by_identity.get_mut(session.raw_id()) {
            of_identity.retain(|other| other.session_id() != session.session_id());
            if of_identity.is_empty() {
                maps.by_identity.remove(session.raw_id());
            }
        }
        metrics::gauge!("openline_realtime_sessions").decrement(1);
    }

    pub(super) fn find(&self, session_id: &SessionId) -> Option<Arc<Session>> {
        self.maps().by_id.get(session_id).cloned()
    }

    pub(super) fn of_identity(&self, raw_id: &RawId) -> Vec<Arc<Session>> {
        self.maps().by_identity.get(raw_id).cloned().unwrap_or_default()
    }

    pub(super) fn all(&self) -> Vec<Arc<Session>> {
        self.maps().by_id.values().cloned().collect()
    }

    /// Forgets everything: the server stops.
    pub(super) fn clear(&self) {
        let maps = std::mem::take(&mut *self.maps());
        metrics::gauge!("openline_realtime_sessions").set(0);
        // The sessions are dropped outside of the lock.
        drop(maps);
    }

    /// Nothing panics between lock and unlock, so a poisoned lock is used on.
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
