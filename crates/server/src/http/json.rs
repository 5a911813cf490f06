//! Bodies, paths and queries: as axum's extractors, but refusing in the error envelope.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::{Serialize, de::DeserializeOwned};
use serde_path_to_error::Segment;

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
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body: &[u8] = if body.iter().all(u8::is_ascii_whitespace) {
        b"{}"
    } else {
        body
    };
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(ApiError::bad_request("The body is not a JSON object."));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = field_of(&error);
        refusal(field, error.inner())
    })?;
    reader.end().map_err(|error| refusal(None, &error))?;
    Ok(value)
}

/// What is wrong with a body. serde's own message may quote it, so only the field is told, or the place.
fn refusal(field: Option<Field>, error: &serde_json::Error) -> ApiError {
    use serde_json::error::Category;
    let problem = match (error.classify(), field) {
        (Category::Data, Some(field)) => return field.refusal(),
        (Category::Data, None) => "has a wrong or missing field",
        (Category::Eof, _) => "ends early",
        (Category::Syntax | Category::Io, _) => "is not valid JSON",
    };
    ApiError::bad_request(format!(
        "The body {problem} (line {}, column {}).",
        error.line(),
        error.column()
    ))
}

/// A field of a body or a query, as `participants[0].displayName`.
struct Field {
    path: String,
    missing: bool,
}

impl Field {
    fn refusal(self) -> ApiError {
        let problem = if self.missing {
            "is missing"
        } else {
            "has a wrong value"
        };
        ApiError::bad_request(format!("{} {problem}.", self.path)).with_target(self.path)
    }
}

/// The field that serde stopped at. What is in `metadata` is called as the client calls it, and is not told.
fn field_of(error: &serde_path_to_error::Error<serde_json::Error>) -> Option<Field> {
    let mut path = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => path.push_str(&format!("[{index}]")),
            Segment::Map { key } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
                if key == "metadata" {
                    break;
                }
            }
            Segment::Enum { .. } | Segment::Unknown => break,
        }
    }
    let message = error.inner().to_string();
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split_once('`'));
    if let Some((name, _)) = missing {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    }
    (!path.is_empty()).then_some(Field {
        path,
        missing: missing.is_some(),
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
            Err(invalid) => Err(parameter_of(&invalid.body_text()).map_or_else(
                || ApiError::bad_request("A parameter of the query has a wrong value."),
                |path| Field { path, missing: false }.refusal(),
            )),
        }
    }
}

/// The parameter's name in axum's `Failed to deserialize query string: name: what serde says`.
fn parameter_of(text: &str) -> Option<String> {
    let name = text.split(": ").nth(1)?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then(|| name.to_owned())
}
