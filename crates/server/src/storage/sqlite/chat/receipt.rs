//! Read receipts in SQLite.

use async_trait::async_trait;
use openline_chat::PageRequest;
use openline_protocol::{RawId, ResourceId};
use sqlx::{Row, sqlite::SqliteRow};

use crate::storage::{
    StorageError,
    chat::{ChatReceiptTx, ReceiptRow, ThreadKey},
    sqlite::{
        SqliteTransaction,
        resource::{timestamp, to_column},
    },
};

pub(super) const FIND: &str = "SELECT reader, message_id, read_on FROM chat_read_receipts \
     WHERE resource_id = ? AND thread_key = ? AND reader = ?";

pub(super) const LIST: &str = "SELECT reader, message_id, read_on FROM chat_read_receipts \
     WHERE resource_id = ? AND thread_key = ? ORDER BY read_on, reader LIMIT ? OFFSET ?";

#[async_trait]
impl ChatReceiptTx for SqliteTransaction {
    async fn find_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        reader: &RawId,
    ) -> Result<Option<ReceiptRow>, StorageError> {
        let row = self.row_of(FIND, resource_id, key, reader).await?;
        row.as_ref().map(receipt).transpose()
    }

    async fn put_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ReceiptRow,
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT OR REPLACE INTO chat_read_receipts \
             (resource_id, thread_key, reader, message_id, read_on) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(resource_id.as_str())
        .bind(key.0)
        .bind(row.reader.as_str())
        .bind(to_column(row.message_id))
        .bind(to_column(row.read_on))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn list_chat_receipts(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<ReceiptRow>, StorageError> {
        let page = PageRequest { skip, size: limit };
        let rows = self.rows_of(LIST, resource_id, key, page).await?;
        rows.iter().map(receipt).collect()
    }
}

fn receipt(row: &SqliteRow) -> Result<ReceiptRow, StorageError> {
    Ok(ReceiptRow {
        reader: RawId::new(row.try_get::<String, _>("reader")?),
        message_id: timestamp(row, "message_id")?,
        read_on: timestamp(row, "read_on")?,
    })
}
