//! All routes, in one list.

use axum::{
    Extension, Router,
    http::{HeaderValue, Method, StatusCode, header},
    middleware,
    response::{IntoResponse as _, Response},
};
use tower::{ServiceBuilder, util::MapRequestLayer};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use super::{
    ApiError, CHAT_API_VERSIONS, IDENTITY_API_VERSIONS, RELAY_API_VERSIONS, chat, cors, demo, health,
    identity, normalise::normalise, relay, request_context::request_context, static_files,
    unread_body::read_to_its_end, versioned,
};
use crate::{
    state::{AppState, Mode},
    trouter,
};

/// Which listener a request came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// Plain HTTP.
    Plain,
    /// HTTPS.
    Tls,
}

/// The service behind a listener.
pub fn router(state: &AppState, listener: Listener) -> Router {
    let mut areas = vec![
        health::routes(state),
        versioned(identity::routes(), IDENTITY_API_VERSIONS),
        versioned(chat::routes(), CHAT_API_VERSIONS),
        versioned(relay::routes(), RELAY_API_VERSIONS),
        state.realtime.routes(),
        trouter::routes(),
    ];
    if let Mode::Dev { .. } = state.mode {
        areas.push(demo::routes());
    }
    // A segment that begins with a colon stands for itself; merging needs that said on both sides.
    let routes = areas.into_iter().fold(Router::new(), |routes, area| {
        routes.without_v07_checks().merge(area.without_v07_checks())
    });
    let routes = match &state.config.server.www {
        Some(directory) => routes.fallback_service(static_files::router(directory).with_state(state.clone())),
        None => routes.fallback(not_found),
    };
    surrounded(routes, state, listener)
}

/// What every request goes through, whatever its route.
fn surrounded(routes: Router<AppState>, state: &AppState, listener: Listener) -> Router {
    let nosniff = SetResponseHeaderLayer::overriding(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // The last layer is the outermost: it sees the request first.
    let routes = routes
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(nosniff)
        .layer(cors::layer(state))
        .layer(middleware::from_fn(read_to_its_end))
        .layer(middleware::from_fn_with_state(state.clone(), request_context))
        .layer(Extension(listener))
        .with_state(state.clone());
    // Around the router, since a route is chosen before the router's own layers run.
    let tidied = ServiceBuilder::new()
        .layer(MapRequestLayer::new(normalise))
        .service(routes);
    Router::new().fallback_service(tidied)
}

/// 404 in the envelope.
pub(super) async fn not_found() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "NotFound",
        "There is nothing at this address.",
    )
}

async fn method_not_allowed(method: Method) -> ApiError {
    let message = format!("The method {method} is not allowed at this address.");
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
}

/// The panic's message went to the log by the panic hook; an answer says nothing of it.
fn panicked(_payload: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::internal().into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{
        body::Body,
        http::{Request, StatusCode},
        routing::get,
    };
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;
    use crate::{
        clock::SystemClock,
        config::Config,
        state::{AppParts, Endpoints},
        storage::{objects::Objects, sqlite},
    };

    async fn panics() -> StatusCode {
        panic!("on purpose, about secret things");
    }

    async fn never_answers() -> StatusCode {
        std::future::pending().await
    }

    /// Status, body and request id of an answer.
    async fn answered(path: &str) -> (StatusCode, String, bool) {
        let directory = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.limits.request_timeout_s = 1;
        let parts = AppParts {
            config,
            mode: Mode::Serve,
            endpoints: Endpoints {
                public: "https://localhost/".to_owned(),
                plain: None,
            },
            storage: sqlite::open(&directory.path().join("test.db")).await.unwrap(),
            objects: Objects::in_memory(),
            relay: None,
            clock: Arc::new(SystemClock::default()),
        };
        let state = AppState::assemble(parts).await.unwrap();
        let routes = Router::new()
            .route("/panics", get(panics))
            .route("/never", get(never_answers));
        let router = surrounded(routes, &state, Listener::Plain);
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let has_id = response.headers().contains_key("x-request-id");
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap(), has_id)
    }

    #[tokio::test]
    async fn a_panic_is_500_in_the_envelope_and_says_nothing() {
        let (status, body, has_id) = answered("/panics").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            body.contains("\"InternalServerError\"") && !body.contains("secret"),
            "{body}"
        );
        assert!(has_id);
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_503_in_the_envelope() {
        let (status, body, has_id) = answered("/never").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("\"ServiceUnavailable\""), "{body}");
        assert!(has_id);
    }
}
