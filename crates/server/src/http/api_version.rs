//! The `api-version` of REST requests.

use axum::{
    Router,
    extract::{OriginalUri, Request},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::IntoResponse as _,
};

use super::ApiError;
use crate::state::AppState;

/// The versions of the identity service. Of those before 2023-10-01 each says less of the same.
pub const IDENTITY_API_VERSIONS: &[&str] = &[
    "2021-03-07",
    "2022-06-01",
    "2022-10-01",
    "2023-10-01",
    "2024-04-01-preview",
    "2025-03-02-preview",
    "2025-06-30",
    "2026-07-22",
];

/// The versions of the chat service. Of those before 2024-03-07 each says less of the same.
pub const CHAT_API_VERSIONS: &[&str] = &[
    "2021-03-07",
    "2021-09-07",
    "2023-11-07",
    "2024-03-07",
    "2024-06-05-preview",
    "2025-03-15",
];

/// The versions of the relay service.
pub const RELAY_API_VERSIONS: &[&str] = &["2022-03-01-preview"];

const SUPPORTED: HeaderName = HeaderName::from_static("api-supported-versions");

/// Makes the routes of `router` require one of `supported` in the query, and name them in each answer.
pub fn versioned(router: Router<AppState>, supported: &'static [&'static str]) -> Router<AppState> {
    let names = HeaderValue::from_str(&supported.join(", ")).expect("versions are plain ASCII");
    router.route_layer(middleware::from_fn(move |request: Request, next: Next| {
        let names = names.clone();
        async move {
            let mut response = match check(&request, supported) {
                Ok(()) => next.run(request).await,
                Err(error) => error.into_response(),
            };
            response.headers_mut().insert(SUPPORTED, names);
            response
        }
    }))
}

pub(super) fn check(request: &Request, supported: &[&str]) -> Result<(), ApiError> {
    let query = request.uri().query().unwrap_or_default();
    let version = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("api-version="));
    match version {
        Some(version) if supported.contains(&version) => Ok(()),
        Some(version) => {
            let version: String = version.chars().take(64).collect();
            Err(unsupported(format!(
                "The resource at '{}' does not support the API version '{version}'. It supports: {}.",
                path(request),
                supported.join(", ")
            )))
        }
        None => Err(unsupported(format!(
            "The request to '{}' names no API version. Add api-version to the query; supported: {}.",
            path(request),
            supported.join(", ")
        ))),
    }
}

fn unsupported(message: String) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "UnsupportedApiVersion", message)
}

fn path(request: &Request) -> &str {
    request
        .extensions()
        .get::<OriginalUri>()
        .map_or_else(|| request.uri().path(), |uri| uri.0.path())
}
