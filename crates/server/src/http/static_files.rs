//! The static page at `/`.

use std::path::Path;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Request, header},
    middleware::{self, Next},
    response::Response,
};
use tower_http::{compression::CompressionLayer, services::ServeDir};

use super::router::not_found;
use crate::state::AppState;

/// What the page may do: load from here, run our WebAssembly, connect to any https and wss address (its server
/// need not be this one), and show media from streams and blobs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; \
    script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
    media-src 'self' blob: mediastream: data:; connect-src 'self' https: ws: wss:; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
    ),
];

/// Serves the files of `directory`.
pub(super) fn router(directory: &Path) -> Router<AppState> {
    // What is not there is answered as anywhere else.
    let files = ServeDir::new(directory).fallback(Router::new().fallback(not_found));
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(add_headers))
        .layer(CompressionLayer::new().gzip(true))
}

async fn add_headers(request: Request<axum::body::Body>, next: Next) -> Response {
    let hashed = has_hashed_name(request.uri().path());
    let mut response = next.run(request).await;
    if !response.status().is_success() && response.status() != axum::http::StatusCode::NOT_MODIFIED {
        return response;
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A hashed name never changes its content; everything else is asked for again (and answered 304).
    let cache = if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Whether the file's name carries a hash of its content, as bundlers write it: `/assets/index-Ab12Cd34.js`.
fn has_hashed_name(path: &str) -> bool {
    let Some(name) = path.strip_prefix("/assets/") else {
        return false;
    };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() == 8 && hash.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_kept_for_long() {
        assert!(has_hashed_name("/assets/index-Ab12Cd34.js"));
        assert!(!has_hashed_name("/index.html"));
        assert!(!has_hashed_name("/assets/ring.mp3"));
        assert!(!has_hashed_name("/assets/some-name.js"));
    }
}
