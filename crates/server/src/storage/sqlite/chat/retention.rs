//! What ends, in SQLite.

use async_trait::async_trait;
use openline_protocol::{ResourceId, Timestamp};
use sqlx::Row;

use super::thread::{thread, thread_columns};
use crate::storage::{
    StorageError,
    chat::{ChatRetentionTx, FoundThread, Remains, ThreadKey},
    sqlite::{SqliteTransaction, resource::to_column},
};

pub(super) const EXPIRED: &str = concat!(
    "SELECT t.resource_id, ",
    thread_columns!(),
    " FROM chat_threads t WHERE t.expires_on IS NOT NULL AND t.deleted_on IS NULL AND t.expires_on <= ? \
     ORDER BY t.expires_on LIMIT ?"
);

pub(super) const DELETED: &str = "SELECT resource_id, thread_key FROM chat_threads \
     WHERE deleted_on IS NOT NULL AND messages_erased = ? AND deleted_on <= ? ORDER BY deleted_on LIMIT 1";

pub(super) const ERASE_MESSAGES: &str = "DELETE FROM chat_messages WHERE message_key IN (\
     SELECT message_key FROM chat_messages WHERE resource_id = ? AND thread_key = ? \
     ORDER BY message_id LIMIT ?)";

pub(super) const ERASE_MESSAGE_EVENTS: &str = "DELETE FROM chat_events WHERE position IN (\
     SELECT position FROM chat_events WHERE resource_id = ? AND thread_key = ? AND about_on IS NOT NULL \
     ORDER BY about_on LIMIT ?)";

pub(super) const ERASE_RECEIPTS: &str = "DELETE FROM chat_receipts WHERE resource_id = ? AND thread_key = ?";

pub(super) const FINISH: &str =
    "UPDATE chat_threads SET messages_erased = 1 WHERE resource_id = ? AND thread_key = ?";

pub(super) const ERASE_EVENTS: &str = "DELETE FROM chat_events WHERE position IN (\
     SELECT position FROM chat_events WHERE resource_id = ? AND thread_key = ? ORDER BY position LIMIT ?)";

pub(super) const ERASE_THREAD: &str = "DELETE FROM chat_threads WHERE resource_id = ? AND thread_key = ?";

#[async_trait]
impl ChatRetentionTx for SqliteTransaction {
    async fn list_expired_chat_threads(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<FoundThread>, StorageError> {
        let rows = sqlx::query(EXPIRED)
            .bind(to_column(now))
            .bind(limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter()
            .map(|row| {
                let (key, thread) = thread(row)?;
                Ok(FoundThread {
                    resource_id: ResourceId::new(row.try_get::<String, _>("resource_id")?),
                    key,
                    thread,
                })
            })
            .collect()
    }

    async fn find_deleted_chat_thread(
        &mut self,
        left: Remains,
        through: Timestamp,
    ) -> Result<Option<(ResourceId, ThreadKey)>, StorageError> {
        let messages_erased = match left {
            Remains::Messages => 0,
            Remains::Row => 1,
        };
        let row = sqlx::query(DELETED)
            .bind(messages_erased)
            .bind(to_column(through))
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| {
            let resource_id = ResourceId::new(row.try_get::<String, _>("resource_id")?);
            Ok((resource_id, ThreadKey(row.try_get("thread_key")?)))
        })
        .transpose()
    }

    async fn erase_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        limit: u32,
    ) -> Result<u64, StorageError> {
        self.erase(ERASE_MESSAGES, resource_id, key, limit).await
    }

    async fn erase_chat_message_events(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        limit: u32,
    ) -> Result<u64, StorageError> {
        self.erase(ERASE_MESSAGE_EVENTS, resource_id, key, limit).await
    }

    async fn finish_erasing_chat_messages(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
    ) -> Result<(), StorageError> {
        for statement in [ERASE_RECEIPTS, FINISH] {
            sqlx::query(statement)
                .bind(resource_id.as_str())
                .bind(key.0)
                .execute(self.connection())
                .await?;
        }
        Ok(())
    }

    async fn erase_chat_events(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        limit: u32,
    ) -> Result<u64, StorageError> {
        self.erase(ERASE_EVENTS, resource_id, key, limit).await
    }

    async fn erase_chat_thread(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
    ) -> Result<(), StorageError> {
        sqlx::query(ERASE_THREAD)
            .bind(resource_id.as_str())
            .bind(key.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

impl SqliteTransaction {
    async fn erase(
        &mut self,
        statement: &'static str,
        resource_id: &ResourceId,
        key: ThreadKey,
        limit: u32,
    ) -> Result<u64, StorageError> {
        let erased = sqlx::query(statement)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(limit)
            .execute(self.connection())
            .await?;
        Ok(erased.rows_affected())
    }
}
