//! For orchestrators and monitoring.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;

use super::{ApiError, Json};
use crate::{state::AppState, telemetry};

/// The routes.
pub(super) fn routes(state: &AppState) -> Router<AppState> {
    let routes = Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready));
    if state.config.server.metrics {
        routes.route("/metrics", get(metrics))
    } else {
        routes
    }
}

/// Whether the process runs. Restart it if not.
async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

/// Whether requests are answered: not while stopping, nor while the database does not answer.
async fn ready(State(state): State<AppState>) -> Result<Json<serde_json::Value>, ApiError> {
    if state.shutdown.has_begun() {
        return Err(ApiError::unavailable("The server is stopping."));
    }
    match state.storage.check().await {
        Ok(()) => Ok(Json(
            json!({ "status": "ready", "version": env!("CARGO_PKG_VERSION") }),
        )),
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the database does not answer"
            );
            Err(ApiError::unavailable("The database does not answer."))
        }
    }
}

async fn metrics() -> Response {
    match telemetry::metrics::render() {
        Some(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}
