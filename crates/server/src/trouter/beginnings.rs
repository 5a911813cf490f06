//! Where a client instance begins in the log: the first row there is of it.
//!
//! The client says that it has started as soon as it knows its addresses, and connects after that. What happens
//! meanwhile is not to be lost, so an instance begins where the log was when its addresses were asked for.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use openline_protocol::{Instant, RawId, ResourceId};
use openline_trouter::Ledger;

use super::service::Shared;
use crate::storage::{StorageError, TrouterEndpointKey, TrouterEndpointRow};

/// How long after it asked for its addresses a client allocates.
const LIFETIME: Duration = Duration::from_secs(30);

/// Starts of one identity that are remembered.
const MAX_STARTS: usize = 20;

/// Identities of whom starts are remembered.
const MAX_IDENTITIES: u64 = 10_000;

type Starts = Arc<Mutex<VecDeque<(Instant, u64)>>>;

/// The ends of the log when clients asked for their addresses; each is for one instance.
#[derive(Debug)]
pub(super) struct Beginnings {
    starts: Cache<(ResourceId, RawId), Starts>,
}

impl Default for Beginnings {
    fn default() -> Self {
        let starts = Cache::builder()
            .max_capacity(MAX_IDENTITIES)
            .time_to_idle(LIFETIME)
            .build();
        Self { starts }
    }
}

impl Beginnings {
    fn note(&self, resource_id: ResourceId, raw_id: RawId, (now, head): (Instant, u64)) {
        let starts = self.starts.get_with((resource_id, raw_id), Starts::default);
        let mut starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
        starts.push_back((now, head));
        if starts.len() > MAX_STARTS {
            starts.pop_front();
        }
    }

    /// The earliest start that no instance has taken yet.
    fn take(&self, key: &TrouterEndpointKey, now: Instant) -> Option<u64> {
        let starts = self.starts.get(&(key.resource_id.clone(), key.raw_id.clone()))?;
        let mut starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((at, head)) = starts.pop_front() {
            if now.saturating_duration_since(at) < LIFETIME {
                return Some(head);
            }
        }
        None
    }
}

impl Shared {
    /// An instance of the identity is about to begin.
    pub(super) async fn note_start(
        &self,
        resource_id: ResourceId,
        raw_id: RawId,
    ) -> Result<(), StorageError> {
        let now = self.clock.monotonic();
        let head = self
            .storage
            .read(|tx| Box::pin(async move { tx.chat_log_head().await }))
            .await?;
        self.beginnings.note(resource_id, raw_id, (now, head));
        Ok(())
    }

    /// Makes sure that there is a row of the instance.
    pub(super) async fn prepare(&self, key: &TrouterEndpointKey) -> Result<(), StorageError> {
        if let Some(instance) = self.registry.find(key) {
            if !instance.is_stopped() {
                return Ok(());
            }
            instance.ended.cancelled().await;
        }
        self.ledger(key).await.map(drop)
    }

    /// How far the instance has answered. One that is new, or had stopped, begins now.
    pub(super) async fn ledger(&self, key: &TrouterEndpointKey) -> Result<Ledger, StorageError> {
        let found = key.clone();
        let row = self
            .storage
            .read(move |tx| Box::pin(async move { tx.find_trouter_endpoint(&found).await }))
            .await?;
        if let Some(TrouterEndpointRow::Known { cursor, beyond }) = row {
            let beyond = beyond.into_iter().collect();
            return Ok(Ledger { cursor, beyond });
        }
        let start = self.beginnings.take(key, self.clock.monotonic());
        let (key, now) = (key.clone(), self.clock.now());
        let keep = self.settings.max_remembered_per_identity;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let head = tx.chat_log_head().await?;
                    let cursor = start.map_or(head, |start| start.min(head));
                    let row = TrouterEndpointRow::Known {
                        cursor,
                        beyond: Vec::new(),
                    };
                    tx.put_trouter_endpoint(&key, &row, now).await?;
                    tx.trim_trouter_endpoints(&key.resource_id, &key.raw_id, keep)
                        .await?;
                    Ok(Ledger::at(cursor))
                })
            })
            .await
    }
}
