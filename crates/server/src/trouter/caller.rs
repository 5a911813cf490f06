//! Who calls: the user access token, in the header where this client puts it.

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, request::Parts},
};
use openline_chat::has_chat_scope;

use crate::{domain::token::VerifiedToken, http::ApiError, state::AppState};

const TOKEN: HeaderName = HeaderName::from_static("x-skypetoken");

/// The caller of a request whose token was verified (signature, resource, expiry, revocation) and allows chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller(pub(super) VerifiedToken);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let token = parts
            .headers
            .get(TOKEN)
            .and_then(|value| value.to_str().ok())
            .ok_or_else(|| ApiError::unauthorized("Request is not authorized."))?;
        let token = state.tokens.verify(token.trim()).await?;
        if has_chat_scope(token.scopes.as_slice()) {
            Ok(Self(token))
        } else {
            Err(ApiError::forbidden())
        }
    }
}
