//! `/v3/registrations`: the client says where it is to be found, and that it is not any more. Events find it by its
//! connection, so there is nothing to keep; but a client that stops begins anew when it comes back.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;

use super::{caller::Caller, query::checked_id, service::Shared};
use crate::{
    http::{ApiError, Json, Path},
    state::AppState,
    storage::{StorageError, TrouterEndpointKey, TrouterEndpointRow},
};

/// What the client says of itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Registration {
    registration_id: String,
}

/// 202.
pub(super) async fn register(
    State(state): State<AppState>,
    Caller(token): Caller,
    Json(registration): Json<Registration>,
) -> Result<StatusCode, ApiError> {
    let id = checked_id(registration.registration_id, "registrationId")?;
    state.trouter.shared().admit(&token, id)?;
    Ok(StatusCode::ACCEPTED)
}

/// 202. What happens from here on is not kept for this client instance.
pub(super) async fn unregister(
    State(state): State<AppState>,
    Caller(token): Caller,
    Path(registration_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let shared = state.trouter.shared();
    let key = shared.admit(&token, checked_id(registration_id, "registrationId")?)?;
    match shared.registry.find(&key) {
        Some(instance) => instance.stop(),
        None => forget(shared, key).await?,
    }
    Ok(StatusCode::ACCEPTED)
}

async fn forget(shared: &Shared, key: TrouterEndpointKey) -> Result<(), StorageError> {
    let now = shared.clock.now();
    shared
        .storage
        .write(move |tx| {
            Box::pin(async move {
                if tx.find_trouter_endpoint(&key).await?.is_some() {
                    tx.put_trouter_endpoint(&key, &TrouterEndpointRow::Stopped, now)
                        .await?;
                }
                Ok(())
            })
        })
        .await
}
