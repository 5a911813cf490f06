//! `repeatability-request-id`: the client's id for a request that it may repeat.

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{http::ApiError, state::AppState};

const HEADER: &str = "repeatability-request-id";

/// The id, if the request has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RepeatabilityRequestId(pub(super) Option<String>);

impl FromRequestParts<AppState> for RepeatabilityRequestId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(HEADER) else {
            return Ok(Self(None));
        };
        match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => Ok(Self(Some(text.to_owned()))),
            Err(_not_text) => {
                Err(ApiError::bad_request("repeatability-request-id must be text.").with_target(HEADER))
            }
        }
    }
}
