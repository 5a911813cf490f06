//! `POST /networkTraversal/:issueRelayConfiguration`: credentials for relays.

use axum::{Router, extract::State, routing::post};
use openline_protocol::{
    RawId,
    rest::relay::{RelayConfiguration, RelayConfigurationRequest, RelayServer},
};

use super::{ApiError, Json, identity::iso8601, signed::Signed};
use crate::{domain::DomainError, state::AppState};

/// Where a relay may be: somewhere, or near the client. Each of ours is both.
const ROUTE_TYPES: [&str; 2] = ["any", "nearest"];

/// The routes.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .without_v07_checks()
        .route("/networkTraversal/:issueRelayConfiguration", post(issue))
}

/// 200 with the relays; without any where the server knows of none.
async fn issue(State(state): State<AppState>, signed: Signed) -> Result<Json<RelayConfiguration>, ApiError> {
    let request: RelayConfigurationRequest = signed.json()?;
    let route_types: Vec<_> = ROUTE_TYPES
        .into_iter()
        .filter(|kind| request.route_type.as_ref().is_none_or(|asked| asked == kind))
        .collect();
    if route_types.is_empty() {
        let message = "The routeType must be any or nearest.";
        return Err(DomainError::validation("routeType", message).into());
    }
    let raw_id = request.id.map(RawId::new);
    if let Some(raw_id) = &raw_id {
        state.identities.check_exists(&signed.resource, raw_id).await?;
    }
    let issued = state.ice_servers.relay_configuration(
        &signed.resource.resource_id,
        raw_id.as_ref(),
        request.ttl,
        state.clock(),
    )?;
    let of_type = |kind: &str| {
        let servers = issued.servers.iter().map(|server| RelayServer {
            urls: server.urls.clone(),
            username: server.username.clone().unwrap_or_default(),
            credential: server.credential.clone().unwrap_or_default(),
            route_type: kind.to_owned(),
        });
        servers.collect::<Vec<_>>()
    };
    Ok(Json(RelayConfiguration {
        ice_servers: route_types.into_iter().flat_map(of_type).collect(),
        expires_on: iso8601(issued.expires_on),
    }))
}
