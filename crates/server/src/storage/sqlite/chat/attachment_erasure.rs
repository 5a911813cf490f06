//! Erasures of objects in SQLite.

use async_trait::async_trait;
use openline_protocol::{ResourceId, Timestamp};
use sqlx::Row;

use super::attachment::{DELETE_ERASURE, attachment_id};
use crate::storage::{
    StorageError,
    chat::{AttachmentId, ChatAttachmentErasureTx, ErasureRow},
    objects::UploadId,
    sqlite::{SqliteTransaction, resource::to_column},
};

pub(super) const PRUNE_UNATTACHED: &str = "DELETE FROM chat_attachments \
     WHERE (resource_id, attachment_id) IN (SELECT resource_id, attachment_id FROM chat_attachments \
     WHERE message_id IS NULL AND created_on < ? ORDER BY created_on LIMIT ?)";

pub(super) const PRUNE_ORPHANED: &str = "DELETE FROM chat_attachments \
     WHERE (resource_id, attachment_id) IN (SELECT a.resource_id, a.attachment_id \
     FROM (SELECT resource_id, thread_key FROM chat_attachment_orphaned_threads LIMIT 1) o \
     CROSS JOIN chat_attachments a ON a.resource_id = o.resource_id AND a.thread_key = o.thread_key LIMIT ?)";

const FORGET_THREAD: &str = "DELETE FROM chat_attachment_orphaned_threads \
     WHERE (resource_id, thread_key) IN (SELECT resource_id, thread_key \
     FROM chat_attachment_orphaned_threads LIMIT 1)";

pub(super) const LIST: &str = "SELECT resource_id, attachment_id, upload_id FROM chat_attachment_erasures \
     WHERE due_on <= ? ORDER BY due_on LIMIT ?";

#[async_trait]
impl ChatAttachmentErasureTx for SqliteTransaction {
    async fn put_chat_attachment_erasure(
        &mut self,
        row: &ErasureRow,
        due_on: Timestamp,
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT OR REPLACE INTO chat_attachment_erasures \
             (resource_id, attachment_id, due_on, upload_id) VALUES (?, ?, ?, ?)",
        )
        .bind(row.resource_id.as_str())
        .bind(row.attachment_id.to_string())
        .bind(to_column(due_on))
        .bind(row.upload_id.as_ref().map(UploadId::as_str))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn prune_unattached_chat_attachments(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<u64, StorageError> {
        let pruned = sqlx::query(PRUNE_UNATTACHED)
            .bind(to_column(before))
            .bind(limit)
            .execute(self.connection())
            .await?;
        Ok(pruned.rows_affected())
    }

    async fn prune_orphaned_chat_attachments(&mut self, limit: u32) -> Result<u64, StorageError> {
        let pruned = sqlx::query(PRUNE_ORPHANED)
            .bind(limit)
            .execute(self.connection())
            .await?;
        if pruned.rows_affected() > 0 {
            return Ok(pruned.rows_affected());
        }
        // The first of the threads has none left.
        let forgotten = sqlx::query(FORGET_THREAD).execute(self.connection()).await?;
        Ok(forgotten.rows_affected())
    }

    async fn list_chat_attachment_erasures(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ErasureRow>, StorageError> {
        let rows = sqlx::query(LIST)
            .bind(to_column(now))
            .bind(limit)
            .fetch_all(self.connection())
            .await?;
        rows.iter()
            .map(|row| {
                let upload_id: Option<String> = row.try_get("upload_id")?;
                Ok(ErasureRow {
                    resource_id: ResourceId::new(row.try_get::<String, _>("resource_id")?),
                    attachment_id: attachment_id(row)?,
                    upload_id: upload_id.map(UploadId::new),
                })
            })
            .collect()
    }

    async fn delete_chat_attachment_erasure(
        &mut self,
        resource_id: &ResourceId,
        id: AttachmentId,
    ) -> Result<(), StorageError> {
        sqlx::query(DELETE_ERASURE)
            .bind(resource_id.as_str())
            .bind(id.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
