//! One socket: reads frames, keeps its session's time, and ends in one way whatever ends it. Another task writes, so
//! that a client which does not read holds up nobody.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use openline_protocol::realtime::{ClientFrame, CloseCode};
use openline_session::{Hello, ServerHandshake};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::{
    admit::{admit, check_token},
    decode,
    outbound::{Next, Outbound},
    rate::FrameRate,
    realtime::Shared,
    session::{Session, SocketRef},
    token_check::TokenCheck,
};

/// Serves a socket to its end.
pub(super) async fn run(shared: Arc<Shared>, web_socket: WebSocket) {
    let _held = shared.shutdown.hold();
    let gauge = metrics::gauge!("openline_realtime_sockets");
    gauge.increment(1);
    let (sink, frames) = web_socket.split();
    let outbound = Outbound::default();
    let close_timeout = shared.settings.close_timeout;
    let writer = tokio::spawn(write(sink, outbound.clone(), close_timeout));
    let socket = SocketRef {
        number: shared.next_socket(),
        outbound,
    };
    let rate = FrameRate::new(shared.settings.rate_frames, shared.settings.rate_window);
    let token_check = TokenCheck::new(shared.now());
    let mut reader = Reader {
        shared,
        socket,
        frames,
        rate,
        token_check,
    };
    reader.serve().await;
    // The path is gone, or the close is on its way: the client's answer to it is waited for, so that the code is not
    // lost with unread data.
    if let Some(code) = reader.socket.outbound.close_code() {
        tracing::debug!(code = code.code(), "socket closed");
        metrics::counter!("openline_realtime_closes_total", "code" => code.code().to_string()).increment(1);
    }
    reader.socket.outbound.close(CloseCode::Normal);
    let answered = async { while let Some(Ok(_)) = reader.frames.next().await {} };
    let (_answered, written) = tokio::join!(timeout(close_timeout, answered), writer);
    if written.is_err() {
        tracing::error!("the writer of a socket panicked");
    }
    gauge.decrement(1);
}

struct Reader {
    shared: Arc<Shared>,
    socket: SocketRef,
    frames: SplitStream<WebSocket>,
    rate: FrameRate,
    token_check: TokenCheck,
}

/// Why reading ended.
enum Ended {
    /// The client closed, with a code where it gave one, or the path broke.
    Gone(Option<u16>),
    /// The server closes.
    Close(CloseCode),
}

impl Reader {
    async fn serve(&mut self) {
        let session = match self.greet().await {
            Ok(session) => session,
            Err(Ended::Close(code)) => return self.socket.outbound.close(code),
            Err(Ended::Gone(_)) => return,
        };
        let number = self.socket.number;
        match self.serve_session(&session).await {
            Ended::Gone(code) => session.detach(number, code),
            Ended::Close(code) => session.close_socket(number, code),
        }
    }

    /// The first frame, and what it leads to.
    async fn greet(&mut self) -> Result<Arc<Session>, Ended> {
        if self.shared.shutdown.has_begun() {
            return Err(Ended::Close(CloseCode::ServerRestart));
        }
        if self.shared.sockets.len() > self.shared.settings.max_sockets {
            return Err(Ended::Close(CloseCode::TooManyRequests));
        }
        let handshake = ServerHandshake::new(self.shared.now());
        let patience = handshake.deadline().saturating_duration_since(self.shared.now());
        let shutdown = self.shared.shutdown.clone();
        let frame = tokio::select! {
            () = shutdown.begun() => return Err(Ended::Close(CloseCode::ServerRestart)),
            () = sleep(patience) => return Err(Ended::Close(CloseCode::HeartbeatMissed)),
            frame = self.first_frame() => frame?,
        };
        let hello: Hello = handshake.frame_received(frame).map_err(Ended::Close)?;
        admit(&self.shared, self.socket.clone(), hello)
            .await
            .map_err(Ended::Close)
    }

    async fn first_frame(&mut self) -> Result<ClientFrame, Ended> {
        loop {
            let message = self.frames.next().await;
            if let Some(frame) = self.decode(message)? {
                return Ok(frame);
            }
        }
    }

    async fn serve_session(&mut self, session: &Arc<Session>) -> Ended {
        let interval = self.shared.settings.session.heartbeat_interval;
        let mut ping_at = Instant::now() + interval;
        loop {
            let outbound = self.socket.outbound.clone();
            let due = session.time_left();
            tokio::select! {
                biased;
                () = outbound.closing() => {
                    return Ended::Close(outbound.close_code().unwrap_or(CloseCode::ServerFailed));
                }
                message = self.frames.next() => {
                    ping_at = Instant::now() + interval;
                    if let ControlFlow::Break(ended) = self.message(session, message).await {
                        return ended;
                    }
                }
                () = sleep(due) => session.handle_timeout(),
                // Timers of hidden pages hardly run, their sockets do: the browser itself answers.
                () = sleep_until(ping_at) => {
                    ping_at = Instant::now() + interval;
                    session.send_control(self.socket.number, Message::Ping(Bytes::new()));
                }
            }
        }
    }

    async fn message(
        &mut self,
        session: &Arc<Session>,
        message: Option<Result<Message, axum::Error>>,
    ) -> ControlFlow<Ended> {
        let number = self.socket.number;
        let frame = self.decode(message);
        if let Err(code) = self.token_check.renew(&self.shared, session).await {
            return ControlFlow::Break(Ended::Close(code));
        }
        let frame = match frame {
            Ok(Some(frame)) => frame,
            Ok(None) => {
                session.heard(number);
                return ControlFlow::Continue(());
            }
            Err(ended) => return ControlFlow::Break(ended),
        };
        let Some(token) = session.frame_received(number, frame) else {
            return ControlFlow::Continue(());
        };
        match check_token(&self.shared, &token).await {
            Ok(token) if token.raw_id == *session.raw_id() => {
                session.token_accepted(number, token);
                // A revocation that came while it was checked would have missed it.
                match self.shared.tokens.is_current(&session.token()).await {
                    Ok(true) => ControlFlow::Continue(()),
                    Ok(false) | Err(_) => ControlFlow::Break(Ended::Close(CloseCode::TokenRefused)),
                }
            }
            Ok(_) => ControlFlow::Break(Ended::Close(CloseCode::TokenRefused)),
            Err(code) => ControlFlow::Break(Ended::Close(code)),
        }
    }

    /// A frame; `None` for a sign of life that is none.
    fn decode(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
    ) -> Result<Option<ClientFrame>, Ended> {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(decode::failure(error).map_or(Ended::Gone(None), Ended::Close)),
            None => return Err(Ended::Gone(None)),
        };
        if let Message::Close(frame) = message {
            return Err(Ended::Gone(frame.map(|frame| frame.code)));
        }
        metrics::counter!("openline_realtime_frames_received_total").increment(1);
        if !self.rate.allow(self.shared.now()) {
            return Err(Ended::Close(CloseCode::TooManyRequests));
        }
        match message {
            Message::Text(text) => decode::text(&text).map(Some).map_err(Ended::Close),
            Message::Binary(_) => Err(Ended::Close(CloseCode::BadFrame)),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Ok(None),
        }
    }
}

/// Writes what is queued until the close, and that no longer than `close_timeout`.
async fn write(sink: SplitSink<WebSocket, Message>, outbound: Outbound, close_timeout: Duration) {
    let overdue = async {
        outbound.closing().await;
        sleep(close_timeout).await;
    };
    tokio::select! {
        () = write_all(sink, &outbound) => {}
        () = overdue => {}
    }
    // The path may be gone before anybody else notices.
    outbound.close(CloseCode::HeartbeatMissed);
}

async fn write_all(mut sink: SplitSink<WebSocket, Message>, outbound: &Outbound) {
    let sent = metrics::counter!("openline_realtime_frames_sent_total");
    while let Some(next) = outbound.next().await {
        let (frames, last) = match next {
            Next::Frames(frames) => (frames, false),
            Next::Close(code) => {
                let close = CloseFrame {
                    code: code.code(),
                    reason: Utf8Bytes::from_static(""),
                };
                (vec![Message::Close(Some(close))], true)
            }
        };
        sent.increment(frames.len() as u64);
        for frame in frames {
            if sink.feed(frame).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() || last {
            return;
        }
        outbound.written();
    }
}
