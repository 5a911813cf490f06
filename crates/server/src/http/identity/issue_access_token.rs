//! `POST /identities/{id}/:issueAccessToken`

use axum::extract::State;
use openline_protocol::{
    RawId,
    rest::identity::{AccessToken, IssueAccessTokenRequest},
};

use super::access_token;
use crate::{
    http::{ApiError, Json, Path, signed::Signed},
    state::AppState,
};

/// 200 with the token.
pub(super) async fn issue_access_token(
    State(state): State<AppState>,
    Path(raw_id): Path<RawId>,
    signed: Signed,
) -> Result<Json<AccessToken>, ApiError> {
    let request: IssueAccessTokenRequest = signed.json()?;
    let issuer = &state.endpoints.public;
    let issued = state
        .identities
        .issue_token(&signed.resource, &raw_id, &request, issuer)
        .await?;
    Ok(Json(access_token(issued)))
}
