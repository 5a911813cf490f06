//! Chat events as the listeners of `ChatClient` get them.

use js_sys::{Array, Date};
use openline_protocol::{
    RawId, Timestamp,
    realtime::{ChatEvent, ChatEventParticipant, ChatMessageEvent, ChatThreadEvent},
};
use wasm_bindgen::JsValue;

use super::{
    chat_models::{message_type, metadata},
    identifiers::raw_id_to_js,
    object::{self, Plain},
};

/// The name that listeners are registered under.
pub(crate) const fn event_name(event: &ChatEvent) -> &'static str {
    match event {
        ChatEvent::ChatMessageReceived(_) => "chatMessageReceived",
        ChatEvent::ChatMessageEdited(_) => "chatMessageEdited",
        ChatEvent::ChatMessageDeleted(_) => "chatMessageDeleted",
        ChatEvent::TypingIndicatorReceived { .. } => "typingIndicatorReceived",
        ChatEvent::ReadReceiptReceived { .. } => "readReceiptReceived",
        ChatEvent::ChatThreadCreated { .. } => "chatThreadCreated",
        ChatEvent::ChatThreadPropertiesUpdated { .. } => "chatThreadPropertiesUpdated",
        ChatEvent::ChatThreadDeleted { .. } => "chatThreadDeleted",
        ChatEvent::ParticipantsAdded { .. } => "participantsAdded",
        ChatEvent::ParticipantsRemoved { .. } => "participantsRemoved",
    }
}

/// What listeners get. `recipient` is who is signed in.
pub(crate) fn event_to_js(event: &ChatEvent, recipient: Option<&RawId>) -> JsValue {
    match event {
        ChatEvent::ChatMessageReceived(message) => message_with_content(message, recipient),
        ChatEvent::ChatMessageEdited(message) => {
            message_with_content(message, recipient).with("editedOn", message.edited_on.map(date))
        }
        ChatEvent::ChatMessageDeleted(deleted) => {
            message(deleted, recipient).with("deletedOn", deleted.deleted_on.map(date))
        }
        ChatEvent::TypingIndicatorReceived {
            thread_id,
            sender,
            sender_display_name,
            received_on,
            version,
        } => in_thread(thread_id.as_str(), sender, sender_display_name, recipient)
            .with("version", version.as_str())
            .with("receivedOn", date(*received_on)),
        ChatEvent::ReadReceiptReceived {
            thread_id,
            chat_message_id,
            sender,
            sender_display_name,
            read_on,
        } => in_thread(thread_id.as_str(), sender, sender_display_name, recipient)
            .with("chatMessageId", chat_message_id.as_str())
            .with("readOn", date(*read_on)),
        ChatEvent::ChatThreadCreated {
            thread,
            participants,
            created_by,
            created_on,
        } => changed_thread(thread, "created", *created_on, created_by, participants)
            .with("properties", properties(thread))
            .with("participants", self::participants(participants)),
        ChatEvent::ChatThreadPropertiesUpdated {
            thread,
            updated_by,
            updated_on,
        } => changed_thread(thread, "updated", *updated_on, updated_by, &[])
            .with("properties", properties(thread)),
        ChatEvent::ChatThreadDeleted {
            thread,
            deleted_by,
            deleted_on,
        } => changed_thread(thread, "deleted", *deleted_on, deleted_by, &[]).with("reason", "deletedByUser"),
        ChatEvent::ParticipantsAdded {
            thread,
            participants,
            added_by,
            added_on,
        } => changed_thread(thread, "added", *added_on, added_by, participants)
            .with("participantsAdded", self::participants(participants)),
        ChatEvent::ParticipantsRemoved {
            thread,
            participants,
            removed_by,
            removed_on,
        } => changed_thread(thread, "removed", *removed_on, removed_by, participants)
            .with("participantsRemoved", self::participants(participants)),
    }
    .build()
}

fn in_thread(thread_id: &str, sender: &RawId, sender_display_name: &str, recipient: Option<&RawId>) -> Plain {
    Plain::new()
        .with("threadId", thread_id)
        .with("sender", raw_id_to_js(sender))
        .with("senderDisplayName", sender_display_name)
        .with("recipient", raw_id_to_js(recipient.unwrap_or(&RawId::new(""))))
}

fn message(message: &ChatMessageEvent, recipient: Option<&RawId>) -> Plain {
    in_thread(
        message.thread_id.as_str(),
        &message.sender,
        &message.sender_display_name,
        recipient,
    )
    .with("id", message.id.as_str())
    .with("createdOn", date(message.created_on))
    .with("version", message.version.as_str())
    .with("type", message_type(message.message_type))
}

fn message_with_content(event: &ChatMessageEvent, recipient: Option<&RawId>) -> Plain {
    message(event, recipient)
        .with("message", event.message.as_deref().unwrap_or_default())
        .with("metadata", metadata(&event.metadata))
        .with("attachments", Array::new())
}

/// What every change of a thread tells: when and by whom, in the fields of that verb.
fn changed_thread(
    thread: &ChatThreadEvent,
    verb: &str,
    on: Timestamp,
    by: &RawId,
    participants: &[ChatEventParticipant],
) -> Plain {
    Plain::new()
        .with("threadId", thread.thread_id.as_str())
        .with("version", thread.version.as_str())
        .with(&[verb, "On"].concat(), date(on))
        .with(&[verb, "By"].concat(), who(by, participants))
}

fn properties(thread: &ChatThreadEvent) -> JsValue {
    Plain::new()
        .with("topic", thread.topic.as_str())
        .with("metadata", metadata(&thread.metadata))
        .build()
}

/// Who did it, with the name and history of the list where the person is in it.
fn who(raw_id: &RawId, participants: &[ChatEventParticipant]) -> JsValue {
    match participants
        .iter()
        .find(|participant| participant.raw_id == *raw_id)
    {
        Some(known) => participant(known),
        None => Plain::new()
            .with("id", raw_id_to_js(raw_id))
            .with("displayName", "")
            .with("metadata", Plain::new().build())
            .build(),
    }
}

fn participants(participants: &[ChatEventParticipant]) -> JsValue {
    object::array(participants.iter().map(participant))
}

fn participant(participant: &ChatEventParticipant) -> JsValue {
    Plain::new()
        .with("id", raw_id_to_js(&participant.raw_id))
        .with("displayName", participant.display_name.as_str())
        .with("metadata", Plain::new().build())
        .with("shareHistoryTime", date(participant.share_history_time))
        .build()
}

#[expect(clippy::cast_precision_loss, reason = "exact for any date")]
fn date(time: Timestamp) -> JsValue {
    Date::new(&JsValue::from_f64(time.as_millis() as f64)).into()
}
