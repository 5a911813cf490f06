//! Answers that are not a success: a status and the error envelope.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use openline_protocol::{ErrorBody, ErrorResponse};

use crate::{
    domain::{DomainError, token::TokenRefused},
    storage::{StorageError, objects::ObjectError},
};

/// The code that an answer carries, for the log and the metrics.
#[derive(Debug, Clone)]
pub(crate) struct ErrorCode(pub(crate) String);

/// An answer that is not a success. The request id is added to every answer by `request_context`.
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    body: Box<ErrorBody>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl ApiError {
    /// An error with a status, a fixed code and a sentence for a person.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let body = ErrorBody {
            code: code.to_owned(),
            message: message.into(),
            ..ErrorBody::default()
        };
        Self {
            status,
            body: Box::new(body),
            header: None,
        }
    }

    /// Names the field that the error is about.
    #[must_use]
    pub fn with_target(mut self, target: impl Into<String>) -> Self {
        self.body.target = Some(target.into());
        self
    }

    /// Says when to try again, in whole seconds, rounded up.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: Duration) -> Self {
        let seconds = retry_after.as_millis().div_ceil(1000).max(1);
        self.header = HeaderValue::from_str(&seconds.to_string())
            .ok()
            .map(|value| (header::RETRY_AFTER, value));
        self
    }

    /// 400 `BadRequest`.
    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 401 `Denied`: a request that no access key signed.
    #[must_use]
    pub fn denied(message: &str) -> Self {
        let mut error = Self::new(StatusCode::UNAUTHORIZED, "Denied", message);
        error.header = Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("HMAC-SHA256")));
        error
    }

    /// 401 `Unauthorized`: no token, or one that is not accepted.
    #[must_use]
    pub fn unauthorized(message: &str) -> Self {
        let mut error = Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", message);
        error.header = Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        error
    }

    /// 403 `Forbidden`.
    #[must_use]
    pub fn forbidden() -> Self {
        let message = "User is not allowed to perform specified action.";
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message)
    }

    /// 413: the body is larger than `limit` bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let message = format!("The body is larger than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
    }

    /// 500 `InternalServerError`, saying nothing about why. Whoever makes it logs the reason.
    #[must_use]
    pub fn internal() -> Self {
        let message = "The server failed. Report it with the x-request-id of this answer.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message)
    }

    /// 503 `ServiceUnavailable`.
    #[must_use]
    pub fn unavailable(message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message)
            .with_retry_after(Duration::from_secs(1))
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let code = ErrorCode(self.body.code.clone());
        let mut response = (self.status, Json(ErrorResponse { error: *self.body })).into_response();
        response.headers_mut().extend(self.header);
        response.extensions_mut().insert(code);
        response
    }
}

/// The one place where a refusal becomes a status.
impl From<DomainError> for ApiError {
    fn from(error: DomainError) -> Self {
        match error {
            DomainError::Invalid {
                code,
                message,
                target,
            } => {
                let error = Self::new(StatusCode::BAD_REQUEST, code, message);
                match target {
                    Some(target) => error.with_target(target),
                    None => error,
                }
            }
            DomainError::Forbidden => Self::forbidden(),
            DomainError::NotFound { what } => Self::new(
                StatusCode::NOT_FOUND,
                "NotFound",
                format!("There is no such {what}."),
            ),
            DomainError::Conflict { message, target } => {
                Self::new(StatusCode::CONFLICT, "Conflict", message).with_target(target)
            }
            DomainError::TooManyRequests { retry_after } => {
                let message = "Too many requests. Try again after the time in Retry-After.";
                Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
                    .with_retry_after(retry_after)
            }
            DomainError::TooLarge { limit_bytes } => {
                Self::too_large(usize::try_from(limit_bytes).unwrap_or(usize::MAX))
            }
            DomainError::UnsupportedType => {
                let message = "Files of this kind cannot be uploaded here.";
                Self::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "UnsupportedMediaType",
                    message,
                )
            }
            DomainError::QuotaExceeded { limit_bytes } => {
                let message =
                    format!("Your files would take more than {limit_bytes} bytes. Delete some first.");
                Self::new(StatusCode::FORBIDDEN, "QuotaExceeded", message)
            }
            DomainError::Objects(error) => error.into(),
            DomainError::Storage(error) => error.into(),
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Busy => Self::unavailable("The server is busy. Try again in a moment."),
            StorageError::Closed => Self::unavailable("The server is stopping. Try again in a moment."),
            StorageError::Unavailable(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "storage cannot be used");
                Self::unavailable("The server cannot store or read anything now. Try again in a moment.")
            }
            StorageError::Conflict
            | StorageError::Corrupt { .. }
            | StorageError::Panicked
            | StorageError::Failed(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
                Self::internal()
            }
        }
    }
}

impl From<ObjectError> for ApiError {
    fn from(error: ObjectError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the object store failed"
        );
        Self::unavailable("Files cannot be stored or read now. Try again in a moment.")
    }
}

impl From<TokenRefused> for ApiError {
    fn from(refused: TokenRefused) -> Self {
        match refused {
            TokenRefused::Storage(error) => error.into(),
            TokenRefused::Expired => {
                Self::unauthorized("Request is not authorized. The access token has expired.")
            }
            TokenRefused::Unknown | TokenRefused::Forged | TokenRefused::Revoked => {
                tracing::debug!(reason = %refused, "a token was refused");
                Self::unauthorized("Request is not authorized.")
            }
        }
    }
}
