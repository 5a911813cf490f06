//! Bodies, paths and queries: as axum's extractors, but refusing in the error envelope.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Serialize, de::DeserializeOwned};

use super::ApiError;
use crate::state::AppState;

/// A JSON body, in or out. An absent body is read as `{}`, since clients send a content type without content.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let body = read_body(request.into_body(), state.config.limits.max_body_bytes).await?;
        parse(&body).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response(),
            Err(error) => {
                tracing::error!(%error, "an answer cannot be serialised");
                ApiError::internal().into_response()
            }
        }
    }
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    if axum::body::HttpBody::size_hint(&body).lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(ApiError::too_large(limit));
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::too_large(limit)),
        Err(_broken) => Err(ApiError::bad_request("The body ended early.")),
    }
}

/// Reads a JSON object; an empty text is `{}`. Anything but an object is refused, since serde would read an array
/// as the fields in order.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body: &[u8] = if body.iter().all(u8::is_ascii_whitespace) {
        b"{}"
    } else {
        body
    };
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(ApiError::bad_request("The body is not a JSON object."));
    }
    // serde's own message may quote the body, so only the place is told.
    serde_json::from_slice(body).map_err(|error| {
        let problem = match error.classify() {
            serde_json::error::Category::Data => "has a wrong or missing field",
            serde_json::error::Category::Eof => "ends early",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => "is not valid JSON",
        };
        ApiError::bad_request(format!(
            "The body {problem} (line {}, column {}).",
            error.line(),
            error.column()
        ))
    })
}

/// Segments of the path, percent-decoded.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_invalid) => Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                "BadRequest",
                "A segment of the path is not valid UTF-8.",
            )),
        }
    }
}

/// The query.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(_invalid) => Err(ApiError::bad_request(
                "A parameter of the query has a wrong value.",
            )),
        }
    }
}
