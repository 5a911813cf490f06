//! What the log says of a message. The event of a message that was never changed has all of it, so that it is read from
//! the log alone. With the first change the message is the only place that says anything: its events are told with what
//! it says now, or that it is deleted. So nothing keeps what somebody took back, and a change costs the same however
//! many there were before.

use std::borrow::Cow;

use openline_protocol::{
    ResourceId, Timestamp,
    realtime::{ChatEvent, ChatMessageEvent},
};

use super::{
    act::Act,
    frame::{logged_frame, serialise},
};
use crate::{
    bus::BusEvent,
    domain::DomainError,
    storage::{
        StorageError, Transaction,
        chat::{EventRow, MessageRow, ThreadKey},
    },
};

/// Events read at a time: a message that was edited by an older server has many, and each may be large.
const BATCH: u32 = 32;

/// An event of a change as the log keeps it; `None` where it keeps the whole.
pub(super) fn without_content(event: &ChatEvent) -> Option<ChatEvent> {
    let ChatEvent::ChatMessageEdited(message) = event else {
        return None;
    };
    Some(ChatEvent::ChatMessageEdited(blank(message.clone())))
}

/// Before a message is changed: its events leave what it says to it. Their places stay, so that a client that was away
/// misses none. What it said goes from the disk soon after the commit.
pub(super) async fn leave_content_to_message(
    tx: &mut dyn Transaction,
    act: &Act,
    key: ThreadKey,
    message_id: Timestamp,
) -> Result<(), DomainError> {
    let scrubs = act.scrubs.clone();
    tx.after_commit(Box::new(move || scrubs.ask()));
    let mut after = 0;
    loop {
        let rows = tx
            .list_chat_events_about(&act.resource_id, key, message_id, after, BATCH)
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.position;
        for row in &rows {
            let Some(event) = of_message(parse(&row.event)?, blank) else {
                continue;
            };
            tx.rewrite_chat_event(&act.resource_id, row.position, &serialise(&event))
                .await?;
        }
    }
}

/// Events of the log as they are told.
pub(super) async fn told(
    tx: &mut dyn Transaction,
    resource_id: &ResourceId,
    rows: Vec<EventRow>,
) -> Result<Vec<BusEvent>, DomainError> {
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let event = match row.content_in {
            None => Cow::Borrowed(row.event.as_str()),
            Some((key, message_id)) => {
                let message = tx.find_chat_message(resource_id, key, message_id).await?;
                Cow::Owned(with_content(&row.event, message)?)
            }
        };
        events.push(BusEvent {
            position: Some(row.position),
            frame: logged_frame(row.position, row.thread_sequence, &event),
        });
    }
    Ok(events)
}

fn with_content(event: &str, message: Option<MessageRow>) -> Result<String, DomainError> {
    let event = parse(event)?;
    let Some(row) = message else {
        // Erased with its thread; its events are about to go, too.
        return Ok(serialise(&event));
    };
    let filled = of_message(event, |message| ChatMessageEvent {
        message: row.content,
        metadata: row.metadata.unwrap_or_default(),
        attachments: row.attachments,
        deleted_on: row.deleted_on,
        ..message
    });
    let filled = filled.ok_or(StorageError::Corrupt { what: "event" })?;
    Ok(serialise(&filled))
}

fn blank(message: ChatMessageEvent) -> ChatMessageEvent {
    ChatMessageEvent {
        message: None,
        metadata: Default::default(),
        attachments: Vec::new(),
        ..message
    }
}

/// Changes what an event says of the content of a message; `None` where it says nothing of it.
fn of_message(
    event: ChatEvent,
    change: impl FnOnce(ChatMessageEvent) -> ChatMessageEvent,
) -> Option<ChatEvent> {
    match event {
        ChatEvent::ChatMessageReceived(message) => Some(ChatEvent::ChatMessageReceived(change(message))),
        ChatEvent::ChatMessageEdited(message) => Some(ChatEvent::ChatMessageEdited(change(message))),
        ChatEvent::ChatMessageDeleted(_)
        | ChatEvent::ChatThreadCreated { .. }
        | ChatEvent::ChatThreadPropertiesUpdated { .. }
        | ChatEvent::ChatThreadDeleted { .. }
        | ChatEvent::ParticipantsAdded { .. }
        | ChatEvent::ParticipantsRemoved { .. }
        | ChatEvent::DeliveryReceiptReceived { .. }
        | ChatEvent::ReadReceiptReceived { .. }
        | ChatEvent::TypingIndicatorReceived { .. } => None,
    }
}

fn parse(event: &str) -> Result<ChatEvent, StorageError> {
    serde_json::from_str(event).map_err(|_malformed| StorageError::Corrupt { what: "event" })
}
