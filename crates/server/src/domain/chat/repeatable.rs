//! Requests that a client may repeat: its id for the request, and what became of it the first time.

use std::time::Duration;

use aws_lc_rs::digest;
use openline_chat::limits::REQUEST_ID_KEPT;
use openline_protocol::{
    RawId, Timestamp,
    rest::chat::{CreateChatThreadResponse, SendChatMessageRequest},
};

use super::act::Act;
use crate::{
    domain::DomainError,
    storage::{
        StorageError, Transaction,
        chat::{MessageRequestRow, ThreadKey},
    },
};

/// The earliest time from which requests are remembered.
pub(super) fn remembered_since(now: Timestamp) -> Timestamp {
    let kept: Duration = REQUEST_ID_KEPT;
    let kept = u64::try_from(kept.as_millis()).unwrap_or(u64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(kept))
}

/// What creating a thread under this id was answered before.
pub(super) async fn created_before(
    tx: &mut dyn Transaction,
    act: &Act,
    request_id: &str,
) -> Result<Option<CreateChatThreadResponse>, DomainError> {
    let since = remembered_since(act.now);
    let answer = tx
        .find_create_request(&act.resource_id, &act.raw_id, request_id, since)
        .await?;
    answer
        .map(|json| {
            serde_json::from_str(&json).map_err(|_malformed| {
                StorageError::Corrupt {
                    what: "answer to a repeated request",
                }
                .into()
            })
        })
        .transpose()
}

/// Remembers the answer to creating a thread.
pub(super) async fn remember_created(
    tx: &mut dyn Transaction,
    act: &Act,
    request_id: &str,
    response: &CreateChatThreadResponse,
) -> Result<(), DomainError> {
    let json = serde_json::to_string(response).expect("an answer has string keys and no failing serialiser");
    Ok(tx
        .put_create_request(&act.resource_id, &act.raw_id, request_id, act.now, &json)
        .await?)
}

/// A message to send, under the sender's id for the request.
pub(super) struct RepeatableMessage {
    request_hash: [u8; 16],
    fingerprint: [u8; 16],
}

impl RepeatableMessage {
    pub(super) fn new(sender: &RawId, request_id: &str, request: &SendChatMessageRequest) -> Self {
        let json = serde_json::to_vec(request).expect("a request has string keys and no failing serialiser");
        Self {
            request_hash: hash(&[sender.as_str().as_bytes(), request_id.as_bytes()]),
            fingerprint: hash(&[request_id.as_bytes(), &json]),
        }
    }

    /// The message that this request made before.
    ///
    /// # Errors
    ///
    /// [`DomainError::Conflict`] where the id stood for another message; storage.
    pub(super) async fn sent_before(
        &self,
        tx: &mut dyn Transaction,
        act: &Act,
        key: ThreadKey,
    ) -> Result<Option<Timestamp>, DomainError> {
        let since = remembered_since(act.now);
        let found = tx
            .find_message_request(&act.resource_id, key, &self.request_hash, since)
            .await?;
        match found {
            Some(row) if row.fingerprint != self.fingerprint => Err(DomainError::Conflict {
                message: "This repeatability-request-id was used for another message.",
                target: "repeatability-request-id",
            }),
            found => Ok(found.map(|row| row.message_id)),
        }
    }

    /// Remembers the message that was made.
    pub(super) async fn remember(
        &self,
        tx: &mut dyn Transaction,
        act: &Act,
        key: ThreadKey,
        message_id: Timestamp,
    ) -> Result<(), DomainError> {
        let row = MessageRequestRow {
            request_hash: self.request_hash,
            fingerprint: self.fingerprint,
            message_id,
            created_on: act.now,
        };
        Ok(tx.put_message_request(&act.resource_id, key, &row).await?)
    }
}

/// Half of a SHA-256, of the parts and their lengths.
fn hash(parts: &[&[u8]]) -> [u8; 16] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part);
    }
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    half
}
