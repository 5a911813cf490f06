//! The REST of identities (`POST /identities` and what is below it).

mod create;
mod delete;
mod issue_access_token;
mod revoke_access_tokens;

use axum::{
    Router,
    routing::{delete, post},
};
use openline_protocol::{Timestamp, rest::identity::AccessToken};

use crate::{domain::token::IssuedToken, state::AppState};

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .without_v07_checks()
        .route("/identities", post(create::create))
        .route("/identities/{id}", delete(delete::delete))
        .route(
            "/identities/{id}/:issueAccessToken",
            post(issue_access_token::issue_access_token),
        )
        .route(
            "/identities/{id}/:revokeAccessTokens",
            post(revoke_access_tokens::revoke_access_tokens),
        )
}

/// A token as answers carry it.
pub(super) fn access_token(issued: IssuedToken) -> AccessToken {
    AccessToken {
        token: issued.token,
        expires_on: iso8601(issued.expires_on),
    }
}

/// `2026-11-21T07:22:05+00:00`.
pub(super) fn iso8601(time: Timestamp) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let instant = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX);
    format!("{}", instant.strftime("%Y-%m-%dT%H:%M:%S+00:00"))
}
