//! `POST /identities/{id}/:revokeAccessTokens`

use axum::{extract::State, http::StatusCode};
use openline_protocol::RawId;

use crate::{
    http::{ApiError, Path, signed::Signed},
    state::AppState,
};

/// 204 once no token issued so far is good any more.
pub(super) async fn revoke_access_tokens(
    State(state): State<AppState>,
    Path(raw_id): Path<RawId>,
    signed: Signed,
) -> Result<StatusCode, ApiError> {
    state.identities.revoke_tokens(&signed.resource, &raw_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
