//! `DELETE /identities/{id}`

use axum::{extract::State, http::StatusCode};
use openline_protocol::RawId;

use crate::{
    http::{ApiError, Path, signed::Signed},
    state::AppState,
};

/// 204 once the identity and its tokens are gone.
pub(super) async fn delete(
    State(state): State<AppState>,
    Path(raw_id): Path<RawId>,
    signed: Signed,
) -> Result<StatusCode, ApiError> {
    state.identities.delete(&signed.resource, &raw_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
