//! The realtime socket: whether it opens, greets and lives through silence.

use std::time::{Duration, Instant};

use axum::http::{HeaderValue, header};
use futures::{SinkExt as _, StreamExt as _};
use openline_protocol::realtime::{ClientFrame, IceServer, ServerFrame, VERSION};
use tokio::time::{timeout, timeout_at};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest as _, error::ProtocolError},
};

use super::{connect::Duplex, http::Way};
use crate::doctor::judge::{
    http::{NoAnswer, Upgrade},
    session::{Idle, Registered},
};

type Socket = WebSocketStream<Box<dyn Duplex>>;

/// Opens a WebSocket, as a page of the origin does, and closes it.
pub(in crate::doctor) async fn upgrade(way: &Way, origin: Option<&str>) -> Upgrade {
    let begun = Instant::now();
    match open(way, origin).await {
        Ok(mut socket) => {
            let took = begun.elapsed();
            drop(timeout(way.limit, socket.close(None)).await);
            Upgrade::Done(took)
        }
        Err(upgrade) => upgrade,
    }
}

async fn open(way: &Way, origin: Option<&str>) -> Result<Socket, Upgrade> {
    let scheme = if way.endpoint.secure { "wss" } else { "ws" };
    let url = format!("{scheme}://{}/realtime", way.endpoint.authority());
    let mut request = url.into_client_request().map_err(|error| refused(&error))?;
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        request.headers_mut().insert(header::ORIGIN, origin);
    }
    let stream = way.open().await.map_err(Upgrade::Failed)?;
    match timeout(way.limit, client_async(request, stream)).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(error)) => Err(refused(&error)),
        Err(_elapsed) => Err(Upgrade::Failed(NoAnswer::Late)),
    }
}

fn refused(error: &tungstenite::Error) -> Upgrade {
    if let tungstenite::Error::Http(response) = error {
        return Upgrade::Answered(response.status().as_u16());
    }
    let cut_off = matches!(
        error,
        tungstenite::Error::Protocol(ProtocolError::HandshakeIncomplete)
    );
    let not_http = matches!(
        error,
        tungstenite::Error::Protocol(_) | tungstenite::Error::HttpFormat(_)
    );
    Upgrade::Failed(if not_http && !cut_off {
        NoAnswer::NotHttp
    } else {
        NoAnswer::Broken
    })
}

/// A registered session.
pub(in crate::doctor) struct Session {
    socket: Socket,
    limit: Duration,
    /// What the client is told of relays.
    pub(in crate::doctor) ice_servers: Vec<IceServer>,
}

impl Session {
    /// Registers with a token.
    pub(in crate::doctor) async fn register(way: &Way, token: &str) -> (Registered, Option<Self>) {
        let begun = Instant::now();
        let Ok(socket) = open(way, None).await else {
            return (Registered::Closed(None), None);
        };
        let mut session = Self {
            socket,
            limit: way.limit,
            ice_servers: Vec::new(),
        };
        let hello = ClientFrame::Hello {
            versions: vec![VERSION],
            token: token.to_owned(),
            resume: None,
        };
        if !session.send(&hello).await {
            return (Registered::Closed(None), None);
        }
        match timeout(way.limit, session.frame()).await {
            Err(_elapsed) => (Registered::Silent, None),
            Ok(Err(code)) => (Registered::Closed(code), None),
            Ok(Ok(Some(ServerFrame::Welcome { ice_servers, .. }))) => {
                session.ice_servers = ice_servers;
                (Registered::Welcome(begun.elapsed()), Some(session))
            }
            Ok(Ok(_)) => (Registered::NotOurs, None),
        }
    }

    /// Says nothing for some time, then asks for a sign of life.
    pub(in crate::doctor) async fn idle(&mut self, quiet: Duration) -> Idle {
        let until = tokio::time::Instant::now() + quiet;
        // Frames that come meanwhile are read, so that the server's pings are answered.
        while let Ok(frame) = timeout_at(until, self.frame()).await {
            if frame.is_err() {
                return Idle::Closed;
            }
        }
        if !self.send(&ClientFrame::Ping { id: 1 }).await {
            return Idle::Closed;
        }
        let limit = self.limit;
        let pong = async {
            loop {
                match self.frame().await {
                    Ok(Some(ServerFrame::Pong { id: 1 })) => return Idle::Alive,
                    Ok(_) => {}
                    Err(_code) => return Idle::Closed,
                }
            }
        };
        timeout(limit, pong).await.unwrap_or(Idle::Silent)
    }

    /// Ends the session at once.
    pub(in crate::doctor) async fn leave(mut self) {
        if self.send(&ClientFrame::Bye).await {
            drop(timeout(self.limit, self.socket.close(None)).await);
        }
    }

    async fn send(&mut self, frame: &ClientFrame) -> bool {
        let text = serde_json::to_string(frame).unwrap_or_default();
        matches!(
            timeout(self.limit, self.socket.send(Message::text(text))).await,
            Ok(Ok(()))
        )
    }

    /// The next frame; `None`: it is none of ours. `Err`: it closed, perhaps with a code.
    async fn frame(&mut self) -> Result<Option<ServerFrame>, Option<u16>> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).ok()),
                Some(Ok(Message::Close(close))) => return Err(close.map(|close| close.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}
