//! Which web pages may use the server.

use std::time::Duration;

use axum::http::{HeaderValue, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer, ExposeHeaders};

use crate::state::{AppState, Mode};

/// How long a browser may remember a preflight; Chromium caps it there.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_secs(2 * 60 * 60);

/// The rules. Tokens travel in a header, not in cookies, so credentials are never allowed.
pub(super) fn layer(state: &AppState) -> CorsLayer {
    let origins = &state.config.server.allowed_origins;
    let any = matches!(state.mode, Mode::Dev { .. }) || origins.iter().any(|origin| origin == "*");
    let allow_origin = if any {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(
            origins
                .iter()
                .filter_map(|origin| HeaderValue::from_str(origin).ok()),
        )
    };
    CorsLayer::new()
        .allow_origin(allow_origin)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(ExposeHeaders::any())
        .max_age(PREFLIGHT_MAX_AGE)
}
