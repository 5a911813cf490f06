//! How chat's values stand in columns.

use std::collections::BTreeMap;

use openline_protocol::rest::chat::{ChatAttachment, ChatMessageType, ChatRetentionPolicy};
use sqlx::{Row, sqlite::SqliteRow};

use crate::storage::StorageError;

/// Metadata as a column.
pub(super) fn metadata_column(metadata: Option<&BTreeMap<String, String>>) -> Option<String> {
    metadata.map(|metadata| serde_json::to_string(metadata).expect("a map of strings is JSON"))
}

/// Reads metadata.
pub(super) fn metadata(
    row: &SqliteRow,
    column: &'static str,
) -> Result<Option<BTreeMap<String, String>>, StorageError> {
    row.try_get::<Option<&str>, _>(column)?
        .map(|json| {
            serde_json::from_str(json).map_err(|_malformed| StorageError::Corrupt { what: "metadata" })
        })
        .transpose()
}

/// A message's attachments as a column; most have none.
pub(super) fn attachments_column(attachments: &[ChatAttachment]) -> Option<String> {
    (!attachments.is_empty())
        .then(|| serde_json::to_string(attachments).expect("attachments have no failing serialiser"))
}

/// Reads a message's attachments.
pub(super) fn attachments(row: &SqliteRow) -> Result<Vec<ChatAttachment>, StorageError> {
    row.try_get::<Option<&str>, _>("attachments")?
        .map_or(Ok(Vec::new()), |json| {
            serde_json::from_str(json).map_err(|_malformed| StorageError::Corrupt { what: "attachments" })
        })
}

/// The kind of a message as a column.
pub(super) const fn message_type_column(message_type: ChatMessageType) -> &'static str {
    match message_type {
        ChatMessageType::Text => "text",
        ChatMessageType::Html => "html",
        ChatMessageType::TopicUpdated => "topicUpdated",
        ChatMessageType::ParticipantAdded => "participantAdded",
        ChatMessageType::ParticipantRemoved => "participantRemoved",
    }
}

/// Reads the kind of a message.
pub(super) fn message_type(row: &SqliteRow) -> Result<ChatMessageType, StorageError> {
    match row.try_get("message_type")? {
        "text" => Ok(ChatMessageType::Text),
        "html" => Ok(ChatMessageType::Html),
        "topicUpdated" => Ok(ChatMessageType::TopicUpdated),
        "participantAdded" => Ok(ChatMessageType::ParticipantAdded),
        "participantRemoved" => Ok(ChatMessageType::ParticipantRemoved),
        _ => Err(StorageError::Corrupt { what: "message_type" }),
    }
}

/// A retention policy as its two columns.
pub(super) const fn retention_columns(
    policy: Option<&ChatRetentionPolicy>,
) -> (Option<&'static str>, Option<i64>) {
    match policy {
        None => (None, None),
        Some(ChatRetentionPolicy::None) => (Some("none"), None),
        Some(ChatRetentionPolicy::ThreadCreationDate {
            delete_thread_after_days,
        }) => (Some("threadCreationDate"), Some(*delete_thread_after_days)),
    }
}

/// Reads a retention policy.
pub(super) fn retention(row: &SqliteRow) -> Result<Option<ChatRetentionPolicy>, StorageError> {
    let kind: Option<&str> = row.try_get("retention_kind")?;
    let days: Option<i64> = row.try_get("retention_days")?;
    match (kind, days) {
        (None, _) => Ok(None),
        (Some("none"), _) => Ok(Some(ChatRetentionPolicy::None)),
        (Some("threadCreationDate"), Some(delete_thread_after_days)) => {
            Ok(Some(ChatRetentionPolicy::ThreadCreationDate {
                delete_thread_after_days,
            }))
        }
        _ => Err(StorageError::Corrupt {
            what: "retention_kind",
        }),
    }
}

/// A count or position as a column. Beyond 2^63 none occurs.
pub(super) fn number_column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Reads a count or position, if there is one.
pub(super) fn optional_number(row: &SqliteRow, column: &'static str) -> Result<Option<u64>, StorageError> {
    row.try_get::<Option<i64>, _>(column)?
        .map(|number| u64::try_from(number).map_err(|_negative| StorageError::Corrupt { what: column }))
        .transpose()
}

/// Reads a count or position.
pub(super) fn number(row: &SqliteRow, column: &'static str) -> Result<u64, StorageError> {
    u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_negative| StorageError::Corrupt { what: column })
}
