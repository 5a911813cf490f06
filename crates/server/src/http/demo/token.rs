//! `POST /demo/token`

use axum::{Extension, extract::State};
use openline_protocol::rest::identity::Identity;
use serde::{Deserialize, Serialize};

use super::demo_resource;
use crate::{
    http::{ApiError, Json, Listener, identity},
    state::AppState,
};

/// Who signs in.
#[derive(Debug, Deserialize)]
pub(super) struct DemoTokenRequest {
    /// The name, 1 to 64 characters. The same name, however written, is the same person.
    name: String,
}

/// The person and a token.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DemoTokenResponse {
    identity: Identity,
    display_name: String,
    token: String,
    expires_on: String,
}

/// 200 with the identity of that name and a token for it.
pub(super) async fn token(
    State(state): State<AppState>,
    Extension(listener): Extension<Listener>,
    Json(request): Json<DemoTokenRequest>,
) -> Result<Json<DemoTokenResponse>, ApiError> {
    // The token names the endpoint that the page came by: a browser that does not trust the local CA still works.
    let endpoint = match (listener, &state.endpoints.plain) {
        (Listener::Plain, Some(plain)) => plain,
        (Listener::Plain, None) | (Listener::Tls, _) => &state.endpoints.public,
    };
    let person = state
        .demo
        .sign_in(&*demo_resource(&state)?, &request.name, endpoint)
        .await?;
    let token = identity::access_token(person.token);
    Ok(Json(DemoTokenResponse {
        identity: Identity {
            id: person.raw_id.into_string(),
        },
        display_name: person.display_name,
        token: token.token,
        expires_on: token.expires_on,
    }))
}
