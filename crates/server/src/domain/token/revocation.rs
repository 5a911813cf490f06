//! Which tokens are not good any more.

use std::sync::Arc;

use openline_protocol::{RawId, ResourceId};

use super::{Tokens, VerifiedToken, generation::DELETED};
use crate::{
    bus::{Publication, Revocation},
    storage::{StorageError, Transaction},
};

/// What became of a token that was verified earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is not revoked.
    Good,
    /// It is revoked: whatever it opened ends.
    Revoked,
    /// Storage did not answer, as the log says.
    Unknown,
}

impl Tokens {
    /// Whether a token that was verified earlier is still not revoked: for whoever holds it longer than a request.
    ///
    /// # Errors
    ///
    /// Storage failed.
    pub async fn is_current(&self, token: &VerifiedToken) -> Result<bool, StorageError> {
        let key = (token.resource_id.clone(), token.raw_id.clone());
        let latest = match self.generations.known(&key, self.clock.monotonic()) {
            Some(known) if known >= token.generation => known,
            // A token of a later generation than is remembered: word of the revocation is still on its way.
            Some(_) | None => self.read_generation(key).await?,
        };
        Ok(latest == token.generation)
    }

    /// Looks the token up in storage, whatever is remembered: where word of a revocation may have been lost.
    pub async fn look_up(&self, token: &VerifiedToken) -> Standing {
        let key = (token.resource_id.clone(), token.raw_id.clone());
        match self.read_generation(key).await {
            Ok(generation) if generation == token.generation => Standing::Good,
            Ok(_) => Standing::Revoked,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a token could not be checked");
                Standing::Unknown
            }
        }
    }

    /// Takes in a revocation that the bus brought, before whoever listens acts on it: a socket that is being admitted
    /// meanwhile finds it here.
    pub fn note_revocation(&self, revocation: &Revocation) {
        self.generations.note(revocation, self.clock.monotonic());
    }

    /// Has `tx` announce, once committed, that only tokens of `generation` (`None`: none at all) are good.
    pub(in crate::domain) fn announce_revocation(
        &self,
        tx: &mut dyn Transaction,
        resource_id: &ResourceId,
        raw_id: &RawId,
        generation: Option<u64>,
    ) {
        let (generations, bus, clock) = (
            self.generations.clone(),
            Arc::clone(&self.bus),
            Arc::clone(&self.clock),
        );
        let revocation = Revocation {
            resource_id: resource_id.clone(),
            raw_id: raw_id.clone(),
            generation: generation.unwrap_or(DELETED),
        };
        tx.after_commit(Box::new(move || {
            // Not by way of the bus: refused from here on, whatever becomes of the publication.
            generations.note(&revocation, clock.monotonic());
            bus.publish(Publication::Revocation(revocation));
        }));
    }

    async fn read_generation(&self, key: (ResourceId, RawId)) -> Result<u64, StorageError> {
        let as_of = self.clock.monotonic();
        let (resource_id, raw_id) = key.clone();
        let row = self
            .storage
            .read(move |tx| Box::pin(async move { tx.find_identity(&resource_id, &raw_id).await }))
            .await?;
        let generation = match row {
            Some(row) if row.deleted_on.is_none() => row.token_generation,
            Some(_) | None => DELETED,
        };
        Ok(self.generations.learn(key, generation, as_of))
    }
}
