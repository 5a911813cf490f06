//! Rows of resources, their access keys and their signing keys.

use std::fmt;

use async_trait::async_trait;
use openline_protocol::{ResourceId, Timestamp};

use super::StorageError;

/// A communication resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceRow {
    /// Its id, a lower-case GUID.
    pub resource_id: ResourceId,
    /// Its name, unique on this server.
    pub name: String,
    /// When it was created.
    pub created_on: Timestamp,
}

/// One of a resource's two access keys.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKeyRow {
    /// The resource.
    pub resource_id: ResourceId,
    /// 1 (primary) or 2 (secondary).
    pub slot: u8,
    /// The key itself. Secret.
    pub secret: Vec<u8>,
    /// When it was drawn.
    pub created_on: Timestamp,
}

impl fmt::Debug for AccessKeyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKeyRow")
            .field("resource_id", &self.resource_id)
            .field("slot", &self.slot)
            .finish_non_exhaustive()
    }
}

/// A key that signs a resource's tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// The resource.
    pub resource_id: ResourceId,
    /// What tokens name it by (`kid`), unique on this server.
    pub key_id: String,
    /// PKCS#8 of a P-256 key. Secret.
    pub private_key: Vec<u8>,
    /// When it was drawn. The newest signs.
    pub created_on: Timestamp,
}

impl fmt::Debug for SigningKeyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeyRow")
            .field("resource_id", &self.resource_id)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

/// Operations on resources.
#[async_trait]
pub trait ResourceTx {
    /// Adds a resource. [`StorageError::Conflict`] if the id or the name is taken.
    async fn insert_resource(&mut self, row: &ResourceRow) -> Result<(), StorageError>;

    /// Adds an access key. [`StorageError::Conflict`] if the slot is taken or the resource unknown.
    async fn insert_access_key(&mut self, row: &AccessKeyRow) -> Result<(), StorageError>;

    /// Adds a signing key. [`StorageError::Conflict`] if the key's id is taken or the resource unknown.
    async fn insert_signing_key(&mut self, row: &SigningKeyRow) -> Result<(), StorageError>;

    /// All resources, by name.
    async fn list_resources(&mut self) -> Result<Vec<ResourceRow>, StorageError>;

    /// The access keys of all resources, by resource and slot.
    async fn list_access_keys(&mut self) -> Result<Vec<AccessKeyRow>, StorageError>;

    /// The signing keys of all resources, oldest first.
    async fn list_signing_keys(&mut self) -> Result<Vec<SigningKeyRow>, StorageError>;
}
