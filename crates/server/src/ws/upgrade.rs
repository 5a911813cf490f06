//! `GET /realtime`: from a request to a socket.

use axum::{
    Router,
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use openline_protocol::realtime::{LEAVE_PATH, PATH, limits::MAX_SERVER_FRAME_BYTES};

use super::{Realtime, decode::MAX_READ_BYTES, leave::leave, socket};
use crate::http::ApiError;

impl Realtime {
    /// The route of the socket, and that of leaving without one.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route(PATH, get(upgrade))
            .route(LEAVE_PATH, post(leave))
            .with_state(self.clone())
    }
}

async fn upgrade(
    State(realtime): State<Realtime>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if let Err(refused) = realtime.shared.settings.allowed_origins.check(&headers) {
        return refused.into_response();
    }
    let Ok(upgrade) = upgrade else {
        return upgrade_required();
    };
    upgrade
        .max_message_size(MAX_READ_BYTES)
        .max_frame_size(MAX_READ_BYTES)
        .max_write_buffer_size(2 * MAX_SERVER_FRAME_BYTES)
        // A socket that sends little should not cost much.
        .read_buffer_size(8 * 1024)
        .write_buffer_size(16 * 1024)
        .on_upgrade(move |web_socket| async move {
            let shared = realtime.shared;
            shared
                .sockets
                .track_future(socket::run(shared.clone(), web_socket))
                .await;
        })
}

/// 426 with what a client has to offer.
pub(crate) fn upgrade_required() -> Response {
    let message = "This address is a WebSocket (version 13): ask for an upgrade to it.";
    let mut response =
        ApiError::new(StatusCode::UPGRADE_REQUIRED, "UpgradeRequired", message).into_response();
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}
