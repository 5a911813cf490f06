//! Messages in SQLite.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};
use sqlx::{Row, sqlite::SqliteRow};

use super::columns::{
    attachments, attachments_column, message_type, message_type_column, metadata, metadata_column, number,
    number_column,
};
use crate::storage::{
    StorageError,
    chat::{ChatMessageTx, MessageRange, MessageRow, ThreadKey},
    sqlite::{
        SqliteTransaction,
        resource::{optional_timestamp, timestamp, to_column},
    },
};

const INSERT: &str = "INSERT INTO chat_messages (resource_id, thread_key, message_id, sequence, version, \
     message_type, sender, sender_display_name, content, metadata, attachments, edited_on, deleted_on) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// The columns of a message, for [`message`].
macro_rules! message_columns {
    () => {
        "message_id, sequence, version, message_type, sender, sender_display_name, content, metadata, \
         attachments, edited_on, deleted_on"
    };
}
pub(super) use message_columns;

pub(super) const FIND: &str = concat!(
    "SELECT ",
    message_columns!(),
    " FROM chat_messages WHERE resource_id = ? AND thread_key = ? AND message_id = ?"
);

pub(super) const UPDATE: &str = "UPDATE chat_messages \
     SET version = ?4, content = ?5, metadata = ?6, attachments = ?7, edited_on = ?8, deleted_on = ?9 \
     WHERE resource_id = ?1 AND thread_key = ?2 AND message_id = ?3 RETURNING message_key";

pub(super) const LIST: &str = concat!(
    "SELECT ",
    message_columns!(),
    " FROM chat_messages WHERE resource_id = ? AND thread_key = ? AND message_id >= ? AND message_id < ? \
     ORDER BY message_id DESC LIMIT ?"
);

#[async_trait]
impl ChatMessageTx for SqliteTransaction {
    async fn insert_chat_message(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &MessageRow,
    ) -> Result<(), StorageError> {
        let inserted = sqlx::query(INSERT)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(to_column(row.message_id))
            .bind(number_column(row.sequence))
            .bind(to_column(row.version))
            .bind(message_type_column(row.message_type))
            .bind(row.sender.as_ref().map(RawId::as_str))
            .bind(&row.sender_display_name)
            .bind(&row.content)
            .bind(metadata_column(row.metadata.as_ref()))
            .bind(attachments_column(&row.attachments))
            .bind(row.edited_on.map(to_column))
            .bind(row.deleted_on.map(to_column))
            .execute(self.connection())
            .await?;
        self.index_message(inserted.last_insert_rowid(), key, row).await
    }

    async fn find_chat_message(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        message_id: Timestamp,
    ) -> Result<Option<MessageRow>, StorageError> {
        let row = sqlx::query(FIND)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(to_column(message_id))
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(message).transpose()
    }

    async fn update_chat_message(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &MessageRow,
    ) -> Result<(), StorageError> {
        let updated = sqlx::query(UPDATE)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(to_column(row.message_id))
            .bind(to_column(row.version))
            .bind(&row.content)
            .bind(metadata_column(row.metadata.as_ref()))
            .bind(attachments_column(&row.attachments))
            .bind(row.edited_on.map(to_column))
            .bind(row.deleted_on.map(to_column))
            .fetch_optional(self.connection())
            .await?;
        match updated {
            Some(updated) => {
                self.index_message(updated.try_get("message_key")?, key, row)
                    .await
            }
            None => Ok(()),
        }
    }

    async fn list_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        range: MessageRange,
    ) -> Result<Vec<MessageRow>, StorageError> {
        let rows = sqlx::query(LIST)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(to_column(range.from))
            .bind(range.before.map_or(i64::MAX, to_column))
            .bind(range.limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(message).collect()
    }
}

/// Reads a message.
pub(super) fn message(row: &SqliteRow) -> Result<MessageRow, StorageError> {
    Ok(MessageRow {
        message_id: timestamp(row, "message_id")?,
        sequence: number(row, "sequence")?,
        version: timestamp(row, "version")?,
        message_type: message_type(row)?,
        sender: row.try_get::<Option<String>, _>("sender")?.map(RawId::new),
        sender_display_name: row.try_get("sender_display_name")?,
        content: row.try_get("content")?,
        metadata: metadata(row, "metadata")?,
        attachments: attachments(row)?,
        edited_on: optional_timestamp(row, "edited_on")?,
        deleted_on: optional_timestamp(row, "deleted_on")?,
    })
}
