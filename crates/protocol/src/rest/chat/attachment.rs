//! Files of messages.

use serde::{Deserialize, Serialize};

/// What a file is to whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChatAttachmentType {
    /// A picture that the server has read: it can be shown, and has a preview.
    Image,
    /// Anything else: to be downloaded.
    File,
}

/// A file of a message. Events carry it without its addresses, which depend on where a client reaches the server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatAttachment {
    /// Its id, unique in the resource.
    pub id: String,
    /// Image or file.
    pub attachment_type: ChatAttachmentType,
    /// The name that its uploader gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is downloaded, with a token in the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where an image's preview is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview_url: Option<String>,
    /// The media type it is served with.
    pub content_type: String,
    /// How large it is, in bytes.
    pub size_bytes: u64,
    /// An image's width in pixels, as it is to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// An image's height in pixels, as it is to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// Without the name, so that it cannot come into a log.
impl std::fmt::Debug for ChatAttachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatAttachment")
            .field("id", &self.id)
            .field("attachment_type", &self.attachment_type)
            .finish_non_exhaustive()
    }
}

/// An upload that a message takes up. Other fields of [`ChatAttachment`] may stand beside the id and count for
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatAttachmentReference {
    /// The upload's id.
    pub id: String,
}

/// The answer to `POST /chat/threads/{id}/images`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadChatImageResponse {
    /// The image's id.
    pub id: String,
    /// Always an image.
    pub attachment_type: ChatAttachmentType,
    /// The name that its uploader gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Without the name, so that it cannot come into a log.
impl std::fmt::Debug for UploadChatImageResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadChatImageResponse")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
