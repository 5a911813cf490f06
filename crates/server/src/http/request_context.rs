//! What surrounds every request: its id, its log line, its metrics, its time limit.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{ApiError, chat::attachments::is_upload, error::ErrorCode};
use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

/// The longest client request id that is echoed and logged, in bytes.
const MAX_CLIENT_REQUEST_ID: usize = 128;

/// The id of a request, drawn by the server: in its answer (`x-request-id`) and in every log line about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Runs a request. Logs its route, never its path or query: those name people.
pub(super) async fn request_context(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let request_id = Uuid::now_v7().simple().to_string();
    let client_request_id = client_request_id(request.headers());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let span = tracing::info_span!(
        "request",
        request_id,
        client_request_id = client_request_id.as_ref().and_then(|id| id.to_str().ok()),
        %method,
        route,
    );
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let limit = if is_upload(&method, &route) {
        state.config.attachments.upload_timeout()
    } else {
        state.config.limits.request_timeout()
    };
    let answered = tokio::time::timeout(limit, next.run(request))
        .instrument(span.clone())
        .await;
    let mut response = answered.unwrap_or_else(|_elapsed| {
        ApiError::unavailable("The request took too long. Try again in a moment.").into_response()
    });

    let elapsed = began.elapsed();
    let status = response.status();
    let code = response
        .extensions()
        .get::<ErrorCode>()
        .map(|code| code.0.as_str());
    span.in_scope(|| log(status, code, elapsed));
    let labels = [
        ("method", method_label(&method)),
        ("route", route),
        ("status", status.as_u16().to_string()),
    ];
    metrics::counter!("openline_http_requests_total", &labels).increment(1);
    metrics::histogram!("openline_http_request_seconds", &labels[..2]).record(elapsed);

    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    if let Some(id) = client_request_id {
        response.headers_mut().insert(CLIENT_REQUEST_ID, id);
    }
    response
}

/// The method as a label. What others make up is one label, so that they cannot make up metrics.
fn method_label(method: &Method) -> String {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::CONNECT,
    ];
    if known.contains(method) {
        method.to_string()
    } else {
        "other".to_owned()
    }
}

fn log(status: StatusCode, code: Option<&str>, elapsed: std::time::Duration) {
    let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    if status.is_server_error() {
        tracing::error!(status = status.as_u16(), code, elapsed_ms, "answered");
    } else {
        tracing::info!(status = status.as_u16(), code, elapsed_ms, "answered");
    }
}

fn client_request_id(headers: &HeaderMap) -> Option<HeaderValue> {
    headers
        .get(CLIENT_REQUEST_ID)
        .filter(|id| id.len() <= MAX_CLIENT_REQUEST_ID && id.as_bytes().iter().all(u8::is_ascii_graphic))
        .cloned()
}
