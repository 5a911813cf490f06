//! What ends: threads whose time is over, and what deleted ones leave behind.

use async_trait::async_trait;
use openline_protocol::{ResourceId, Timestamp};

use super::{ThreadKey, ThreadRow};
use crate::storage::StorageError;

/// A thread, whoever is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundThread {
    /// Its resource.
    pub resource_id: ResourceId,
    /// Its number.
    pub key: ThreadKey,
    /// The thread.
    pub thread: ThreadRow,
}

/// What is left of a deleted thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Its messages, and the events that tell of them.
    Messages,
    /// Its row, and what only depends on that.
    Row,
}

/// Operations on what ends, in all resources.
#[async_trait]
pub trait ChatRetentionTx {
    /// Threads that are not deleted, and whose policy deletes them at or before `now`: the longest overdue, at most
    /// `limit`.
    async fn list_expired_chat_threads(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<FoundThread>, StorageError>;

    /// A thread deleted at or before `through` of which so much is left; the longest deleted one.
    async fn find_deleted_chat_thread(
        &mut self,
        left: Remains,
        through: Timestamp,
    ) -> Result<Option<(ResourceId, ThreadKey)>, StorageError>;

    /// Deletes messages of a thread and what is known of their files, at most `limit`; returns how many.
    async fn erase_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        limit: u32,
    ) -> Result<u64, StorageError>;

    /// Takes the events that tell of messages out of a thread's log, at most `limit`; returns how many.
    async fn erase_chat_message_events(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        limit: u32,
    ) -> Result<u64, StorageError>;

    /// Notes that a thread's messages are gone, and deletes its receipts.
    async fn finish_erasing_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
    ) -> Result<(), StorageError>;

    /// Takes what is left of a thread out of the log, at most `limit` events; returns how many.
    async fn erase_chat_events(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        limit: u32,
    ) -> Result<u64, StorageError>;

    /// Deletes a thread's row, its participants and who was ever in it.
    async fn erase_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
    ) -> Result<(), StorageError>;
}
