//! Repeatable requests in SQLite.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};
use sqlx::{Row, sqlite::SqliteRow};

use crate::storage::{
    StorageError,
    chat::{ChatRequestTx, MessageRequestRow, ThreadKey},
    sqlite::{
        SqliteTransaction,
        resource::{timestamp, to_column},
    },
};

pub(super) const FIND_CREATE: &str = "SELECT response FROM chat_create_requests \
     WHERE resource_id = ? AND raw_id = ? AND request_id = ? AND created_on >= ?";

pub(super) const PRUNE_CREATES: &str = "DELETE FROM chat_create_requests \
     WHERE (resource_id, raw_id, request_id) IN (SELECT resource_id, raw_id, request_id \
     FROM chat_create_requests WHERE created_on < ? ORDER BY created_on LIMIT ?)";

pub(super) const FIND_MESSAGE: &str = "SELECT request_hash, fingerprint, message_id, created_on \
     FROM chat_message_requests \
     WHERE resource_id = ? AND thread_key = ? AND request_hash = ? AND created_on >= ?";

pub(super) const PRUNE_MESSAGES: &str = "DELETE FROM chat_message_requests \
     WHERE (resource_id, thread_key, request_hash) IN (SELECT resource_id, thread_key, request_hash \
     FROM chat_message_requests WHERE created_on < ? ORDER BY created_on LIMIT ?)";

#[async_trait]
impl ChatRequestTx for SqliteTransaction {
    async fn find_create_request(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        request_id: &str,
        since: Timestamp,
    ) -> Result<Option<String>, StorageError> {
        let row = sqlx::query(FIND_CREATE)
            .bind(resource_id.as_str())
            .bind(raw_id.as_str())
            .bind(request_id)
            .bind(to_column(since))
            .fetch_optional(self.connection())
            .await?;
        Ok(row.map(|row| row.try_get("response")).transpose()?)
    }

    async fn put_create_request(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        request_id: &str,
        created_on: Timestamp,
        response: &str,
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT OR REPLACE INTO chat_create_requests \
             (resource_id, raw_id, request_id, created_on, response) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(resource_id.as_str())
        .bind(raw_id.as_str())
        .bind(request_id)
        .bind(to_column(created_on))
        .bind(response)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn prune_create_requests(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let pruned = sqlx::query(PRUNE_CREATES)
            .bind(to_column(before))
            .bind(limit)
            .execute(self.connection())
            .await?;
        Ok(pruned.rows_affected())
    }

    async fn find_message_request(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        request_hash: &[u8; 16],
        since: Timestamp,
    ) -> Result<Option<MessageRequestRow>, StorageError> {
        let row = sqlx::query(FIND_MESSAGE)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(request_hash.as_slice())
            .bind(to_column(since))
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(message_request).transpose()
    }

    async fn put_message_request(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &MessageRequestRow,
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT OR REPLACE INTO chat_message_requests \
             (resource_id, thread_key, request_hash, fingerprint, message_id, created_on) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(resource_id.as_str())
        .bind(key.0)
        .bind(row.request_hash.as_slice())
        .bind(row.fingerprint.as_slice())
        .bind(to_column(row.message_id))
        .bind(to_column(row.created_on))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn prune_message_requests(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let pruned = sqlx::query(PRUNE_MESSAGES)
            .bind(to_column(before))
            .bind(limit)
            .execute(self.connection())
            .await?;
        Ok(pruned.rows_affected())
    }
}

fn message_request(row: &SqliteRow) -> Result<MessageRequestRow, StorageError> {
    let hash = |column: &'static str| {
        let bytes: &[u8] = row.try_get(column)?;
        <[u8; 16]>::try_from(bytes).map_err(|_length| StorageError::Corrupt { what: column })
    };
    Ok(MessageRequestRow {
        request_hash: hash("request_hash")?,
        fingerprint: hash("fingerprint")?,
        message_id: timestamp(row, "message_id")?,
        created_on: timestamp(row, "created_on")?,
    })
}
