//! Receipts in SQLite.

use async_trait::async_trait;
use openline_chat::PageRequest;
use openline_protocol::{RawId, ResourceId};
use sqlx::{Row, sqlite::SqliteRow};

use crate::storage::{
    StorageError,
    chat::{ChatReceiptTx, ReceiptKind, ReceiptRow, ThreadKey},
    sqlite::{
        SqliteTransaction,
        resource::{timestamp, to_column},
    },
};

pub(super) const FIND: &str = "SELECT participant, message_id, received_on FROM chat_receipts \
     WHERE resource_id = ? AND thread_key = ? AND kind = ? AND participant = ?";

pub(super) const LIST: &str = "SELECT participant, message_id, received_on FROM chat_receipts \
     WHERE resource_id = ? AND thread_key = ? AND kind = ? \
     ORDER BY received_on, participant LIMIT ? OFFSET ?";

#[async_trait]
impl ChatReceiptTx for SqliteTransaction {
    async fn find_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        kind: ReceiptKind,
        participant: &RawId,
    ) -> Result<Option<ReceiptRow>, StorageError> {
        let row = sqlx::query(FIND)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(column(kind))
            .bind(participant.as_str())
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| receipt(kind, &row)).transpose()
    }

    async fn put_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ReceiptRow,
    ) -> Result<(), StorageError> {
        sqlx::query(
            "INSERT OR REPLACE INTO chat_receipts \
             (resource_id, thread_key, kind, participant, message_id, received_on) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(resource_id.as_str())
        .bind(key.0)
        .bind(column(row.kind))
        .bind(row.participant.as_str())
        .bind(to_column(row.message_id))
        .bind(to_column(row.received_on))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn list_chat_receipts(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        kind: ReceiptKind,
        page: PageRequest,
    ) -> Result<Vec<ReceiptRow>, StorageError> {
        let rows = sqlx::query(LIST)
            .bind(resource_id.as_str())
            .bind(key.0)
            .bind(column(kind))
            .bind(page.size)
            .bind(page.skip)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(|row| receipt(kind, row)).collect()
    }
}

const fn column(kind: ReceiptKind) -> &'static str {
    match kind {
        ReceiptKind::Delivery => "delivery",
        ReceiptKind::Read => "read",
    }
}

fn receipt(kind: ReceiptKind, row: &SqliteRow) -> Result<ReceiptRow, StorageError> {
    Ok(ReceiptRow {
        kind,
        participant: RawId::new(row.try_get::<String, _>("participant")?),
        message_id: timestamp(row, "message_id")?,
        received_on: timestamp(row, "received_on")?,
    })
}
