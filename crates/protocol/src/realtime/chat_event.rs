//! What happened in a chat thread. Events are facts: a client that missed one gets the same bytes later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    MessageId, RawId, ThreadId, Timestamp,
    rest::chat::{ChatAttachment, ChatMessageType, ChatRetentionPolicy},
};

/// A chat event. The names are those the chat client's handlers are registered under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ChatEvent {
    /// A text or HTML message was sent.
    ChatMessageReceived(ChatMessageEvent),
    /// Its sender changed a message.
    ChatMessageEdited(ChatMessageEvent),
    /// Its sender deleted a message. Carries no content.
    ChatMessageDeleted(ChatMessageEvent),
    /// A thread was created.
    ChatThreadCreated {
        /// The thread.
        thread: ChatThreadEvent,
        /// Everybody in it.
        participants: Vec<ChatEventParticipant>,
        /// Who created it.
        created_by: RawId,
        /// When.
        created_on: Timestamp,
    },
    /// Topic, metadata or retention changed.
    ChatThreadPropertiesUpdated {
        /// The thread as it is now.
        thread: ChatThreadEvent,
        /// Who changed it.
        updated_by: RawId,
        /// When.
        updated_on: Timestamp,
    },
    /// The thread was deleted.
    ChatThreadDeleted {
        /// The thread.
        thread: ChatThreadEvent,
        /// Who deleted it; absent where its retention policy did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deleted_by: Option<RawId>,
        /// Why.
        #[serde(default)]
        reason: ChatThreadDeletionReason,
        /// When.
        deleted_on: Timestamp,
    },
    /// People were added.
    ParticipantsAdded {
        /// The thread.
        thread: ChatThreadEvent,
        /// Who is new.
        participants: Vec<ChatEventParticipant>,
        /// Who added them.
        added_by: RawId,
        /// When.
        added_on: Timestamp,
    },
    /// People were removed, or left. They get this event too, as their last of the thread.
    ParticipantsRemoved {
        /// The thread.
        thread: ChatThreadEvent,
        /// Who is gone.
        participants: Vec<ChatEventParticipant>,
        /// Who removed them.
        removed_by: RawId,
        /// When.
        removed_on: Timestamp,
    },
    /// Somebody read up to a message, which has therefore arrived, too.
    ReadReceiptReceived {
        /// The thread.
        thread_id: ThreadId,
        /// The message.
        chat_message_id: MessageId,
        /// Who read.
        sender: RawId,
        /// The reader's name in the thread.
        sender_display_name: String,
        /// When.
        read_on: Timestamp,
    },
    /// A client of somebody has the messages up to one.
    DeliveryReceiptReceived {
        /// The thread.
        thread_id: ThreadId,
        /// The message.
        chat_message_id: MessageId,
        /// Whom it reached.
        sender: RawId,
        /// That participant's name in the thread.
        sender_display_name: String,
        /// When.
        delivered_on: Timestamp,
    },
    /// Somebody types. Not kept: who is offline never learns of it.
    TypingIndicatorReceived {
        /// The thread.
        thread_id: ThreadId,
        /// Who types.
        sender: RawId,
        /// The name given with the notification, or the one in the thread.
        sender_display_name: String,
        /// When.
        received_on: Timestamp,
        /// The time as a message version: decimal milliseconds.
        version: String,
    },
}

impl ChatEvent {
    /// The thread the event is about.
    #[must_use]
    pub const fn thread_id(&self) -> &ThreadId {
        match self {
            Self::ChatMessageReceived(message)
            | Self::ChatMessageEdited(message)
            | Self::ChatMessageDeleted(message) => &message.thread_id,
            Self::ChatThreadCreated { thread, .. }
            | Self::ChatThreadPropertiesUpdated { thread, .. }
            | Self::ChatThreadDeleted { thread, .. }
            | Self::ParticipantsAdded { thread, .. }
            | Self::ParticipantsRemoved { thread, .. } => &thread.thread_id,
            Self::ReadReceiptReceived { thread_id, .. }
            | Self::DeliveryReceiptReceived { thread_id, .. }
            | Self::TypingIndicatorReceived { thread_id, .. } => thread_id,
        }
    }
}

/// Why a thread is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChatThreadDeletionReason {
    /// Somebody deleted it.
    #[default]
    DeletedByUser,
    /// Its retention policy did.
    DeletedByPolicy,
}

/// A message as its events carry it. Once the message is edited, the events from before are told with what it says now;
/// once it is deleted, without content, metadata and files, and with `deletedOn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessageEvent {
    /// The thread.
    pub thread_id: ThreadId,
    /// The message.
    pub id: MessageId,
    /// Its place in the thread, decimal, from 1.
    pub sequence_id: String,
    /// The time of its last change, decimal milliseconds.
    pub version: String,
    /// Text or HTML.
    pub message_type: ChatMessageType,
    /// Who sent it.
    pub sender: RawId,
    /// The sender's name; empty where none was given.
    pub sender_display_name: String,
    /// When it was sent.
    pub created_on: Timestamp,
    /// The content; absent once the message is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// The files, without their addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<ChatAttachment>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_on: Option<Timestamp>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_on: Option<Timestamp>,
}

/// A thread as its events carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatThreadEvent {
    /// The thread.
    pub thread_id: ThreadId,
    /// The time of its last change, decimal milliseconds.
    pub version: String,
    /// The topic.
    pub topic: String,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// When the thread deletes itself; absent where nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_policy: Option<ChatRetentionPolicy>,
}

/// A participant as events carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatEventParticipant {
    /// Who.
    pub raw_id: RawId,
    /// The name in the thread; empty where none was given.
    pub display_name: String,
    /// From when on the participant sees messages.
    pub share_history_time: Timestamp,
    /// The application's own data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}
