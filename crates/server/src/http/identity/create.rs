//! `POST /identities`

use axum::{extract::State, http::StatusCode};
use openline_protocol::rest::identity::{CreateIdentityRequest, CreateIdentityResponse, Identity};

use super::access_token;
use crate::{
    http::{ApiError, Json, signed::Signed},
    state::AppState,
};

/// 201 with the identity, and a token if scopes were named.
pub(super) async fn create(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<(StatusCode, Json<CreateIdentityResponse>), ApiError> {
    let request: CreateIdentityRequest = signed.json()?;
    let created = state
        .identities
        .create(&signed.resource, &request, &state.endpoints.public)
        .await?;
    let response = CreateIdentityResponse {
        identity: Identity {
            id: created.raw_id.into_string(),
        },
        access_token: created.token.map(access_token),
    };
    Ok((StatusCode::CREATED, Json(response)))
}
