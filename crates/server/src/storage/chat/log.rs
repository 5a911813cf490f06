//! Rows of the log of events.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};

use super::ThreadKey;
use crate::storage::StorageError;

/// An event to append.
#[derive(Clone, Copy)]
pub struct NewEventRow<'a> {
    /// The thread it happened in.
    pub key: ThreadKey,
    /// Its place among the events of the thread, from 1.
    pub thread_sequence: u64,
    /// When.
    pub created_on: Timestamp,
    /// The creation time of the message it tells of, if it tells of one.
    pub about_on: Option<Timestamp>,
    /// Whether the event leaves out what that message says.
    pub content_in_message: bool,
    /// The serialised event.
    pub event: &'a str,
}

impl std::fmt::Debug for NewEventRow<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewEventRow")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// An event in the log.
#[derive(Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its place.
    pub position: u64,
    /// Its place among the events of its thread; `None` for those logged before threads counted them.
    pub thread_sequence: Option<u64>,
    /// The message that says what the event leaves out.
    pub content_in: Option<(ThreadKey, Timestamp)>,
    /// The serialised event, the bytes that were appended.
    pub event: String,
}

impl std::fmt::Debug for EventRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventRow")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// A part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventWindow {
    /// After this position.
    pub after: u64,
    /// Up to and including this one.
    pub through: u64,
    /// So many events at most.
    pub limit: u32,
}

/// Operations on the log.
#[async_trait]
pub trait ChatLogTx {
    /// Appends an event and returns its position, above all before.
    async fn append_chat_event(
        &mut self,
        resource_id: &ResourceId,
        row: NewEventRow<'_>,
    ) -> Result<u64, StorageError>;

    /// The position of the last event of all resources, kept or pruned.
    async fn chat_log_head(&mut self) -> Result<u64, StorageError>;

    /// The position of the last event of the resource that was pruned; 0 if none was.
    async fn chat_log_pruned_through(&mut self, resource_id: &ResourceId) -> Result<u64, StorageError>;

    /// The events of the window that concern `raw_id`: those of its threads, while it was in them, of the
    /// history that it shares now, or shared last. Where it came back it is told of its removal before, and of nothing
    /// else from before that history. In order.
    async fn list_chat_events(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        window: EventWindow,
    ) -> Result<Vec<EventRow>, StorageError>;

    /// The events after position `after` that tell of the message created at `about_on` and leave nothing out, in order,
    /// at most `limit`.
    async fn list_chat_events_about(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        about_on: Timestamp,
        after: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>, StorageError>;

    /// Replaces what an event says; what it leaves out says its message.
    async fn rewrite_chat_event(
        &mut self,
        resource_id: &ResourceId,
        position: u64,
        event: &str,
    ) -> Result<(), StorageError>;

    /// Forgets the oldest events of all resources, those from before `before`, at most `limit`; returns
    /// how many.
    async fn prune_chat_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;
}
