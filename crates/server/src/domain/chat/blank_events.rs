//! What the log says of a message once it is deleted: that it was there, not what it said.

use openline_protocol::{
    Timestamp,
    realtime::{ChatEvent, ChatMessageEvent},
};

use super::{act::Act, frame::serialise};
use crate::{
    domain::DomainError,
    storage::{StorageError, Transaction, chat::ThreadKey},
};

/// Events read at a time: a message has as many as it was edited, and each may be large.
const BATCH: u32 = 32;

/// Takes content, metadata and files out of the events of the message created at `message_id`. Their places stay, so
/// that a client that was away misses none.
pub(super) async fn blank_events(
    tx: &mut dyn Transaction,
    act: &Act,
    key: ThreadKey,
    message_id: Timestamp,
) -> Result<(), DomainError> {
    let mut after = 0;
    loop {
        let rows = tx
            .list_chat_events_about(&act.resource_id, key, message_id, after, BATCH)
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.position;
        for row in &rows {
            let event = serde_json::from_str(&row.event)
                .map_err(|_malformed| StorageError::Corrupt { what: "event" })?;
            if let Some(event) = blanked(event, act.now) {
                tx.rewrite_chat_event(&act.resource_id, row.position, &serialise(&event))
                    .await?;
            }
        }
    }
}

/// The event as it is told from now on; `None` where it says nothing of the content.
fn blanked(event: ChatEvent, deleted_on: Timestamp) -> Option<ChatEvent> {
    let blank = |message: ChatMessageEvent| ChatMessageEvent {
        message: None,
        metadata: Default::default(),
        attachments: Vec::new(),
        deleted_on: Some(deleted_on),
        ..message
    };
    match event {
        ChatEvent::ChatMessageReceived(message) => Some(ChatEvent::ChatMessageReceived(blank(message))),
        ChatEvent::ChatMessageEdited(message) => Some(ChatEvent::ChatMessageEdited(blank(message))),
        ChatEvent::ChatMessageDeleted(_)
        | ChatEvent::ChatThreadCreated { .. }
        | ChatEvent::ChatThreadPropertiesUpdated { .. }
        | ChatEvent::ChatThreadDeleted { .. }
        | ChatEvent::ParticipantsAdded { .. }
        | ChatEvent::ParticipantsRemoved { .. }
        | ChatEvent::ReadReceiptReceived { .. }
        | ChatEvent::TypingIndicatorReceived { .. } => None,
    }
}
