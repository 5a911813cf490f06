//! Why a use case refused. `http::ApiError` turns it into an answer, in one place.

use std::time::Duration;

use crate::storage::{StorageError, objects::ObjectError};

/// A refusal, or a failure of storage.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DomainError {
    /// The request says something that cannot be. The caller corrects it.
    #[error("{message}")]
    Invalid {
        /// The code of the answer: `ValidationError` in the identity service, `BadRequest` in chat.
        code: &'static str,
        /// What is wrong and what would be right. Never contains message text, tokens or names.
        message: String,
        /// The field it is about.
        target: Option<&'static str>,
    },
    /// The caller may not do this, or may not know whether it exists.
    #[error("the caller is not allowed to do this")]
    Forbidden,
    /// There is no such thing.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for: `identity`, `message`.
        what: &'static str,
    },
    /// The request contradicts an earlier one. The caller corrects it.
    #[error("{message}")]
    Conflict {
        /// What contradicts what.
        message: &'static str,
        /// The field it is about.
        target: &'static str,
    },
    /// Too many of these in a short time. The caller waits.
    #[error("too many requests")]
    TooManyRequests {
        /// How long until the next one is allowed.
        retry_after: Duration,
    },
    /// A file is larger than is allowed.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// What is allowed.
        limit_bytes: u64,
    },
    /// A file is of a kind that is not allowed here.
    #[error("files of this kind are not allowed")]
    UnsupportedType,
    /// The caller's files take all they may. The caller deletes some.
    #[error("the caller's files take more than {limit_bytes} bytes")]
    QuotaExceeded {
        /// What is allowed.
        limit_bytes: u64,
    },
    /// The object store failed. What was begun is undone later.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// Storage failed. Nothing was changed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl DomainError {
    /// A refusal of the identity service about `target`.
    #[must_use]
    pub fn validation(target: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            code: "ValidationError",
            message: message.into(),
            target: Some(target),
        }
    }

    /// A refusal of the chat service.
    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::Invalid {
            code: "BadRequest",
            message: message.into(),
            target: None,
        }
    }
}
