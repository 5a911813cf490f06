//! `POST /v4/a`: where to connect, signed.

use std::time::Duration;

use axum::extract::State;
use serde::Serialize;
use uuid::Uuid;

use super::{caller::Caller, connect_params::ConnectParams, query::InstanceQuery};
use crate::{
    http::{ApiError, Json, Origin, Query},
    state::AppState,
};

/// Where to connect.
#[derive(Debug, Serialize)]
pub(super) struct Allocation {
    /// The origin of handshake and connection, with a slash.
    socketio: String,
    /// An address of this connection, which nobody calls.
    url: String,
    surl: String,
    id: String,
    ccid: String,
    /// In seconds.
    ttl: String,
    connectparams: ConnectParams,
}

/// 200 with a new allocation. What the client was given before it may bring, but need not: its instance counts.
pub(super) async fn allocate(
    State(state): State<AppState>,
    Caller(token): Caller,
    Origin(origin): Origin,
    Query(query): Query<InstanceQuery>,
) -> Result<Json<Allocation>, ApiError> {
    let shared = state.trouter.shared();
    let key = shared.admit(&token, query.epid()?)?;
    shared.prepare(&key).await?;
    let id = Uuid::new_v4().to_string();
    let now = shared.clock.now();
    let lifetime = Duration::from_secs(shared.settings.endpoint.ttl_s);
    let address = format!("{origin}/v4/f/{id}/");
    Ok(Json(Allocation {
        socketio: format!("{origin}/"),
        url: address.clone(),
        surl: address,
        ccid: id.clone(),
        ttl: shared.settings.endpoint.ttl_s.to_string(),
        connectparams: shared.signer.sign(&key, id.clone(), now, now + lifetime),
        id,
    }))
}
