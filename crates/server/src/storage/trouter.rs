//! Rows of the published chat client's instances, and of the secret that signs what they bring back.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};

use super::StorageError;

/// Which client instance.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TrouterEndpointKey {
    /// The resource.
    pub resource_id: ResourceId,
    /// The identity.
    pub raw_id: RawId,
    /// The instance, by the id it gave itself.
    pub epid: String,
}

/// How far a client instance has answered, in positions of the chat log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrouterEndpointRow {
    /// It was there, or is.
    Known {
        /// Every event up to here is done with.
        cursor: u64,
        /// Events after the cursor that are.
        beyond: Vec<u64>,
    },
    /// It stopped, and begins anew when it comes back.
    Stopped,
}

/// Operations on client instances.
#[async_trait]
pub trait TrouterTx {
    /// What is known of an instance.
    async fn find_trouter_endpoint(
        &mut self,
        key: &TrouterEndpointKey,
    ) -> Result<Option<TrouterEndpointRow>, StorageError>;

    /// Keeps what is known of an instance, instead of what was.
    async fn put_trouter_endpoint(
        &mut self,
        key: &TrouterEndpointKey,
        row: &TrouterEndpointRow,
        saved_on: Timestamp,
    ) -> Result<(), StorageError>;

    /// Forgets all instances of an identity but the `keep` last saved.
    async fn trim_trouter_endpoints(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        keep: u32,
    ) -> Result<(), StorageError>;

    /// Forgets instances that were last saved before `before`, at most `limit`; returns how many.
    async fn prune_trouter_endpoints(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;

    /// The secret of that name, which is `fresh` if there was none.
    async fn server_secret(
        &mut self,
        name: &str,
        fresh: &[u8],
        created_on: Timestamp,
    ) -> Result<Vec<u8>, StorageError>;
}
