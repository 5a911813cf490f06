//! The routes, all at the root of the address: the client knows no other place for most of them.

use axum::{
    Router,
    routing::{delete, get, post},
};

use super::{allocate, configuration, handshake, polling, registrations, web_socket};
use crate::{http::versioned, state::AppState};

/// The versions of `configuration`, which are its own.
const CONFIGURATION_API_VERSIONS: &[&str] = &["2024-09-01"];

/// The routes.
pub(crate) fn routes() -> Router<AppState> {
    let configuration = Router::new().route(
        "/chat/config/realTimeNotifications",
        get(configuration::configuration),
    );
    versioned(configuration, CONFIGURATION_API_VERSIONS)
        .route("/v4/a", post(allocate::allocate))
        .route("/v3/registrations", post(registrations::register))
        .route(
            "/v3/registrations/{registrationId}",
            delete(registrations::unregister),
        )
        .route("/socket.io/1", get(handshake::handshake))
        .route("/socket.io/1/", get(handshake::handshake))
        .route("/socket.io/1/websocket/{sid}", get(web_socket::upgrade))
        .route(
            "/socket.io/1/xhr-polling/{sid}",
            get(polling::poll).post(polling::send),
        )
}
