//! `GET /demo/people`

use axum::extract::State;
use openline_protocol::rest::identity::Identity;
use serde::Serialize;

use super::demo_resource;
use crate::{
    http::{ApiError, Json},
    state::AppState,
};

/// Somebody who signed in once.
#[derive(Debug, Serialize)]
pub(super) struct DemoPerson {
    name: String,
    identity: Identity,
}

/// Everybody who did.
#[derive(Debug, Serialize)]
pub(super) struct DemoPeopleResponse {
    value: Vec<DemoPerson>,
}

/// 200 with the people, by name.
pub(super) async fn people(State(state): State<AppState>) -> Result<Json<DemoPeopleResponse>, ApiError> {
    let people = state.demo.people(&*demo_resource(&state)?).await?;
    let value = people
        .into_iter()
        .map(|person| DemoPerson {
            name: person.name,
            identity: Identity {
                id: person.raw_id.into_string(),
            },
        })
        .collect();
    Ok(Json(DemoPeopleResponse { value }))
}
