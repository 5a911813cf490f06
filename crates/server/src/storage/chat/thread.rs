//! Rows of threads.

use std::collections::BTreeMap;

use async_trait::async_trait;
use openline_chat::ThreadCursor;
use openline_protocol::{RawId, ResourceId, ThreadId, Timestamp, rest::chat::ChatRetentionPolicy};

use super::ParticipantRow;
use crate::storage::StorageError;

/// A thread's number within the database. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadKey(pub i64);

/// A thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadRow {
    /// Its id.
    pub thread_id: ThreadId,
    /// The topic.
    pub topic: String,
    /// The application's own data.
    pub metadata: Option<BTreeMap<String, String>>,
    /// When it deletes itself; `None` where nothing was said.
    pub retention: Option<ChatRetentionPolicy>,
    /// When it was created.
    pub created_on: Timestamp,
    /// Who created it.
    pub created_by: RawId,
    /// When it was deleted, if it was.
    pub deleted_on: Option<Timestamp>,
    /// The latest id or version given to a message or change.
    pub version: Timestamp,
    /// The sequence number of its last message.
    pub last_sequence: u64,
    /// When that was stored.
    pub last_message_on: Timestamp,
    /// The sequence number of its last event in the log.
    pub last_event_sequence: u64,
}

/// A thread as one identity finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadView {
    /// Its number.
    pub key: ThreadKey,
    /// The thread.
    pub thread: ThreadRow,
    /// The identity in it; `None` if it is no participant.
    pub participant: Option<ParticipantRow>,
}

/// A thread in somebody's list. For somebody who was removed, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadItemRow {
    /// Its number.
    pub key: ThreadKey,
    /// Its id.
    pub thread_id: ThreadId,
    /// The topic.
    pub topic: String,
    /// When it was deleted, if it was; unknown to somebody who was removed.
    pub deleted_on: Option<Timestamp>,
    /// When its last message was stored.
    pub last_message_on: Timestamp,
}

/// Which of somebody's threads to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadRange {
    /// Those with a message at or after this time.
    pub active_since: Timestamp,
    /// Those not deleted, or deleted at or after this time.
    pub deleted_since: Timestamp,
    /// Those that come after this place in the list.
    pub after: Option<ThreadCursor>,
    /// So many at most.
    pub limit: u32,
}

/// Operations on threads.
#[async_trait]
pub trait ChatThreadTx {
    /// Adds a thread. [`StorageError::Conflict`] if the id is taken.
    async fn insert_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        row: &ThreadRow,
    ) -> Result<ThreadKey, StorageError>;

    /// The thread, deleted or not, as `raw_id` finds it.
    async fn find_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        thread_id: &ThreadId,
        raw_id: &RawId,
    ) -> Result<Option<ThreadView>, StorageError>;

    /// Replaces a thread's topic, metadata, retention and deletion.
    async fn update_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ThreadRow,
    ) -> Result<(), StorageError>;

    /// Replaces a thread's clock and counters.
    async fn advance_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ThreadRow,
    ) -> Result<(), StorageError>;

    /// The threads that `raw_id` is or was in, the latest activity first.
    async fn list_chat_threads(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        range: ThreadRange,
    ) -> Result<Vec<ThreadItemRow>, StorageError>;
}
