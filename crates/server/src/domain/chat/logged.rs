//! How a change is told: an event in the log, in the transaction of the change, and on the bus once that is on disk.

use std::sync::Arc;

use openline_chat::next_sequence;
use openline_protocol::{RawId, ResourceId, Timestamp, realtime::ChatEvent};

use super::{
    event_content::without_content,
    frame::{logged_frame, serialise},
};
use crate::{
    bus::{BusEvent, EventBus, Publication},
    domain::DomainError,
    storage::{
        Transaction,
        chat::{NewEventRow, ThreadKey, ThreadRow},
    },
};

/// What is told of a thread.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) event: &'a ChatEvent,
    /// The creation time of the message it tells of.
    pub(super) about_on: Option<Timestamp>,
    pub(super) now: Timestamp,
}

/// An event in the log that waits to be told.
pub(super) struct Logged {
    pub(super) position: u64,
    event: BusEvent,
}

impl Logged {
    /// Appends an event to the log and saves the thread's clock and counters.
    pub(super) async fn append(
        tx: &mut dyn Transaction,
        resource_id: &ResourceId,
        key: ThreadKey,
        thread: &mut ThreadRow,
        told: Told<'_>,
    ) -> Result<Self, DomainError> {
        let json = serialise(told.event);
        let kept = without_content(told.event).map(|event| serialise(&event));
        thread.last_event_sequence = next_sequence(thread.last_event_sequence);
        tx.advance_chat_thread(resource_id, key, thread).await?;
        let thread_sequence = thread.last_event_sequence;
        let row = NewEventRow {
            key,
            thread_sequence,
            created_on: told.now,
            about_on: told.about_on,
            content_in_message: kept.is_some(),
            event: kept.as_deref().unwrap_or(&json),
        };
        let position = tx.append_chat_event(resource_id, row).await?;
        let event = BusEvent {
            position: Some(position),
            frame: logged_frame(position, Some(thread_sequence), &json),
        };
        Ok(Self { position, event })
    }

    /// Publishes the event once the transaction is on disk.
    pub(super) fn publish(
        self,
        tx: &mut dyn Transaction,
        bus: &Arc<dyn EventBus>,
        resource_id: &ResourceId,
        recipients: Vec<RawId>,
    ) {
        let publication = Publication::Event {
            resource_id: resource_id.clone(),
            recipients,
            event: self.event,
        };
        let bus = Arc::clone(bus);
        tx.after_commit(Box::new(move || bus.publish(publication)));
    }
}
