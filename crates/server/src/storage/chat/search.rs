//! Search in messages.

use async_trait::async_trait;
use openline_chat::{SearchCursor, search::SearchQuery};
use openline_protocol::{RawId, ResourceId, ThreadId, Timestamp};

use super::{MessageRow, ThreadKey};
use crate::storage::StorageError;

/// Which messages to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRange {
    /// Those that say all of this, by the words of `openline_chat::search`.
    pub query: SearchQuery,
    /// Those in this thread.
    pub thread: Option<ThreadKey>,
    /// Those from this sender.
    pub sender: Option<RawId>,
    /// Those created at or after this time.
    pub from: Timestamp,
    /// Those created before this one.
    pub until: Option<Timestamp>,
    /// Those that come after this place.
    pub after: Option<SearchCursor>,
    /// So many at most.
    pub limit: u32,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMessageRow {
    /// Its thread's number.
    pub key: ThreadKey,
    /// Its thread's id.
    pub thread_id: ThreadId,
    /// The message.
    pub message: MessageRow,
}

/// Operations of search. What is found by is kept by the operations on messages.
#[async_trait]
pub trait ChatSearchTx {
    /// Text and HTML messages of the threads that `raw_id` is in and that are not deleted, of the history it shares:
    /// the newest first, those of the thread with the higher number first among equals.
    async fn search_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        range: &SearchRange,
    ) -> Result<Vec<FoundMessageRow>, StorageError>;

    /// Makes messages searchable that were stored before there was search, at most `limit`; returns how many.
    async fn index_chat_messages(&mut self, limit: u32) -> Result<u64, StorageError>;
}
