//! `GET /chat/config/realTimeNotifications`: where the client finds the rest.

use axum::extract::State;
use openline_chat::has_chat_scope;
use serde::Serialize;

use crate::{
    http::{ApiError, Authenticated, Json, Origin},
    state::AppState,
};

/// Where realtime is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Configuration {
    trouter_service_url: String,
    registrar_service_url: String,
    cloud_type: &'static str,
}

/// 200 with the addresses, without a slash at their end.
pub(super) async fn configuration(
    State(state): State<AppState>,
    caller: Authenticated,
    Origin(origin): Origin,
) -> Result<Json<Configuration>, ApiError> {
    if !has_chat_scope(caller.scopes.as_slice()) {
        return Err(ApiError::forbidden());
    }
    let shared = state.trouter.shared();
    shared.note_start(caller.resource_id, caller.raw_id).await?;
    Ok(Json(Configuration {
        trouter_service_url: origin.clone(),
        registrar_service_url: origin,
        cloud_type: "Public",
    }))
}
