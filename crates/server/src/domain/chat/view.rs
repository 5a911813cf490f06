//! Rows as REST shows them.

use openline_protocol::{
    ErrorBody, RawId,
    realtime::{ChatEventParticipant, ChatMessageEvent, ChatThreadEvent},
    rest::chat::{
        ChatMessage, ChatMessageContent, ChatMessageDeliveryReceipt, ChatMessageReadReceipt, ChatMessageType,
        ChatParticipant, ChatThreadItem, ChatThreadProperties,
    },
};

use super::{iso_millis, iso_seconds, open_thread::OpenThread};
use crate::storage::{
    StorageError,
    chat::{MessageRow, ParticipantRow, ReceiptRow, ThreadItemRow, ThreadRow},
};

/// A page of a list that is counted off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<T> {
    /// The items.
    pub items: Vec<T>,
    /// How many items to skip for the next page; `None` on the last one.
    pub next_skip: Option<u32>,
}

impl<T> Slice<T> {
    /// A page of up to `size` items out of one more than that.
    pub(super) fn of(items: Vec<T>, skip: u32, size: u32) -> Self {
        let (items, more) = page_of(items, size);
        let next_skip = more.then(|| skip.saturating_add(size));
        Self { items, next_skip }
    }
}

/// A page of up to `size` items out of one more than that, and whether there is another page.
pub(super) fn page_of<T>(mut items: Vec<T>, size: u32) -> (Vec<T>, bool) {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = items.len() > size;
    items.truncate(size);
    (items, more)
}

pub(super) fn thread(row: &ThreadRow) -> ChatThreadProperties {
    ChatThreadProperties {
        id: row.thread_id.as_str().to_owned(),
        topic: row.topic.clone(),
        created_on: iso_seconds(row.created_on),
        created_by_communication_identifier: (&row.created_by).into(),
        deleted_on: row.deleted_on.map(iso_seconds),
        metadata: row.metadata.clone(),
        retention_policy: row.retention.clone(),
    }
}

pub(super) fn thread_item(row: ThreadItemRow) -> ChatThreadItem {
    ChatThreadItem {
        id: row.thread_id.into_string(),
        topic: row.topic,
        deleted_on: row.deleted_on.map(iso_seconds),
        last_message_received_on: Some(iso_seconds(row.last_message_on)),
    }
}

pub(super) fn participant(row: &ParticipantRow) -> ChatParticipant {
    ChatParticipant {
        communication_identifier: (&row.raw_id).into(),
        display_name: (!row.display_name.is_empty()).then(|| row.display_name.clone()),
        share_history_time: Some(iso_millis(row.share_history_time)),
        metadata: row.metadata.clone(),
    }
}

pub(super) fn event_participant(row: &ParticipantRow) -> ChatEventParticipant {
    ChatEventParticipant {
        raw_id: row.raw_id.clone(),
        display_name: row.display_name.clone(),
        share_history_time: row.share_history_time,
        metadata: row.metadata.clone().unwrap_or_default(),
    }
}

/// A message. System messages have no sender and no sender's name.
pub(super) fn message(row: MessageRow) -> Result<ChatMessage, StorageError> {
    let is_system = row.sender.is_none();
    let content = match (row.message_type, row.content) {
        (_, None) => None,
        (ChatMessageType::Text | ChatMessageType::Html, Some(text)) => Some(ChatMessageContent {
            message: Some(text),
            attachments: row.attachments,
            ..ChatMessageContent::default()
        }),
        (
            ChatMessageType::TopicUpdated
            | ChatMessageType::ParticipantAdded
            | ChatMessageType::ParticipantRemoved,
            Some(json),
        ) => Some(
            serde_json::from_str(&json).map_err(|_malformed| StorageError::Corrupt {
                what: "system message",
            })?,
        ),
    };
    Ok(ChatMessage {
        id: row.message_id.as_millis().to_string(),
        message_type: row.message_type,
        sequence_id: row.sequence.to_string(),
        version: row.version.as_millis().to_string(),
        content,
        sender_display_name: (!is_system).then_some(row.sender_display_name),
        created_on: iso_seconds(row.message_id),
        sender_communication_identifier: row.sender.as_ref().map(Into::into),
        deleted_on: row.deleted_on.map(iso_seconds),
        edited_on: row.edited_on.map(iso_seconds),
        metadata: row.metadata,
    })
}

/// A thread as events carry it.
pub(super) fn event_thread(row: &ThreadRow) -> ChatThreadEvent {
    ChatThreadEvent {
        thread_id: row.thread_id.clone(),
        version: row.version.as_millis().to_string(),
        topic: row.topic.clone(),
        metadata: row.metadata.clone().unwrap_or_default(),
        retention_policy: row.retention.clone(),
    }
}

/// A message that `sender` sent, as events carry it.
pub(super) fn message_event(open: &OpenThread, row: &MessageRow, sender: &RawId) -> ChatMessageEvent {
    ChatMessageEvent {
        thread_id: open.thread.thread_id.clone(),
        id: row.message_id.as_millis().to_string().into(),
        sequence_id: row.sequence.to_string(),
        version: row.version.as_millis().to_string(),
        message_type: row.message_type,
        sender: sender.clone(),
        sender_display_name: row.sender_display_name.clone(),
        created_on: row.message_id,
        message: row.content.clone(),
        metadata: row.metadata.clone().unwrap_or_default(),
        attachments: row.attachments.clone(),
        edited_on: row.edited_on,
        deleted_on: row.deleted_on,
    }
}

pub(super) fn read_receipt(row: &ReceiptRow) -> ChatMessageReadReceipt {
    ChatMessageReadReceipt {
        sender_communication_identifier: (&row.participant).into(),
        chat_message_id: row.message_id.as_millis().to_string(),
        read_on: iso_seconds(row.received_on),
    }
}

pub(super) fn delivery_receipt(row: &ReceiptRow) -> ChatMessageDeliveryReceipt {
    ChatMessageDeliveryReceipt {
        sender_communication_identifier: (&row.participant).into(),
        chat_message_id: row.message_id.as_millis().to_string(),
        delivered_on: iso_seconds(row.received_on),
    }
}

/// Why somebody could not be added. `target` is the raw id exactly: clients match by it.
pub(super) fn invalid_participant(raw_id: &RawId, code: &str, message: &str) -> ErrorBody {
    ErrorBody {
        code: code.to_owned(),
        message: message.to_owned(),
        target: Some(raw_id.as_str().to_owned()),
        ..ErrorBody::default()
    }
}
