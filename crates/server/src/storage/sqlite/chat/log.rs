//! The log of events in SQLite. One writer appends, so positions become visible in their order.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};
use sqlx::{Row, sqlite::SqliteRow};

use super::columns::{number, number_column, optional_number};
use crate::storage::{
    StorageError,
    chat::{ChatLogTx, EventRow, EventWindow, NewEventRow, ThreadKey},
    sqlite::{
        SqliteTransaction,
        resource::{optional_timestamp, to_column},
    },
};

/// The sequence remembers the last position even where every event was pruned.
pub(super) const HEAD: &str =
    "SELECT coalesce(max(seq), 0) AS head FROM sqlite_sequence WHERE name = 'chat_events'";

pub(super) const PRUNED_THROUGH: &str =
    "SELECT coalesce(max(pruned_through), 0) AS position FROM chat_log_marks WHERE resource_id = ?";

/// For each interval of `raw_id`, a stretch of its thread's index: the cost is that of the intervals plus
/// that of the events in the window, however long the log is. What history it shares says its latest interval there,
/// also of those before: whoever came back with less of it is not told what it no longer sees. Of an earlier interval
/// its end is told in any case.
pub(super) const LIST: &str = "SELECT e.position, e.thread_sequence, e.event, \
     CASE e.content_in_message WHEN 1 THEN e.thread_key END AS content_key, e.about_on \
     FROM chat_memberships m CROSS JOIN chat_memberships l \
     ON l.resource_id = m.resource_id AND l.raw_id = m.raw_id AND l.thread_key = m.thread_key \
     AND l.from_position = (SELECT max(from_position) FROM chat_memberships \
     WHERE resource_id = m.resource_id AND raw_id = m.raw_id AND thread_key = m.thread_key) \
     CROSS JOIN chat_events e \
     ON e.resource_id = m.resource_id AND e.thread_key = m.thread_key \
     AND e.position > max(?3, m.from_position - 1) \
     AND e.position <= min(?4, coalesce(m.to_position, ?4)) \
     WHERE m.resource_id = ?1 AND m.raw_id = ?2 AND (m.to_position IS NULL OR m.to_position > ?3) \
     AND (coalesce(e.about_on, e.created_on) >= l.share_history_time \
     OR e.about_on IS NULL AND (m.latest = 1 OR e.position = m.to_position)) \
     ORDER BY e.position LIMIT ?5";

pub(super) const LIST_ABOUT: &str = "SELECT position, thread_sequence, event, NULL AS content_key, about_on \
     FROM chat_events WHERE resource_id = ? AND thread_key = ? AND about_on = ? AND content_in_message = 0 \
     AND position > ? ORDER BY position LIMIT ?";

pub(super) const REWRITE: &str = "UPDATE chat_events SET event = ?3, content_in_message = 1 \
     WHERE resource_id = ?1 AND position = ?2";

/// Positions rise with time, so the oldest events are the first rows: no index by age is needed. Where the
/// clock stepped back, an event waits until those before it are old enough.
pub(super) const OLDEST: &str = "SELECT max(position) AS through FROM (\
     SELECT position, created_on FROM chat_events ORDER BY position LIMIT ?2) AS oldest \
     WHERE position < coalesce((SELECT min(position) FROM (\
     SELECT position, created_on FROM chat_events ORDER BY position LIMIT ?2) WHERE created_on >= ?1), \
     9223372036854775807)";

/// The plus keeps SQLite from going through the whole index in its order.
pub(super) const MARK: &str = "INSERT INTO chat_log_marks (resource_id, pruned_through) \
     SELECT resource_id, max(position) FROM chat_events WHERE position <= ? GROUP BY +resource_id \
     ON CONFLICT (resource_id) DO UPDATE SET pruned_through = excluded.pruned_through";

pub(super) const PRUNE: &str = "DELETE FROM chat_events WHERE position <= ?";

#[async_trait]
impl ChatLogTx for SqliteTransaction {
    async fn append_chat_event(
        &mut self,
        resource_id: &ResourceId,
        row: NewEventRow<'_>,
    ) -> Result<u64, StorageError> {
        let appended = sqlx::query(
            "INSERT INTO chat_events (resource_id, thread_key, thread_sequence, created_on, about_on, \
             content_in_message, event) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(resource_id.as_str())
        .bind(row.key.0)
        .bind(number_column(row.thread_sequence))
        .bind(to_column(row.created_on))
        .bind(row.about_on.map(to_column))
        .bind(row.content_in_message)
        .bind(row.event)
        .execute(self.connection())
        .await?;
        u64::try_from(appended.last_insert_rowid())
            .map_err(|_negative| StorageError::Corrupt { what: "position" })
    }

    async fn chat_log_head(&mut self) -> Result<u64, StorageError> {
        number(&sqlx::query(HEAD).fetch_one(self.connection()).await?, "head")
    }

    async fn chat_log_pruned_through(&mut self, resource_id: &ResourceId) -> Result<u64, StorageError> {
        let row = sqlx::query(PRUNED_THROUGH)
            .bind(resource_id.as_str())
            .fetch_one(self.connection())
            .await?;
        number(&row, "position")
    }

    async fn list_chat_events(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        window: EventWindow,
    ) -> Result<Vec<EventRow>, StorageError> {
        let rows = sqlx::query(LIST)
            .bind(resource_id.as_str())
            .bind(raw_id.as_str())
            .bind(number_column(window.after))
            .bind(number_column(window.through))
            .bind(window.limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(event).collect()
    }

    async fn list_chat_events_about(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        about_on: Timestamp,
        after: u64,
        limit: u32,
    ) -> Result<Vec<EventRow>, StorageError> {
        let rows = sqlx::query(LIST_ABOUT)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(to_column(about_on))
            .bind(number_column(after))
            .bind(limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(event).collect()
    }

    async fn rewrite_chat_event(
        &mut self,
        resource_id: &ResourceId,
        position: u64,
        event: &str,
    ) -> Result<(), StorageError> {
        sqlx::query(REWRITE)
            .bind(resource_id.as_str())
            .bind(number_column(position))
            .bind(event)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn prune_chat_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let oldest = sqlx::query(OLDEST)
            .bind(to_column(before))
            .bind(limit)
            .fetch_one(self.connection())
            .await?;
        let Some(through) = oldest.try_get::<Option<i64>, _>("through")? else {
            return Ok(0);
        };
        sqlx::query(MARK).bind(through).execute(self.connection()).await?;
        let pruned = sqlx::query(PRUNE)
            .bind(through)
            .execute(self.connection())
            .await?;
        Ok(pruned.rows_affected())
    }
}

fn event(row: &SqliteRow) -> Result<EventRow, StorageError> {
    let key: Option<i64> = row.try_get("content_key")?;
    Ok(EventRow {
        content_in: key.map(ThreadKey).zip(optional_timestamp(row, "about_on")?),
        position: number(row, "position")?,
        thread_sequence: optional_number(row, "thread_sequence")?,
        event: row.try_get("event")?,
    })
}
