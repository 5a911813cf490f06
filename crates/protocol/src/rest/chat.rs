//! Chat threads, messages, participants and receipts (`acs-rest/chat.md`).

mod attachment;
mod merge_patch;
mod search;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::{
    attachment::{ChatAttachment, ChatAttachmentReference, ChatAttachmentType, UploadChatImageResponse},
    search::{ChatMessageSearchItem, ChatMessageSnippet, ChatTextRange},
};
use crate::{CommunicationIdentifierModel, ErrorBody};

/// The kinds of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChatMessageType {
    /// Plain text.
    #[serde(rename = "text")]
    Text,
    /// HTML.
    #[serde(rename = "html")]
    Html,
    /// System: the topic changed.
    #[serde(rename = "topicUpdated")]
    TopicUpdated,
    /// System: people were added.
    #[serde(rename = "participantAdded")]
    ParticipantAdded,
    /// System: people were removed.
    #[serde(rename = "participantRemoved")]
    ParticipantRemoved,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The items.
    pub value: Vec<T>,
    /// Where the next page is; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
}

/// When a thread deletes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ChatRetentionPolicy {
    /// Never.
    None,
    /// So many days after it was created.
    ThreadCreationDate {
        /// 30 to 90.
        delete_thread_after_days: i64,
    },
}

/// A participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatParticipant {
    /// Who.
    pub communication_identifier: CommunicationIdentifierModel,
    /// The name in the thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// From when on the participant sees messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_history_time: Option<String>,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

/// `POST /chat/threads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateChatThreadRequest {
    /// The topic.
    pub topic: String,
    /// Who is in it besides the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<ChatParticipant>>,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// When the thread deletes itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_policy: Option<ChatRetentionPolicy>,
}

/// The answer to [`CreateChatThreadRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateChatThreadResponse {
    /// The thread.
    pub chat_thread: ChatThreadProperties,
    /// Who could not be added, and why; absent where all could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_participants: Option<Vec<ErrorBody>>,
}

/// A thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatThreadProperties {
    /// The thread's id.
    pub id: String,
    /// The topic.
    pub topic: String,
    /// When it was created.
    pub created_on: String,
    /// Who created it.
    pub created_by_communication_identifier: CommunicationIdentifierModel,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_on: Option<String>,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// When the thread deletes itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_policy: Option<ChatRetentionPolicy>,
}

/// `PATCH /chat/threads/{id}` (`application/merge-patch+json`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateChatThreadRequest {
    /// The new topic.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "merge_patch::present"
    )]
    pub topic: Option<String>,
    /// Keys to set, or to remove where null; null alone removes all.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "merge_patch::present"
    )]
    pub metadata: Option<Option<BTreeMap<String, Option<String>>>>,
    /// The new policy; null is none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "merge_patch::policy"
    )]
    pub retention_policy: Option<ChatRetentionPolicy>,
}

/// A thread in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatThreadItem {
    /// The thread's id.
    pub id: String,
    /// The topic.
    pub topic: String,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_on: Option<String>,
    /// When its last message came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message_received_on: Option<String>,
}

/// `POST /chat/threads/{id}/messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendChatMessageRequest {
    /// The content, at most 28 KiB.
    pub content: String,
    /// The sender's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_display_name: Option<String>,
    /// Text (default) or HTML.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub message_type: Option<ChatMessageType>,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// Uploads of the sender's own in this thread, at most 10, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<ChatAttachmentReference>>,
}

/// The answer to [`SendChatMessageRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendChatMessageResponse {
    /// The message's id.
    pub id: String,
}

/// `PATCH /chat/threads/{id}/messages/{id}` (`application/merge-patch+json`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateChatMessageRequest {
    /// The new content.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "merge_patch::present"
    )]
    pub content: Option<String>,
    /// Keys to set, or to remove where null; null alone removes all.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "merge_patch::present"
    )]
    pub metadata: Option<Option<BTreeMap<String, Option<String>>>>,
    /// The attachments from now on; those left out are deleted, all of them where null.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "merge_patch::present"
    )]
    pub attachments: Option<Option<Vec<ChatAttachmentReference>>>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessage {
    /// The message's id.
    pub id: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub message_type: ChatMessageType,
    /// Its place in the thread, decimal, from 1.
    pub sequence_id: String,
    /// The time of its last change, decimal milliseconds.
    pub version: String,
    /// What it says; absent once deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ChatMessageContent>,
    /// The sender's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_display_name: Option<String>,
    /// When it was sent.
    pub created_on: String,
    /// Who sent it; absent in system messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_communication_identifier: Option<CommunicationIdentifierModel>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_on: Option<String>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_on: Option<String>,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessageContent {
    /// The text, of text and HTML messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The new topic, of `topicUpdated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Who was added or removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<Vec<ChatParticipant>>,
    /// The files, of text and HTML messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<ChatAttachment>,
    /// Who did it, of system messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiator_communication_identifier: Option<CommunicationIdentifierModel>,
}

/// `POST /chat/threads/{id}/participants/:add`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddChatParticipantsRequest {
    /// Whom to add.
    pub participants: Vec<ChatParticipant>,
}

/// The answer to [`AddChatParticipantsRequest`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddChatParticipantsResponse {
    /// Who could not be added, and why; absent where all could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_participants: Option<Vec<ErrorBody>>,
}

/// `POST /chat/threads/{id}/typing`. The body may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendTypingNotificationRequest {
    /// The sender's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_display_name: Option<String>,
}

/// `POST /chat/threads/{id}/readReceipts` and `/deliveryReceipts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendReceiptRequest {
    /// The message that was read, or has arrived.
    pub chat_message_id: String,
}

/// A reader's latest receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessageReadReceipt {
    /// Who read.
    pub sender_communication_identifier: CommunicationIdentifierModel,
    /// The message.
    pub chat_message_id: String,
    /// When.
    pub read_on: String,
}

/// The latest receipt of somebody whom messages reach. This server's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessageDeliveryReceipt {
    /// Whom it reached.
    pub sender_communication_identifier: CommunicationIdentifierModel,
    /// The message.
    pub chat_message_id: String,
    /// When.
    pub delivered_on: String,
}
