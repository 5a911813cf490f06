//! Who calls: the user access token of a data-plane request.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use openline_protocol::{RawId, ResourceId, Scope, Timestamp};

use super::ApiError;
use crate::{
    domain::token::{Scopes, VerifiedToken},
    state::AppState,
};

/// The caller of a request whose token was verified: signature, resource, expiry and revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// The resource.
    pub resource_id: ResourceId,
    /// The identity.
    pub raw_id: RawId,
    /// What the token allows.
    pub scopes: Scopes,
    /// When the token expires.
    pub token_expires_on: Timestamp,
}

impl Authenticated {
    /// Refuses with 403 unless the token has one of `allowed`.
    ///
    /// # Errors
    ///
    /// 403 `Forbidden`.
    pub fn require_any(&self, allowed: &[Scope]) -> Result<(), ApiError> {
        if self.scopes.has_any(allowed) {
            Ok(())
        } else {
            Err(ApiError::forbidden())
        }
    }
}

impl From<VerifiedToken> for Authenticated {
    fn from(token: VerifiedToken) -> Self {
        Self {
            resource_id: token.resource_id,
            raw_id: token.raw_id,
            scopes: token.scopes,
            token_expires_on: token.expires_on,
        }
    }
}

impl FromRequestParts<AppState> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| ApiError::unauthorized("Request is not authorized."))?;
        Ok(state.tokens.verify(token).await?.into())
    }
}
