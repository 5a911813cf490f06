//! Rows of read receipts: one per reader and thread.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};

use super::ThreadKey;
use crate::storage::StorageError;

/// How far somebody read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Who.
    pub reader: RawId,
    /// The message.
    pub message_id: Timestamp,
    /// When.
    pub read_on: Timestamp,
}

/// Operations on read receipts.
#[async_trait]
pub trait ChatReceiptTx {
    /// The receipt of `reader`.
    async fn find_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        reader: &RawId,
    ) -> Result<Option<ReceiptRow>, StorageError>;

    /// Sets the receipt of its reader.
    async fn put_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ReceiptRow,
    ) -> Result<(), StorageError>;

    /// The receipts, the earliest reading first.
    async fn list_chat_receipts(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<ReceiptRow>, StorageError>;
}
