//! Rows of receipts: one of each kind per participant and thread.

use async_trait::async_trait;
use openline_chat::PageRequest;
use openline_protocol::{RawId, ResourceId, Timestamp};

use super::ThreadKey;
use crate::storage::StorageError;

/// What a receipt says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReceiptKind {
    /// A client of the participant has it.
    Delivery,
    /// The participant has read it.
    Read,
}

/// How far somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// What the receipt says.
    pub kind: ReceiptKind,
    /// Who.
    pub participant: RawId,
    /// The message.
    pub message_id: Timestamp,
    /// When the server learnt of it.
    pub received_on: Timestamp,
}

/// Operations on receipts.
#[async_trait]
pub trait ChatReceiptTx {
    /// The receipt of `participant`.
    async fn find_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        kind: ReceiptKind,
        participant: &RawId,
    ) -> Result<Option<ReceiptRow>, StorageError>;

    /// Sets the receipt of its kind and participant.
    async fn put_chat_receipt(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &ReceiptRow,
    ) -> Result<(), StorageError>;

    /// The receipts of a kind, the earliest first.
    async fn list_chat_receipts(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        kind: ReceiptKind,
        page: PageRequest,
    ) -> Result<Vec<ReceiptRow>, StorageError>;
}
