//! `POST /realtime/leave`: a client leaves that has no socket to say goodbye on, or cannot know whether it has. A page
//! that closes may send this where a socket may not be opened any more, and the next page of a tab for the one before.
//!
//! The session's id and the tickets are secrets of the client, 256 bits and signed: to know them is to be the client. A
//! request costs one look-up and [`MAX_LIVE_CALLS`] signatures at most, and says nothing of what it found. A session ends
//! once; tickets that are good are counted by identity, and nothing else gets any further.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use openline_call::limits::MAX_LIVE_CALLS;
use openline_protocol::SessionId;
use serde::Deserialize;

use super::Realtime;
use crate::http::{ApiError, parse, read_body};

/// [`MAX_LIVE_CALLS`] tickets with names of the greatest length, and a session.
const MAX_BODY_BYTES: usize = 32 * 1024;

/// Who leaves.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Leaving {
    /// The session.
    session_id: SessionId,
    /// The tickets of its answered calls, for a server that does not know the session: it was restarted meanwhile.
    #[serde(default)]
    tickets: Vec<String>,
}

/// Ends the session as `bye` does, if it is there, and the calls of the tickets where nobody else has taken the place.
pub(super) async fn leave(
    State(realtime): State<Realtime>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let shared = realtime.shared;
    shared.settings.allowed_origins.check(&headers)?;
    // Whatever the content type: a page that closes may only send text.
    let leaving: Leaving = parse(&read_body(body, MAX_BODY_BYTES).await?)?;
    if leaving.tickets.len() > MAX_LIVE_CALLS {
        let message = format!("There are more than {MAX_LIVE_CALLS} tickets.");
        return Err(ApiError::bad_request(message));
    }
    // A look-up by a keyed hash: its time says nothing of the ids that are there.
    if let Some(session) = shared.registry.find(&leaving.session_id) {
        session.leave();
    }
    for ticket in &leaving.tickets {
        let Some(ticket) = shared.farewells.read(ticket)? else {
            continue;
        };
        shared
            .calls
            .member_left(ticket)
            .map_err(|_overloaded| ApiError::unavailable("Too much waits. Try again later."))?;
    }
    Ok(StatusCode::NO_CONTENT)
}
