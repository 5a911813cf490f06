//! Rows of participants and of the time they were in a thread.

use std::collections::BTreeMap;

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};

use super::ThreadKey;
use crate::storage::StorageError;

/// A participant of a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantRow {
    /// Who.
    pub raw_id: RawId,
    /// The name in the thread; empty where none was given.
    pub display_name: String,
    /// From when on the participant sees messages.
    pub share_history_time: Timestamp,
    /// The application's own data.
    pub metadata: Option<BTreeMap<String, String>>,
    /// The position in the log at which the participant came: the place in the list.
    pub ordinal: u64,
}

/// What is kept of a thread for somebody who leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipEnd {
    /// The position of the removal.
    pub position: u64,
    /// The topic then.
    pub topic: String,
    /// When the last message was stored.
    pub last_message_on: Timestamp,
}

/// Operations on participants. Whoever is in a thread has an open membership interval too; callers keep both.
#[async_trait]
pub trait ChatParticipantTx {
    /// Adds a participant, or replaces one.
    async fn put_chat_participant(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ParticipantRow,
    ) -> Result<(), StorageError>;

    /// The participant, if it is one.
    async fn find_chat_participant(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        raw_id: &RawId,
    ) -> Result<Option<ParticipantRow>, StorageError>;

    /// Removes a participant.
    async fn delete_chat_participant(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        raw_id: &RawId,
    ) -> Result<(), StorageError>;

    /// How many there are.
    async fn count_chat_participants(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
    ) -> Result<usize, StorageError>;

    /// The participants in the order in which they came.
    async fn list_chat_participants(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<ParticipantRow>, StorageError>;

    /// Who is told of something in the thread: everybody, or those who share the history of `about_on`.
    async fn list_chat_recipients(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        about_on: Option<Timestamp>,
    ) -> Result<Vec<RawId>, StorageError>;

    /// Begins a participant's interval at `from_position`.
    async fn open_chat_membership(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        participant: &ParticipantRow,
        from_position: u64,
    ) -> Result<(), StorageError>;

    /// Changes from when on the open interval shares the history.
    async fn update_chat_membership(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        participant: &ParticipantRow,
    ) -> Result<(), StorageError>;

    /// Ends the open interval of `raw_id`.
    async fn close_chat_membership(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        raw_id: &RawId,
        end: &MembershipEnd,
    ) -> Result<(), StorageError>;

    /// Forgets intervals that ended before the first event of the log, at most `limit`; returns how many. The latest of
    /// somebody's in a thread stays, unless the identity was deleted: the list of threads shows it.
    async fn prune_chat_memberships(&mut self, limit: u32) -> Result<u64, StorageError>;
}
