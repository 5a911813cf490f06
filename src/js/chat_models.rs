//! What the chat service answers, as plain objects: `Date`s for times, identifiers with their `kind`.

use std::collections::BTreeMap;

use js_sys::{Array, Date, Object};
use openline_protocol::{
    ErrorBody,
    rest::chat::{
        ChatMessage, ChatMessageContent, ChatMessageReadReceipt, ChatMessageType, ChatParticipant,
        ChatRetentionPolicy, ChatThreadItem, ChatThreadProperties, CreateChatThreadResponse, Page,
    },
};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::{
    identifiers::model_to_js,
    object::{self, Plain},
    paged,
};
use crate::rest::{self, error::error_to_js};

/// Reads a page of a list, with `to_js` for its items.
pub(crate) fn page<T: DeserializeOwned>(
    answer: &str,
    to_js: fn(&T) -> JsValue,
) -> Result<paged::Page, JsValue> {
    let page: Page<T> = rest::parse(answer)?;
    Ok((page.value.iter().map(to_js).collect(), page.next_link))
}

/// A time in ISO 8601 as a `Date`.
pub(crate) fn date(text: &str) -> JsValue {
    Date::new(&JsValue::from_str(text)).into()
}

fn opt_date(text: Option<&String>) -> JsValue {
    text.map_or(JsValue::UNDEFINED, |text| date(text))
}

/// String data of the application, as a plain object.
pub(crate) fn metadata(metadata: &BTreeMap<String, String>) -> JsValue {
    let object = Object::new();
    for (key, value) in metadata {
        object::set(&object, key, &value.into());
    }
    object.into()
}

fn opt_metadata(data: Option<&BTreeMap<String, String>>) -> JsValue {
    data.map_or(JsValue::UNDEFINED, metadata)
}

/// The word for a type of message.
pub(crate) const fn message_type(message_type: ChatMessageType) -> &'static str {
    match message_type {
        ChatMessageType::Text => "text",
        ChatMessageType::Html => "html",
        ChatMessageType::TopicUpdated => "topicUpdated",
        ChatMessageType::ParticipantAdded => "participantAdded",
        ChatMessageType::ParticipantRemoved => "participantRemoved",
    }
}

/// Participants that could not be added; absent where all could.
pub(crate) fn invalid_participants(errors: Option<&Vec<ErrorBody>>) -> JsValue {
    errors.map_or(JsValue::UNDEFINED, |errors| {
        object::array(errors.iter().map(error_to_js))
    })
}

pub(crate) fn create_result(created: &CreateChatThreadResponse) -> JsValue {
    Plain::new()
        .with("chatThread", thread_properties(&created.chat_thread))
        .with(
            "invalidParticipants",
            invalid_participants(created.invalid_participants.as_ref()),
        )
        .build()
}

pub(crate) fn thread_properties(thread: &ChatThreadProperties) -> JsValue {
    Plain::new()
        .with("id", thread.id.as_str())
        .with("topic", thread.topic.as_str())
        .with("createdOn", date(&thread.created_on))
        .with(
            "createdBy",
            model_to_js(&thread.created_by_communication_identifier),
        )
        .with("deletedOn", opt_date(thread.deleted_on.as_ref()))
        .with("metadata", opt_metadata(thread.metadata.as_ref()))
        .with(
            "retentionPolicy",
            thread
                .retention_policy
                .as_ref()
                .map_or(JsValue::UNDEFINED, retention_policy),
        )
        .build()
}

fn retention_policy(policy: &ChatRetentionPolicy) -> JsValue {
    match policy {
        ChatRetentionPolicy::None => Plain::new().with("kind", "none"),
        #[expect(clippy::cast_precision_loss, reason = "at most 90")]
        ChatRetentionPolicy::ThreadCreationDate {
            delete_thread_after_days,
        } => Plain::new()
            .with("kind", "threadCreationDate")
            .with("deleteThreadAfterDays", *delete_thread_after_days as f64),
    }
    .build()
}

pub(crate) fn thread_item(thread: &ChatThreadItem) -> JsValue {
    Plain::new()
        .with("id", thread.id.as_str())
        .with("topic", thread.topic.as_str())
        .with("deletedOn", opt_date(thread.deleted_on.as_ref()))
        .with(
            "lastMessageReceivedOn",
            opt_date(thread.last_message_received_on.as_ref()),
        )
        .build()
}

pub(crate) fn message(message: &ChatMessage) -> JsValue {
    let sender = message.sender_communication_identifier.as_ref();
    Plain::new()
        .with("id", message.id.as_str())
        .with("type", message_type(message.message_type))
        .with("sequenceId", message.sequence_id.as_str())
        .with("version", message.version.as_str())
        .with(
            "content",
            message.content.as_ref().map_or(JsValue::UNDEFINED, content),
        )
        .with("senderDisplayName", message.sender_display_name.clone())
        .with("createdOn", date(&message.created_on))
        .with("sender", sender.map_or(JsValue::UNDEFINED, model_to_js))
        .with("deletedOn", opt_date(message.deleted_on.as_ref()))
        .with("editedOn", opt_date(message.edited_on.as_ref()))
        .with("metadata", opt_metadata(message.metadata.as_ref()))
        .build()
}

fn content(content: &ChatMessageContent) -> JsValue {
    let participants = content.participants.as_ref();
    let initiator = content.initiator_communication_identifier.as_ref();
    Plain::new()
        .with("message", content.message.clone())
        .with("topic", content.topic.clone())
        .with(
            "participants",
            participants.map_or(JsValue::UNDEFINED, |list| {
                object::array(list.iter().map(participant))
            }),
        )
        .with("initiator", initiator.map_or(JsValue::UNDEFINED, model_to_js))
        .with(
            "attachments",
            content
                .message
                .as_ref()
                .map_or(JsValue::UNDEFINED, |_| Array::new().into()),
        )
        .build()
}

pub(crate) fn participant(participant: &ChatParticipant) -> JsValue {
    Plain::new()
        .with("id", model_to_js(&participant.communication_identifier))
        .with("displayName", participant.display_name.clone())
        .with(
            "shareHistoryTime",
            opt_date(participant.share_history_time.as_ref()),
        )
        .with("metadata", opt_metadata(participant.metadata.as_ref()))
        .build()
}

pub(crate) fn read_receipt(receipt: &ChatMessageReadReceipt) -> JsValue {
    Plain::new()
        .with("sender", model_to_js(&receipt.sender_communication_identifier))
        .with("chatMessageId", receipt.chat_message_id.as_str())
        .with("readOn", date(&receipt.read_on))
        .build()
}
