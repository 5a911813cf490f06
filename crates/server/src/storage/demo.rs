//! Rows of the sample page's own identity service.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId};

use super::StorageError;

/// A name somebody typed, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPersonRow {
    /// The name as first typed.
    pub name: String,
    /// The identity.
    pub raw_id: RawId,
}

/// Operations on the sample page's people.
#[async_trait]
pub trait DemoTx {
    /// The person of that name, unless the identity was deleted.
    async fn find_demo_person(
        &mut self,
        resource_id: &ResourceId,
        name_key: &str,
    ) -> Result<Option<DemoPersonRow>, StorageError>;

    /// Gives the name to `person`, whoever had it.
    async fn put_demo_person(
        &mut self,
        resource_id: &ResourceId,
        name_key: &str,
        person: &DemoPersonRow,
    ) -> Result<(), StorageError>;

    /// The people whose identity is not deleted, by name, at most `limit`.
    async fn list_demo_people(
        &mut self,
        resource_id: &ResourceId,
        limit: u32,
    ) -> Result<Vec<DemoPersonRow>, StorageError>;
}
