//! Objects that are to be erased, and the rows that lead to them.

use async_trait::async_trait;
use openline_protocol::{ResourceId, Timestamp};

use super::AttachmentId;
use crate::storage::{StorageError, objects::UploadId};

/// An object that is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRow {
    /// The resource of its file.
    pub resource_id: ResourceId,
    /// The file.
    pub attachment_id: AttachmentId,
    /// The upload in parts that was begun for it: perhaps there is no object, only some of its parts.
    pub upload_id: Option<UploadId>,
}

/// Operations of housekeeping on files.
#[async_trait]
pub trait ChatAttachmentErasureTx {
    /// Notes that an object is to be erased from `due_on` on, unless a file is added under its id before.
    async fn put_chat_attachment_erasure(
        &mut self,
        row: &ErasureRow,
        due_on: Timestamp,
    ) -> Result<(), StorageError>;

    /// Deletes files from before `before` that no message took up, at most `limit`; returns how many.
    async fn prune_unattached_chat_attachments(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StorageError>;

    /// Deletes files of deleted threads, at most `limit`; returns how many.
    async fn prune_orphaned_chat_attachments(&mut self, limit: u32) -> Result<u64, StorageError>;

    /// The objects to erase by `now`, the longest due first, at most `limit`.
    async fn list_chat_attachment_erasures(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ErasureRow>, StorageError>;

    /// Forgets an erasure that was carried out.
    async fn delete_chat_attachment_erasure(
        &mut self,
        resource_id: &ResourceId,
        id: AttachmentId,
    ) -> Result<(), StorageError>;
}
