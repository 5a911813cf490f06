//! Rows of requests that may be repeated, and what was answered.

use async_trait::async_trait;
use openline_protocol::{RawId, ResourceId, Timestamp};

use super::ThreadKey;
use crate::storage::StorageError;

/// A message that was sent under a client's id for the request. Neither the id nor the text can be told from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageRequestRow {
    /// Who asked, by which id.
    pub request_hash: [u8; 16],
    /// What was asked.
    pub fingerprint: [u8; 16],
    /// The message that it made.
    pub message_id: Timestamp,
    /// When.
    pub created_on: Timestamp,
}

/// Operations on repeatable requests.
#[async_trait]
pub trait ChatRequestTx {
    /// The answer that was given to this request of `raw_id` since `since`.
    async fn find_create_request(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        request_id: &str,
        since: Timestamp,
    ) -> Result<Option<String>, StorageError>;

    /// Keeps the answer to a request, instead of an older one's of the same id.
    async fn put_create_request(
        &mut self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        request_id: &str,
        created_on: Timestamp,
        response: &str,
    ) -> Result<(), StorageError>;

    /// Forgets threads' requests of all resources from before `before`, at most `limit`; returns how many.
    async fn prune_create_requests(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;

    /// The request of that hash in the thread since `since`.
    async fn find_message_request(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        request_hash: &[u8; 16],
        since: Timestamp,
    ) -> Result<Option<MessageRequestRow>, StorageError>;

    /// Keeps a request, instead of an older one of the same hash.
    async fn put_message_request(
        &mut self,
        resource_id: &ResourceId,
        key: ThreadKey,
        row: &MessageRequestRow,
    ) -> Result<(), StorageError>;

    /// Forgets messages' requests of all resources from before `before`, at most `limit`; returns how many.
    async fn prune_message_requests(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;
}
