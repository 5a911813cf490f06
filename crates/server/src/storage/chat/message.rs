//! Rows of messages.

use std::collections::BTreeMap;

use async_trait::async_trait;
use openline_protocol::{
    RawId, ResourceId, Timestamp,
    rest::chat::{ChatAttachment, ChatMessageType},
};

use super::ThreadKey;
use crate::storage::StorageError;

/// A message.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id, which is its time of creation.
    pub message_id: Timestamp,
    /// Its place in the thread, from 1.
    pub sequence: u64,
    /// The time of its last change.
    pub version: Timestamp,
    /// Its kind.
    pub message_type: ChatMessageType,
    /// Who sent it; `None` for system messages.
    pub sender: Option<RawId>,
    /// The sender's name; empty where none was given.
    pub sender_display_name: String,
    /// What it says: the text, or JSON for system messages. `None` once deleted.
    pub content: Option<String>,
    /// The application's own data.
    pub metadata: Option<BTreeMap<String, String>>,
    /// Its files, without addresses. None once deleted.
    pub attachments: Vec<ChatAttachment>,
    /// When it was last edited.
    pub edited_on: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_on: Option<Timestamp>,
}

/// Without the content, so that it cannot come into a log.
impl std::fmt::Debug for MessageRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageRow")
            .field("message_id", &self.message_id)
            .field("sequence", &self.sequence)
            .field("message_type", &self.message_type)
            .finish_non_exhaustive()
    }
}

/// Which messages of a thread to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageRange {
    /// Those created at or after this time.
    pub from: Timestamp,
    /// Those before this one.
    pub before: Option<Timestamp>,
    /// So many at most.
    pub limit: u32,
}

/// Operations on messages.
#[async_trait]
pub trait ChatMessageTx {
    /// Adds a message. [`StorageError::Conflict`] if the id is taken.
    async fn insert_chat_message(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &MessageRow,
    ) -> Result<(), StorageError>;

    /// The message, deleted or not.
    async fn find_chat_message(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        message_id: Timestamp,
    ) -> Result<Option<MessageRow>, StorageError>;

    /// Replaces a message's version, content, metadata, attachments, edit and deletion times.
    async fn update_chat_message(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &MessageRow,
    ) -> Result<(), StorageError>;

    /// The messages, newest first.
    async fn list_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        range: MessageRange,
    ) -> Result<Vec<MessageRow>, StorageError>;
}
