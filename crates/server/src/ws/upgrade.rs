//! `GET /realtime`: from a request to a socket.

use axum::{
    Router,
    extract::{State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use openline_protocol::realtime::{PATH, limits::MAX_SERVER_FRAME_BYTES};

use super::{Realtime, decode::MAX_READ_BYTES, socket};

impl Realtime {
    /// The route of the socket.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new().route(PATH, get(upgrade)).with_state(self.clone())
    }

    fn allows_origin(&self, headers: &HeaderMap) -> bool {
        let (Some(allowed), Some(origin)) =
            (&self.shared.settings.allowed_origins, headers.get(header::ORIGIN))
        else {
            return true;
        };
        allowed
            .iter()
            .any(|allowed| allowed.as_bytes().eq_ignore_ascii_case(origin.as_bytes()))
    }
}

async fn upgrade(
    State(realtime): State<Realtime>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !realtime.allows_origin(&headers) {
        return (StatusCode::FORBIDDEN, "Pages of this origin may not connect.\n").into_response();
    }
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
