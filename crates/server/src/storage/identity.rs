//! Rows of identities.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};

use super::StorageError;

/// An identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRow {
    /// Its raw id.
    pub raw_id: RawId,
    /// When it was created.
    pub created_on: Timestamp,
    /// When it was deleted, if it was. The row stays: chat keeps what it wrote.
    pub deleted_on: Option<Timestamp>,
    /// The generation that tokens are issued in; those of an earlier one are revoked. Starts at 1, rises.
    pub token_generation: u64,
}

/// Operations on identities.
#[async_trait]
pub trait IdentityTx {
    /// Adds an identity of generation 1. [`StorageError::Conflict`] if it exists or the resource does not.
    async fn insert_identity(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        created_on: Timestamp,
    ) -> Result<(), StorageError>;

    /// The identity, deleted or not.
    async fn find_identity(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
    ) -> Result<Option<IdentityRow>, StorageError>;

    /// Begins the next token generation and returns it; `None` if there is no such identity or it is deleted.
    async fn revoke_tokens(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
    ) -> Result<Option<u64>, StorageError>;

    /// Marks the identity as deleted; `false` if there is no such identity or it is deleted already.
    async fn delete_identity(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        deleted_on: Timestamp,
    ) -> Result<bool, StorageError>;
}
