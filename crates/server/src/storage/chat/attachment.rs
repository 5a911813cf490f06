//! Rows of the files of messages.

use std::fmt;

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp, rest::chat::ChatAttachmentType};
use uuid::Uuid;

use super::ThreadKey;
use crate::storage::StorageError;

/// The id of a file: drawn by the server, 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttachmentId(Uuid);

impl AttachmentId {
    /// A new one that nobody can guess.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Reads an id, in the one form that it is written in.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(Uuid::try_parse(text).ok()?);
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for AttachmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}

/// A file.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    /// Its id.
    pub attachment_id: AttachmentId,
    /// Who uploaded it.
    pub uploader: RawId,
    /// Image or file.
    pub attachment_type: ChatAttachmentType,
    /// The name that its uploader gave it.
    pub name: Option<String>,
    /// The media type it is served with.
    pub content_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// An image's width and height, as it is to be shown.
    pub dimensions: Option<(u32, u32)>,
    /// An image's preview.
    pub thumbnail: Option<ThumbnailRow>,
    /// When it was uploaded.
    pub created_on: Timestamp,
    /// The message it belongs to; `None` until one takes it up.
    pub message_id: Option<Timestamp>,
}

/// Without the name, so that it cannot come into a log.
impl fmt::Debug for AttachmentRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttachmentRow")
            .field("attachment_id", &self.attachment_id)
            .field("attachment_type", &self.attachment_type)
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

/// An image's preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThumbnailRow {
    /// The media type it is served with.
    pub content_type: String,
    /// Its size.
    pub size_bytes: u64,
}

/// Operations on files. A row that goes, in whatever way, leaves an erasure of its object.
#[async_trait]
pub trait ChatAttachmentTx {
    /// Adds a file whose object is stored, and takes back the erasure that was noted before.
    async fn insert_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &AttachmentRow,
    ) -> Result<(), StorageError>;

    /// The file, if it is in this thread.
    async fn find_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        id: AttachmentId,
    ) -> Result<Option<AttachmentRow>, StorageError>;

    /// Has a message take a file up.
    async fn attach_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        id: AttachmentId,
        message_id: Timestamp,
    ) -> Result<(), StorageError>;

    /// Deletes a file. With a message or thread that is deleted its files go by themselves.
    async fn delete_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        id: AttachmentId,
    ) -> Result<(), StorageError>;

    /// How much the files of a user take, in bytes.
    async fn chat_attachment_usage(
        &mut self,
        resource_id: &ResourceId,
        uploader: &RawId,
    ) -> Result<u64, StorageError>;
}
