//! The static page at `/`.

use std::{
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use percent_encoding::percent_decode_str;
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
        .layer(middleware::from_fn_with_state(Arc::from(directory), only_files))
        .layer(middleware::from_fn(add_headers))
        .layer(CompressionLayer::new().gzip(true))
}

/// Lets pass what asks for a file that lies in the directory, links followed. Anything else is an unknown address.
async fn only_files(State(directory): State<Arc<Path>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads
        && let Some(asked) = relative_path(request.uri().path())
        && lies_within(&directory, &asked).await
    {
        next.run(request).await
    } else {
        not_found().await.into_response()
    }
}

/// The path below the directory that an address names, if it names one and stays below.
fn relative_path(path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let relative = PathBuf::from(decoded.trim_start_matches('/'));
    let stays = relative
        .components()
        .all(|component| matches!(component, Component::Normal(_) | Component::CurDir));
    stays.then_some(relative)
}

/// Whether the file, or the index of the directory, is there and lies in `directory` once links are followed.
async fn lies_within(directory: &Path, asked: &Path) -> bool {
    let asked = directory.join(asked);
    let (Ok(root), Ok(found)) = tokio::join!(
        tokio::fs::canonicalize(directory),
        tokio::fs::canonicalize(&asked)
    ) else {
        return false;
    };
    if !found.starts_with(&root) {
        return false;
    }
    match tokio::fs::canonicalize(found.join("index.html")).await {
        Ok(index) => index.starts_with(&root),
        // A file, or a directory without an index, which is answered as what is not there.
        Err(_) => true,
    }
}

async fn add_headers(request: Request, next: Next) -> Response {
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
    fn a_path_stays_below_the_directory() {
        let below = |path| relative_path(path).map(|path| path.to_string_lossy().into_owned());
        assert_eq!(below("/assets/a%20b.js"), Some("assets/a b.js".to_owned()));
        assert_eq!(below("/"), Some(String::new()));
        for path in ["/../x", "/%2e%2e/x", "/a/..%2f../x", "/%ff"] {
            assert_eq!(below(path), None, "{path}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept_for_long() {
        assert!(has_hashed_name("/assets/index-Ab12Cd34.js"));
        assert!(!has_hashed_name("/index.html"));
        assert!(!has_hashed_name("/assets/ring.mp3"));
        assert!(!has_hashed_name("/assets/some-name.js"));
    }
}
