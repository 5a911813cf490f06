//! Participants and their membership intervals in SQLite.

use async_trait::async_trait;
use openline_chat::PageRequest;
use openline_protocol::{RawId, ResourceId, Timestamp};
use sqlx::{Row, sqlite::SqliteRow};

use super::columns::{metadata, metadata_column, number, number_column};
use crate::storage::{
    StorageError,
    chat::{ChatParticipantTx, MembershipEnd, ParticipantRow, ThreadKey},
    sqlite::{
        SqliteTransaction,
        resource::{timestamp, to_column},
    },
};

const PUT: &str = "INSERT INTO chat_participants \
     (resource_id, thread_key, raw_id, display_name, share_history_time, metadata, ordinal) \
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, thread_key, raw_id) DO UPDATE SET \
     display_name = excluded.display_name, share_history_time = excluded.share_history_time, \
     metadata = excluded.metadata, ordinal = excluded.ordinal";

pub(super) const FIND: &str = "SELECT raw_id, display_name, share_history_time, metadata, ordinal \
     FROM chat_participants WHERE resource_id = ? AND thread_key = ? AND raw_id = ?";

pub(super) const DELETE: &str =
    "DELETE FROM chat_participants WHERE resource_id = ? AND thread_key = ? AND raw_id = ?";

pub(super) const COUNT: &str =
    "SELECT count(*) AS participants FROM chat_participants WHERE resource_id = ? AND thread_key = ?";

pub(super) const LIST: &str = "SELECT raw_id, display_name, share_history_time, metadata, ordinal \
     FROM chat_participants WHERE resource_id = ? AND thread_key = ? \
     ORDER BY ordinal, raw_id LIMIT ? OFFSET ?";

/// One row for all of them: rows are what costs, and a raw id of this resource has no line break.
pub(super) const RECIPIENTS: &str = "SELECT group_concat(raw_id, char(10)) AS raw_ids \
     FROM chat_participants WHERE resource_id = ? AND thread_key = ? AND share_history_time <= ?";

pub(super) const SUPERSEDE: &str = "UPDATE chat_memberships SET latest = 0 \
     WHERE resource_id = ? AND raw_id = ? AND thread_key = ? AND latest = 1";

pub(super) const UPDATE_MEMBERSHIP: &str = "UPDATE chat_memberships SET share_history_time = ?4 \
     WHERE resource_id = ?1 AND raw_id = ?2 AND thread_key = ?3 AND to_position IS NULL";

pub(super) const CLOSE: &str = "UPDATE chat_memberships \
     SET to_position = ?4, left_topic = ?5, left_message_on = ?6 \
     WHERE resource_id = ?1 AND raw_id = ?2 AND thread_key = ?3 AND to_position IS NULL";

/// The first row of the log says how far it was pruned. What the log has no event of any more is asked of no interval.
pub(super) const PRUNE_MEMBERSHIPS: &str = "DELETE FROM chat_memberships \
     WHERE (resource_id, raw_id, thread_key, from_position) IN (\
     SELECT resource_id, raw_id, thread_key, from_position FROM chat_memberships \
     WHERE latest = 0 AND to_position < coalesce((SELECT min(position) FROM chat_events), \
     9223372036854775807) ORDER BY to_position LIMIT ?)";

#[async_trait]
impl ChatParticipantTx for SqliteTransaction {
    async fn put_chat_participant(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ParticipantRow,
    ) -> Result<(), StorageError> {
        sqlx::query(PUT)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(row.raw_id.as_str())
            .bind(&row.display_name)
            .bind(to_column(row.share_history_time))
            .bind(metadata_column(row.metadata.as_ref()))
            .bind(number_column(row.ordinal))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn find_chat_participant(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        raw_id: &RawId,
    ) -> Result<Option<ParticipantRow>, StorageError> {
        let row = self.row_of(FIND, resource_id, key, raw_id).await?;
        row.as_ref().map(participant).transpose()
    }

    async fn delete_chat_participant(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        raw_id: &RawId,
    ) -> Result<(), StorageError> {
        sqlx::query(DELETE)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(raw_id.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn count_chat_participants(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
    ) -> Result<usize, StorageError> {
        let row = sqlx::query(COUNT)
            .bind(resource_id.as_str())
            .bind(key.0)
            .fetch_one(self.connection())
            .await?;
        Ok(usize::try_from(number(&row, "participants")?).unwrap_or(usize::MAX))
    }

    async fn list_chat_participants(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<ParticipantRow>, StorageError> {
        let page = PageRequest { skip, size: limit };
        let rows = self.rows_of(LIST, resource_id, key, page).await?;
        rows.iter().map(participant).collect()
    }

    async fn list_chat_recipients(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        about_on: Option<Timestamp>,
    ) -> Result<Vec<RawId>, StorageError> {
        let row = sqlx::query(RECIPIENTS)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(about_on.map_or(i64::MAX, to_column))
            .fetch_one(self.connection())
            .await?;
        let raw_ids: Option<&str> = row.try_get("raw_ids")?;
        Ok(raw_ids
            .into_iter()
            .flat_map(|raw_ids| raw_ids.split('\n'))
            .map(RawId::from)
            .collect())
    }

    async fn open_chat_membership(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        participant: &ParticipantRow,
        from_position: u64,
    ) -> Result<(), StorageError> {
        sqlx::query(SUPERSEDE)
            .bind(resource_id.as_str())
            .bind(participant.raw_id.as_str())
            .bind(key.0)
            .execute(self.connection())
            .await?;
        sqlx::query(
            "INSERT INTO chat_memberships \
             (resource_id, raw_id, thread_key, from_position, share_history_time) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(resource_id.as_str())
        .bind(participant.raw_id.as_str())
        .bind(key.0)
        .bind(number_column(from_position))
        .bind(to_column(participant.share_history_time))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn update_chat_membership(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        participant: &ParticipantRow,
    ) -> Result<(), StorageError> {
        sqlx::query(UPDATE_MEMBERSHIP)
            .bind(resource_id.as_str())
            .bind(participant.raw_id.as_str())
            .bind(key.0)
            .bind(to_column(participant.share_history_time))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn close_chat_membership(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        raw_id: &RawId,
        end: &MembershipEnd,
    ) -> Result<(), StorageError> {
        sqlx::query(CLOSE)
            .bind(resource_id.as_str())
            .bind(raw_id.as_str())
            .bind(key.0)
            .bind(number_column(end.position))
            .bind(&end.topic)
            .bind(to_column(end.last_message_on))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn prune_chat_memberships(&mut self, limit: u32) -> Result<u64, StorageError> {
        let pruned = sqlx::query(PRUNE_MEMBERSHIPS)
            .bind(limit)
            .execute(self.connection())
            .await?;
        Ok(pruned.rows_affected())
    }
}

/// Reads a participant.
pub(super) fn participant(row: &SqliteRow) -> Result<ParticipantRow, StorageError> {
    Ok(ParticipantRow {
        raw_id: RawId::new(row.try_get::<String, _>("raw_id")?),
        display_name: row.try_get("display_name")?,
        share_history_time: timestamp(row, "share_history_time")?,
        metadata: metadata(row, "metadata")?,
        ordinal: number(row, "ordinal")?,
    })
}
