//! `GET /socket.io/1/`: a number for a connection that is about to begin.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};

use super::{caller::Caller, query::ConnectQuery};
use crate::{
    http::{ApiError, Query},
    state::AppState,
};

/// How long client and server may be silent by the words of the handshake, in seconds. The server keeps its own time,
/// and the client pings more often.
const HEARTBEAT_S: u32 = 180;

/// 200 with `<sid>:<heartbeat>:<close>:<transports>`.
pub(super) async fn handshake(
    State(state): State<AppState>,
    Caller(token): Caller,
    Query(query): Query<ConnectQuery>,
) -> Result<Response, ApiError> {
    let shared = state.trouter.shared();
    let key = shared.admit(&token, query.epid()?)?;
    if !shared.signer.is_good(&query.params, &key, shared.clock.now()) {
        return Err(ApiError::forbidden());
    }
    let sid = shared.expect(key, token)?;
    let body = format!("{sid}:{HEARTBEAT_S}:{HEARTBEAT_S}:websocket,xhr-polling");
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, body).into_response())
}
