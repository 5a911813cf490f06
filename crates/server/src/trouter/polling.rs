//! `/socket.io/1/xhr-polling/{sid}`: a connection over long polling. `GET` waits for frames, `POST` brings the client's.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use openline_trouter::{CloseReason, ConnectionNumber, Frame, FrameKind, MAX_FRAME_BYTES, payload};
use tokio::sync::watch;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{
    caller::Caller,
    instance::{Instance, Transport},
    queue::{FrameQueue, Next},
    service::Shared,
};
use crate::{
    domain::token::VerifiedToken,
    http::{ApiError, Path, read_body},
    state::AppState,
};

/// The largest body that is read: one frame of any size, or several of the usual one.
const MAX_BODY_BYTES: usize = MAX_FRAME_BYTES;

/// A connection that is polled.
#[derive(Debug)]
pub(super) struct Polls {
    instance: Arc<Instance>,
    number: ConnectionNumber,
    queue: FrameQueue,
    /// The number of the last poll; an earlier one that still waits gives up.
    turn: watch::Sender<u64>,
    /// It was over when it was last looked at.
    was_over: AtomicBool,
    /// Counts as a connection.
    _counted: TaskTrackerToken,
}

impl Polls {
    /// Whether it goes on, or was still going on a round ago: the client may come for the last frames.
    pub(super) fn is_worth_keeping(&self) -> bool {
        !self.queue.is_closed() || !self.was_over.swap(true, Ordering::Relaxed)
    }

    fn is_of(&self, token: &VerifiedToken) -> bool {
        let key = &self.instance.key;
        key.resource_id == token.resource_id && key.raw_id == token.raw_id
    }

    /// The next frames; where there are none for a while, or another poll came, a frame that says nothing.
    async fn frames(&self, shared: &Shared) -> Vec<String> {
        let mut turns = self.turn.subscribe();
        let mut mine = 0;
        self.turn.send_modify(|turn| {
            *turn += 1;
            mine = *turn;
        });
        let next = tokio::select! {
            biased;
            _ = turns.wait_for(|turn| *turn != mine) => None,
            next = self.queue.next() => Some(next),
            () = shared.sleep(shared.settings.poll_hold) => None,
        };
        match next {
            Some(Next::Frames(frames)) => frames,
            Some(Next::Closed(_)) => vec![Frame::bare(FrameKind::Disconnect).to_string()],
            None => vec![Frame::bare(FrameKind::Noop).to_string()],
        }
    }
}

/// 200 with the next frames, after a while with one that says nothing.
pub(super) async fn poll(
    State(state): State<AppState>,
    Caller(token): Caller,
    Path(sid): Path<String>,
) -> Result<Response, ApiError> {
    let shared = state.trouter.shared();
    let polls = match found(shared, &sid, &token)? {
        Some(polls) => polls,
        None => begin(shared, sid, token).await?,
    };
    let frames = polls.frames(shared).await;
    polls.instance.heard(polls.number);
    Ok(text(payload::encode(&frames)))
}

/// 200 once the frames are taken in.
pub(super) async fn send(
    State(state): State<AppState>,
    Caller(token): Caller,
    Path(sid): Path<String>,
    body: Body,
) -> Result<Response, ApiError> {
    let shared = state.trouter.shared();
    let polls = found(shared, &sid, &token)?.ok_or_else(unknown)?;
    let body = read_body(body, MAX_BODY_BYTES).await?;
    let frames = std::str::from_utf8(&body)
        .ok()
        .and_then(|body| payload::decode(body).ok());
    let Some(frames) = frames else {
        polls.instance.close(polls.number, CloseReason::BadFrame);
        return Err(ApiError::bad_request("The body holds no frames."));
    };
    for frame in frames {
        polls.instance.frame_received(polls.number, frame);
    }
    Ok(text("1".to_owned()))
}

/// The connection of that number, if it is the caller's, whose token it has from here on.
fn found(shared: &Shared, sid: &str, token: &VerifiedToken) -> Result<Option<Arc<Polls>>, ApiError> {
    let Some(polls) = shared.registry.find_polls(sid) else {
        return Ok(None);
    };
    if !polls.is_of(token) {
        return Err(unknown());
    }
    polls.instance.token_renewed(polls.number, token);
    Ok(Some(polls))
}

async fn begin(shared: &Arc<Shared>, sid: String, token: VerifiedToken) -> Result<Arc<Polls>, ApiError> {
    let now = shared.clock.monotonic();
    let mut handshake = shared.handshakes.take(&sid, &token, now).ok_or_else(unknown)?;
    handshake.token = token;
    let (instance, connection) = shared.connect(handshake, Transport::Polling).await?;
    let polls = Arc::new(Polls {
        instance,
        number: connection.number,
        queue: connection.queue,
        turn: watch::Sender::new(0),
        was_over: AtomicBool::new(false),
        _counted: shared.connections.token(),
    });
    shared.registry.insert_polls(sid, Arc::clone(&polls));
    Ok(polls)
}

/// The client shakes hands again.
fn unknown() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "NotFound", "There is no such connection.")
}

fn text(body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}
