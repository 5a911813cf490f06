//! What a request may say. The server refuses with these sentences; the SDK may ask first.

use std::collections::BTreeMap;

use openline_protocol::rest::chat::{ChatMessageType, ChatRetentionPolicy};

use crate::{limits, metadata_bytes};

/// What is wrong with a request. The sentence is for a person and repeats nothing that was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// A field must not be empty: fill it.
    #[error("{field} must not be empty.")]
    Empty {
        /// The field, as on the wire.
        field: &'static str,
    },
    /// A text is too long: shorten it.
    #[error("{field} is {bytes} bytes long, the limit is {limit}.")]
    TooLong {
        /// The field, as on the wire.
        field: &'static str,
        /// Its size.
        bytes: usize,
        /// The most it may be.
        limit: usize,
    },
    /// A number is out of its range.
    #[error("{field} must be between {min} and {max}.")]
    OutOfRange {
        /// The field, as on the wire.
        field: &'static str,
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// A thread would have too many participants: remove some, or start another.
    #[error("A thread holds at most {limit} participants.")]
    ThreadFull {
        /// The most there may be.
        limit: usize,
    },
    /// A search asks for nothing: name a word.
    #[error("query must have a word to search for.")]
    NoWords,
    /// A search asks for too much at once: leave some words out.
    #[error("query must have at most {limit} words.")]
    TooManyWords {
        /// The most it may have.
        limit: usize,
    },
    /// System messages are the server's alone: send `text` or `html`.
    #[error("type must be text or html.")]
    SystemMessageType,
}

impl Invalid {
    /// The field that is wrong, as on the wire.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Empty { field } | Self::TooLong { field, .. } | Self::OutOfRange { field, .. } => field,
            Self::ThreadFull { .. } => "participants",
            Self::NoWords | Self::TooManyWords { .. } => "query",
            Self::SystemMessageType => "type",
        }
    }
}

/// Checks a thread's topic.
///
/// # Errors
/// [`Invalid`] where it is empty or too long.
pub fn check_topic(topic: &str) -> Result<(), Invalid> {
    filled("topic", topic)?;
    at_most("topic", topic.len(), limits::MAX_TOPIC_BYTES)
}

/// Checks a message's content.
///
/// # Errors
/// [`Invalid`] where it is empty or over 28 KiB.
pub fn check_content(content: &str) -> Result<(), Invalid> {
    filled("content", content)?;
    at_most("content", content.len(), limits::MAX_CONTENT_BYTES)
}

/// Checks a display name, named `field` on the wire. Empty is allowed.
///
/// # Errors
/// [`Invalid`] where it is too long.
pub fn check_display_name(field: &'static str, name: &str) -> Result<(), Invalid> {
    at_most(field, name.len(), limits::MAX_DISPLAY_NAME_BYTES)
}

/// Checks metadata as it will be stored, after a merge.
///
/// # Errors
/// [`Invalid`] where keys and values together are over 1 KiB.
pub fn check_metadata(metadata: &BTreeMap<String, String>) -> Result<(), Invalid> {
    at_most("metadata", metadata_bytes(metadata), limits::MAX_METADATA_BYTES)
}

/// Checks the kind of a message that somebody sends.
///
/// # Errors
/// [`Invalid::SystemMessageType`].
pub const fn check_message_type(message_type: ChatMessageType) -> Result<(), Invalid> {
    match message_type {
        ChatMessageType::Text | ChatMessageType::Html => Ok(()),
        ChatMessageType::TopicUpdated
        | ChatMessageType::ParticipantAdded
        | ChatMessageType::ParticipantRemoved => Err(Invalid::SystemMessageType),
    }
}

/// Checks how many participants a thread would have, `in_thread`, and how many a call names, `in_call`.
///
/// # Errors
/// [`Invalid::OutOfRange`] where a call names over 200, [`Invalid::ThreadFull`] over 250.
pub fn check_participant_count(in_call: usize, in_thread: usize) -> Result<(), Invalid> {
    let limit = limits::MAX_PARTICIPANTS_PER_CALL;
    if in_call > limit {
        let max = i64::try_from(limit).unwrap_or(i64::MAX);
        return Err(Invalid::OutOfRange {
            field: "participants",
            min: 0,
            max,
        });
    }
    let limit = limits::MAX_PARTICIPANTS;
    if in_thread > limit {
        return Err(Invalid::ThreadFull { limit });
    }
    Ok(())
}

/// Checks when a thread shall delete itself.
///
/// # Errors
/// [`Invalid::OutOfRange`] outside of 30 to 90 days.
pub fn check_retention(policy: &ChatRetentionPolicy) -> Result<(), Invalid> {
    let days = &limits::RETENTION_DAYS;
    match policy {
        ChatRetentionPolicy::None => Ok(()),
        ChatRetentionPolicy::ThreadCreationDate {
            delete_thread_after_days,
        } => {
            if days.contains(delete_thread_after_days) {
                return Ok(());
            }
            let field = "retentionPolicy.deleteThreadAfterDays";
            Err(Invalid::OutOfRange {
                field,
                min: *days.start(),
                max: *days.end(),
            })
        }
    }
}

/// The size of a page: what was asked for, or 100.
///
/// # Errors
/// [`Invalid::OutOfRange`] outside of 1 to 200.
pub fn check_page_size(asked: Option<i64>) -> Result<u32, Invalid> {
    page_size(asked, limits::DEFAULT_PAGE_SIZE, limits::MAX_PAGE_SIZE)
}

/// The size of a page of what a search found: what was asked for, or 25.
///
/// # Errors
/// [`Invalid::OutOfRange`] outside of 1 to 100.
pub fn check_search_page_size(asked: Option<i64>) -> Result<u32, Invalid> {
    page_size(
        asked,
        limits::DEFAULT_SEARCH_PAGE_SIZE,
        limits::MAX_SEARCH_PAGE_SIZE,
    )
}

fn page_size(asked: Option<i64>, default: u32, max: u32) -> Result<u32, Invalid> {
    let Some(asked) = asked else {
        return Ok(default);
    };
    u32::try_from(asked)
        .ok()
        .filter(|size| (1..=max).contains(size))
        .ok_or(Invalid::OutOfRange {
            field: "maxPageSize",
            min: 1,
            max: i64::from(max),
        })
}

/// Checks a `repeatability-request-id`. Any text is one.
///
/// # Errors
/// [`Invalid`] where it is empty or too long.
pub fn check_request_id(request_id: &str) -> Result<(), Invalid> {
    let field = "repeatability-request-id";
    filled(field, request_id)?;
    at_most(field, request_id.len(), limits::MAX_REQUEST_ID_BYTES)
}

const fn filled(field: &'static str, text: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        Err(Invalid::Empty { field })
    } else {
        Ok(())
    }
}

const fn at_most(field: &'static str, bytes: usize, limit: usize) -> Result<(), Invalid> {
    if bytes > limit {
        Err(Invalid::TooLong { field, bytes, limit })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_measured_in_bytes_and_may_fill_the_limit() {
        assert_eq!(check_content(&"x".repeat(28 * 1024)), Ok(()));
        assert_eq!(check_content(&"ä".repeat(14 * 1024)), Ok(()));
        assert_eq!(check_content(""), Err(Invalid::Empty { field: "content" }));
        let error = check_content(&"ä".repeat(14 * 1024 + 1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "content is 28674 bytes long, the limit is 28672."
        );
    }

    #[test]
    fn metadata_counts_keys_and_values() {
        let of = |size| BTreeMap::from([("k".to_owned(), "v".repeat(size))]);
        assert_eq!(check_metadata(&of(1023)), Ok(()));
        assert_eq!(check_metadata(&of(1024)).unwrap_err().field(), "metadata");
    }

    #[test]
    fn pages_hold_1_to_200_items_and_100_by_default() {
        assert_eq!(check_page_size(None), Ok(100));
        assert_eq!(check_page_size(Some(1)), Ok(1));
        assert_eq!(check_page_size(Some(200)), Ok(200));
        for wrong in [0, -1, 201, i64::MAX] {
            assert_eq!(check_page_size(Some(wrong)).unwrap_err().field(), "maxPageSize");
        }
    }

    #[test]
    fn participants_are_limited_per_call_and_per_thread() {
        assert_eq!(check_participant_count(200, 250), Ok(()));
        assert!(check_participant_count(201, 201).is_err());
        let full = check_participant_count(1, 251).unwrap_err();
        assert_eq!(full.field(), "participants");
        assert_eq!(full.to_string(), "A thread holds at most 250 participants.");
    }

    #[test]
    fn a_thread_deletes_itself_after_30_to_90_days() {
        let after = |days| ChatRetentionPolicy::ThreadCreationDate {
            delete_thread_after_days: days,
        };
        assert_eq!(check_retention(&ChatRetentionPolicy::None), Ok(()));
        assert_eq!(check_retention(&after(30)), Ok(()));
        assert_eq!(check_retention(&after(90)), Ok(()));
        assert!(check_retention(&after(29)).is_err() && check_retention(&after(91)).is_err());
    }

    #[test]
    fn nobody_sends_system_messages() {
        assert_eq!(check_message_type(ChatMessageType::Html), Ok(()));
        assert_eq!(
            check_message_type(ChatMessageType::TopicUpdated),
            Err(Invalid::SystemMessageType)
        );
    }
}
