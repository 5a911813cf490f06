//! The sample page's identity service. In dev mode only: whoever asks is whom they say.

mod people;
mod token;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

use super::ApiError;
use crate::{
    domain::resource::Resource,
    state::{AppState, Mode},
};

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/demo/token", post(token::token))
        .route("/demo/people", get(people::people))
}

/// The resource that the sample page uses.
fn demo_resource(state: &AppState) -> Result<Arc<Resource>, ApiError> {
    let Mode::Dev { resource_id } = &state.mode else {
        return Err(ApiError::internal());
    };
    state.resources.find(resource_id).ok_or_else(ApiError::internal)
}
