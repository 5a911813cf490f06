//! Chat events in the client's payloads: flat objects, told apart by `eventId`; what is nested is JSON within a string.

mod message;
mod text;
mod thread;

use openline_protocol::{RawId, realtime::ChatEvent};
use serde::Serialize;

/// The payload of an event for one recipient, serialised; `None` for what the client has no event for.
#[must_use]
pub fn payload(event: &ChatEvent, recipient: &RawId) -> Option<String> {
    Some(match event {
        ChatEvent::ChatMessageReceived(event) => message::received(event, recipient),
        ChatEvent::ChatMessageEdited(event) => message::edited(event, recipient),
        ChatEvent::ChatMessageDeleted(event) => message::deleted(event, recipient),
        ChatEvent::TypingIndicatorReceived {
            thread_id,
            sender,
            sender_display_name,
            received_on,
            version,
        } => {
            let about = message::About::new(245, thread_id, sender, recipient);
            message::typing(about, sender_display_name, *received_on, version)
        }
        ChatEvent::ReadReceiptReceived {
            thread_id,
            chat_message_id,
            sender,
            read_on,
            ..
        } => {
            let about = message::About::new(246, thread_id, sender, recipient);
            message::read(about, chat_message_id, *read_on)
        }
        ChatEvent::DeliveryReceiptReceived { .. } => return None,
        ChatEvent::ChatThreadCreated {
            thread,
            participants,
            created_by,
            created_on,
        } => thread::created(thread, participants, created_by, *created_on),
        ChatEvent::ChatThreadPropertiesUpdated {
            thread,
            updated_by,
            updated_on,
        } => thread::updated(thread, updated_by, *updated_on),
        ChatEvent::ChatThreadDeleted {
            thread,
            deleted_by,
            reason,
            deleted_on,
        } => thread::deleted(thread, deleted_by.as_ref(), *reason, *deleted_on),
        ChatEvent::ParticipantsAdded {
            thread,
            participants,
            added_by,
            added_on,
        } => thread::participants_added(thread, participants, added_by, *added_on),
        ChatEvent::ParticipantsRemoved {
            thread,
            participants,
            removed_by,
            removed_on,
        } => thread::participants_removed(thread, participants, removed_by, *removed_on),
    })
}

fn written(payload: &impl Serialize) -> String {
    serde_json::to_string(payload).expect("it has string keys and no failing serialiser")
}
