//! Files of messages in SQLite.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp, rest::chat::ChatAttachmentType};
use sqlx::{Row, sqlite::SqliteRow};

use super::columns::{number, number_column};
use crate::storage::{
    StorageError,
    chat::{AttachmentId, AttachmentRow, ChatAttachmentTx, ThreadKey, ThumbnailRow},
    sqlite::{
        SqliteTransaction,
        resource::{optional_timestamp, timestamp, to_column},
    },
};

const INSERT: &str = "INSERT INTO chat_attachments (resource_id, attachment_id, thread_key, uploader, \
     attachment_type, name, content_type, size_bytes, width, height, thumbnail_type, thumbnail_bytes, \
     created_on, message_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

pub(super) const FIND: &str = "SELECT attachment_id, uploader, attachment_type, name, content_type, \
     size_bytes, width, height, thumbnail_type, thumbnail_bytes, created_on, message_id \
     FROM chat_attachments WHERE resource_id = ? AND attachment_id = ? AND thread_key = ?";

pub(super) const ATTACH: &str =
    "UPDATE chat_attachments SET message_id = ?3 WHERE resource_id = ?1 AND attachment_id = ?2";

pub(super) const DELETE: &str = "DELETE FROM chat_attachments WHERE resource_id = ? AND attachment_id = ?";

pub(super) const USAGE: &str = "SELECT bytes FROM chat_attachment_usage WHERE resource_id = ? AND raw_id = ?";

pub(super) const DELETE_ERASURE: &str =
    "DELETE FROM chat_attachment_erasures WHERE resource_id = ? AND attachment_id = ?";

#[async_trait]
impl ChatAttachmentTx for SqliteTransaction {
    async fn insert_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &AttachmentRow,
    ) -> Result<(), StorageError> {
        let id = row.attachment_id.to_string();
        sqlx::query(INSERT)
            .bind(resource_id.as_str())
            .bind(&id)
            .bind(key.0)
            .bind(row.uploader.as_str())
            .bind(attachment_type_column(row.attachment_type))
            .bind(&row.name)
            .bind(&row.content_type)
            .bind(number_column(row.size_bytes))
            .bind(row.dimensions.map(|(width, _)| width))
            .bind(row.dimensions.map(|(_, height)| height))
            .bind(row.thumbnail.as_ref().map(|thumbnail| &thumbnail.content_type))
            .bind(
                row.thumbnail
                    .as_ref()
                    .map(|thumbnail| number_column(thumbnail.size_bytes)),
            )
            .bind(to_column(row.created_on))
            .bind(row.message_id.map(to_column))
            .execute(self.connection())
            .await?;
        sqlx::query(DELETE_ERASURE)
            .bind(resource_id.as_str())
            .bind(&id)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn find_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        id: AttachmentId,
    ) -> Result<Option<AttachmentRow>, StorageError> {
        let row = sqlx::query(FIND)
            .bind(resource_id.as_str())
            .bind(id.to_string())
            .bind(key.0)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(attachment).transpose()
    }

    async fn attach_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        id: AttachmentId,
        message_id: Timestamp,
    ) -> Result<(), StorageError> {
        sqlx::query(ATTACH)
            .bind(resource_id.as_str())
            .bind(id.to_string())
            .bind(to_column(message_id))
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn delete_chat_attachment(
        &mut self,
        resource_id: &ResourceId,
        id: AttachmentId,
    ) -> Result<(), StorageError> {
        sqlx::query(DELETE)
            .bind(resource_id.as_str())
            .bind(id.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn chat_attachment_usage(
        &mut self,
        resource_id: &ResourceId,
        uploader: &RawId,
    ) -> Result<u64, StorageError> {
        let row = sqlx::query(USAGE)
            .bind(resource_id.as_str())
            .bind(uploader.as_str())
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map_or(Ok(0), |row| number(row, "bytes"))
    }
}

/// Reads the id of a file.
pub(super) fn attachment_id(row: &SqliteRow) -> Result<AttachmentId, StorageError> {
    AttachmentId::parse(row.try_get("attachment_id")?).ok_or(StorageError::Corrupt {
        what: "attachment_id",
    })
}

fn attachment(row: &SqliteRow) -> Result<AttachmentRow, StorageError> {
    let (width, height) = (row.try_get("width")?, row.try_get("height")?);
    Ok(AttachmentRow {
        attachment_id: attachment_id(row)?,
        uploader: RawId::new(row.try_get::<String, _>("uploader")?),
        attachment_type: attachment_type(row)?,
        name: row.try_get("name")?,
        content_type: row.try_get("content_type")?,
        size_bytes: number(row, "size_bytes")?,
        dimensions: Option::zip(width, height),
        thumbnail: thumbnail(row)?,
        created_on: timestamp(row, "created_on")?,
        message_id: optional_timestamp(row, "message_id")?,
    })
}

fn thumbnail(row: &SqliteRow) -> Result<Option<ThumbnailRow>, StorageError> {
    let Some(content_type) = row.try_get("thumbnail_type")? else {
        return Ok(None);
    };
    let size_bytes = number(row, "thumbnail_bytes")?;
    Ok(Some(ThumbnailRow {
        content_type,
        size_bytes,
    }))
}

const fn attachment_type_column(attachment_type: ChatAttachmentType) -> &'static str {
    match attachment_type {
        ChatAttachmentType::Image => "image",
        ChatAttachmentType::File => "file",
    }
}

fn attachment_type(row: &SqliteRow) -> Result<ChatAttachmentType, StorageError> {
    match row.try_get("attachment_type")? {
        "image" => Ok(ChatAttachmentType::Image),
        "file" => Ok(ChatAttachmentType::File),
        _ => Err(StorageError::Corrupt {
            what: "attachment_type",
        }),
    }
}
