//! Threads in SQLite.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, ThreadId};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    columns::{metadata, metadata_column, number, number_column, retention, retention_columns},
    participant::participant,
};
use crate::storage::{
    StorageError,
    chat::{ChatThreadTx, ThreadItemRow, ThreadKey, ThreadRange, ThreadRow, ThreadView},
    sqlite::{
        SqliteTransaction,
        resource::{optional_timestamp, timestamp, to_column},
    },
};

const INSERT: &str = "INSERT INTO chat_threads (resource_id, thread_id, topic, metadata, retention_kind, \
     retention_days, created_on, created_by, deleted_on, version, last_sequence, last_message_on, \
     last_event_sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The columns of a thread `t`, for [`thread`].
macro_rules! thread_columns {
    () => {
        "t.thread_key, t.thread_id, t.topic, t.metadata AS thread_metadata, t.retention_kind, t.retention_days, \
         t.created_on, t.created_by, t.deleted_on, t.version, t.last_sequence, t.last_message_on, \
         t.last_event_sequence"
    };
}
pub(super) use thread_columns;

pub(super) const FIND: &str = concat!(
    "SELECT ",
    thread_columns!(),
    ", p.raw_id, p.display_name, p.share_history_time, p.metadata, p.ordinal \
     FROM chat_threads t LEFT JOIN chat_participants p \
     ON p.resource_id = t.resource_id AND p.thread_key = t.thread_key AND p.raw_id = ?3 \
     WHERE t.resource_id = ?1 AND t.thread_id = ?2"
);

pub(super) const UPDATE: &str = "UPDATE chat_threads SET topic = ?3, metadata = ?4, retention_kind = ?5, \
     retention_days = ?6, deleted_on = ?7 WHERE resource_id = ?1 AND thread_key = ?2";

/// Of every message: it leaves alone the columns that indices are made of.
pub(super) const ADVANCE: &str = "UPDATE chat_threads SET version = ?3, last_sequence = ?4, \
     last_message_on = ?5, last_event_sequence = ?6 WHERE resource_id = ?1 AND thread_key = ?2";

/// A user's threads are few against messages, so they are sorted for each page; the order is by a value
/// that changes with every message.
pub(super) const LIST: &str = "SELECT thread_key, thread_id, topic, deleted_on, active_on FROM (\
     SELECT t.thread_key, t.thread_id, coalesce(m.left_topic, t.topic) AS topic, \
     CASE WHEN m.to_position IS NULL THEN t.deleted_on END AS deleted_on, \
     coalesce(m.left_message_on, t.last_message_on) AS active_on \
     FROM chat_memberships m CROSS JOIN chat_threads t ON t.thread_key = m.thread_key \
     WHERE m.resource_id = ?1 AND m.raw_id = ?2 AND m.latest = 1 \
     AND (t.deleted_on IS NULL OR t.deleted_on >= ?3 OR m.to_position IS NOT NULL)) \
     WHERE active_on >= ?4 AND (active_on, thread_key) < (?5, ?6) \
     ORDER BY active_on DESC, thread_key DESC LIMIT ?7";

#[async_trait]
impl ChatThreadTx for SqliteTransaction {
    async fn insert_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        row: &ThreadRow,
    ) -> Result<ThreadKey, StorageError> {
        let (retention_kind, retention_days) = retention_columns(row.retention.as_ref());
        let inserted = sqlx::query(INSERT)
            .bind(resource_id.as_str())
            .bind(row.thread_id.as_str())
            .bind(&row.topic)
            .bind(metadata_column(row.metadata.as_ref()))
            .bind(retention_kind)
            .bind(retention_days)
            .bind(to_column(row.created_on))
            .bind(row.created_by.as_str())
            .bind(row.deleted_on.map(to_column))
            .bind(to_column(row.version))
            .bind(number_column(row.last_sequence))
            .bind(to_column(row.last_message_on))
            .bind(number_column(row.last_event_sequence))
            .execute(self.connection())
            .await?;
        Ok(ThreadKey(inserted.last_insert_rowid()))
    }

    async fn find_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        thread_id: &ThreadId,
        raw_id: &RawId,
    ) -> Result<Option<ThreadView>, StorageError> {
        let row = sqlx::query(FIND)
            .bind(resource_id.as_str())
            .bind(thread_id.as_str())
            .bind(raw_id.as_str())
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(view).transpose()
    }

    async fn update_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ThreadRow,
    ) -> Result<(), StorageError> {
        let (retention_kind, retention_days) = retention_columns(row.retention.as_ref());
        sqlx::query(UPDATE)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(&row.topic)
            .bind(metadata_column(row.metadata.as_ref()))
            .bind(retention_kind)
            .bind(retention_days)
            .bind(row.deleted_on.map(to_column))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn advance_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ThreadRow,
    ) -> Result<(), StorageError> {
        sqlx::query(ADVANCE)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(to_column(row.version))
            .bind(number_column(row.last_sequence))
            .bind(to_column(row.last_message_on))
            .bind(number_column(row.last_event_sequence))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn list_chat_threads(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        range: ThreadRange,
    ) -> Result<Vec<ThreadItemRow>, StorageError> {
        let (active_on, thread_key) = range.after.map_or((i64::MAX, i64::MAX), |cursor| {
            (to_column(cursor.activity), number_column(cursor.thread_key))
        });
        let rows = sqlx::query(LIST)
            .bind(resource_id.as_str())
            .bind(raw_id.as_str())
            .bind(to_column(range.deleted_since))
            .bind(to_column(range.active_since))
            .bind(active_on)
            .bind(thread_key)
            .bind(range.limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(item).collect()
    }
}

fn view(row: &SqliteRow) -> Result<ThreadView, StorageError> {
    let is_participant = row.try_get::<Option<&str>, _>("raw_id")?.is_some();
    let (key, thread) = thread(row)?;
    Ok(ThreadView {
        key,
        thread,
        participant: is_participant.then(|| participant(row)).transpose()?,
    })
}

/// Reads a thread.
pub(super) fn thread(row: &SqliteRow) -> Result<(ThreadKey, ThreadRow), StorageError> {
    let thread = ThreadRow {
        thread_id: ThreadId::new(row.try_get::<String, _>("thread_id")?),
        topic: row.try_get("topic")?,
        metadata: metadata(row, "thread_metadata")?,
        retention: retention(row)?,
        created_on: timestamp(row, "created_on")?,
        created_by: RawId::new(row.try_get::<String, _>("created_by")?),
        deleted_on: optional_timestamp(row, "deleted_on")?,
        version: timestamp(row, "version")?,
        last_sequence: number(row, "last_sequence")?,
        last_message_on: timestamp(row, "last_message_on")?,
        last_event_sequence: number(row, "last_event_sequence")?,
    };
    Ok((ThreadKey(row.try_get("thread_key")?), thread))
}

fn item(row: &SqliteRow) -> Result<ThreadItemRow, StorageError> {
    Ok(ThreadItemRow {
        key: ThreadKey(row.try_get("thread_key")?),
        thread_id: ThreadId::new(row.try_get::<String, _>("thread_id")?),
        topic: row.try_get("topic")?,
        deleted_on: optional_timestamp(row, "deleted_on")?,
        last_message_on: timestamp(row, "active_on")?,
    })
}
