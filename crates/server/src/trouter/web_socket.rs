//! `GET /socket.io/1/websocket/{sid}`: a connection over WebSocket.

use std::sync::Arc;

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::Response,
};
use bytes::Bytes;
use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use openline_trouter::{CloseReason, ConnectionNumber, MAX_FRAME_BYTES};
use tokio::time::{sleep, timeout};

use super::{
    handshakes::Handshake,
    instance::{Connection, Instance, Transport},
    query::ConnectQuery,
    queue::{FrameQueue, Next},
    service::Shared,
};
use crate::{
    http::{ApiError, Path, Query},
    state::AppState,
    ws::upgrade_required,
};

/// What a socket buffers before a client that does not read is noticed.
const WRITE_BUFFER_BYTES: usize = 512 * 1024;

/// 101 for who shook hands within the last minute. The token was checked then; the number opens one socket only.
pub(super) async fn upgrade(
    State(state): State<AppState>,
    Path(sid): Path<String>,
    Query(query): Query<ConnectQuery>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let shared = Arc::clone(state.trouter.shared());
    shared.settings.allowed_origins.check(&headers)?;
    let Ok(upgrade) = upgrade else {
        return Ok(upgrade_required());
    };
    if shared.shutdown.has_begun() {
        return Err(ApiError::unavailable(
            "The server is stopping. Try again in a moment.",
        ));
    }
    let handshake = shared
        .handshakes
        .open(&sid, shared.clock.monotonic())
        .filter(|handshake| {
            let is_same = query.epid().is_ok_and(|epid| epid == handshake.key.epid);
            is_same
                && shared
                    .signer
                    .is_good(&query.params, &handshake.key, shared.clock.now())
        })
        .ok_or_else(ApiError::forbidden)?;
    Ok(upgrade
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES)
        .read_buffer_size(4 * 1024)
        .write_buffer_size(8 * 1024)
        .on_upgrade(move |web_socket| async move {
            let connections = shared.connections.clone();
            connections
                .track_future(serve(shared, handshake, web_socket))
                .await;
        }))
}

/// Serves a socket to its end.
async fn serve(shared: Arc<Shared>, handshake: Handshake, web_socket: WebSocket) {
    let _held = shared.shutdown.hold();
    let (instance, connection) = match shared.connect(handshake, Transport::WebSocket).await {
        Ok(connected) => connected,
        Err(refused) => {
            tracing::debug!(status = refused.status().as_u16(), "a connection was refused");
            return;
        }
    };
    let Connection { number, queue, .. } = connection;
    let (sink, mut frames) = web_socket.split();
    let close_timeout = shared.settings.close_timeout;
    let writer = tokio::spawn(write(sink, queue.clone(), shared));
    tokio::select! {
        biased;
        () = queue.closing() => {}
        () = read(&instance, &mut frames, number) => {}
    }
    instance.detach(number);
    queue.close(CloseReason::Left);
    let answered = async { while let Some(Ok(_)) = frames.next().await {} };
    let (_answered, written) = tokio::join!(timeout(close_timeout, answered), writer);
    if written.is_err() {
        tracing::error!("the writer of a socket panicked");
    }
}

/// Reads until the client closes or the path breaks.
async fn read(instance: &Arc<Instance>, frames: &mut SplitStream<WebSocket>, number: ConnectionNumber) {
    while let Some(Ok(message)) = frames.next().await {
        match message {
            Message::Text(text) => instance.frame_received(number, &text),
            Message::Binary(_) => instance.close(number, CloseReason::BadFrame),
            Message::Ping(_) | Message::Pong(_) => instance.heard(number),
            Message::Close(_) => return,
        }
    }
}

/// Writes what is queued until the close, and that no longer than a close may take.
async fn write(sink: SplitSink<WebSocket, Message>, queue: FrameQueue, shared: Arc<Shared>) {
    let overdue = async {
        queue.closing().await;
        sleep(shared.settings.close_timeout).await;
    };
    tokio::select! {
        () = write_all(sink, &queue, &shared) => {}
        () = overdue => {}
    }
    // The path may be gone before anybody else notices.
    queue.close(CloseReason::Silent);
}

async fn write_all(mut sink: SplitSink<WebSocket, Message>, queue: &FrameQueue, shared: &Shared) {
    loop {
        let next = tokio::select! {
            next = queue.next() => Some(next),
            () = shared.sleep(shared.settings.ping_interval) => None,
        };
        let (messages, last) = match next {
            Some(Next::Frames(frames)) => (frames.into_iter().map(Message::text).collect(), false),
            Some(Next::Closed(reason)) => (vec![Message::Close(Some(close_frame(reason)))], true),
            // Timers of hidden pages hardly run, their sockets do: the browser itself answers.
            None => (vec![Message::Ping(Bytes::new())], false),
        };
        for message in messages {
            if sink.feed(message).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() || last {
            return;
        }
    }
}

/// The client makes nothing of the code; people who look at the wire do.
fn close_frame(reason: CloseReason) -> CloseFrame {
    let code = match reason {
        CloseReason::BadFrame => 1002,
        CloseReason::Flood | CloseReason::Unread | CloseReason::Unauthorized => 1008,
        CloseReason::Stopping => 1012,
        CloseReason::Left | CloseReason::Superseded | CloseReason::Silent | CloseReason::Unanswered | _ => {
            1000
        }
    };
    CloseFrame {
        code,
        reason: Utf8Bytes::from_static(""),
    }
}
