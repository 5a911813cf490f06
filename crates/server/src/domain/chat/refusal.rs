//! How the rules' refusals become the domain's.

use openline_chat::{CursorInvalid, Denied, Invalid, limits};

use crate::domain::DomainError;

/// The reason stays inside: the answer does not tell whether a thread exists.
pub(super) fn refused(_denied: Denied) -> DomainError {
    DomainError::Forbidden
}

/// An identifier that names nobody, or two at once.
pub(super) fn identifier_invalid() -> DomainError {
    DomainError::Invalid {
        code: "BadRequest",
        message: "An identifier must have a rawId or exactly one nested identifier.".to_owned(),
        target: Some("communicationIdentifier"),
    }
}

/// Receipts and typing do not exist in large threads.
pub(super) fn thread_too_large() -> DomainError {
    DomainError::bad_request(format!(
        "Read receipts and typing notifications exist in threads of up to {} participants.",
        limits::MAX_PARTICIPANTS_FOR_PRESENCE
    ))
}

pub(super) const MESSAGE_NOT_FOUND: DomainError = DomainError::NotFound { what: "message" };

impl From<Invalid> for DomainError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid {
            code: "BadRequest",
            message: invalid.to_string(),
            target: Some(invalid.field()),
        }
    }
}

impl From<CursorInvalid> for DomainError {
    fn from(invalid: CursorInvalid) -> Self {
        Self::Invalid {
            code: "BadRequest",
            message: invalid.to_string(),
            target: Some("syncState"),
        }
    }
}
