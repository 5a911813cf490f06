//! What an endpoint asks of the server.

use std::time::Duration;

/// A connection, as the server tells one from the next. A newer one has a larger number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionNumber(pub u64);

/// Settings, the same for all endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointConfig {
    /// How long the client may count on its address, in seconds: what `trouter.connected` says. Default 7 days.
    pub ttl_s: u64,
    /// Silence after which a connection is taken for dead; the client pings every 40 s. Default 100 s.
    pub silence: Duration,
    /// How long a request may stay unanswered before the connection is taken for dead; the client answers within
    /// 5 s of reading it. Default 60 s.
    pub answer_timeout: Duration,
    /// Frames that a client may send at once, its answers aside. Default 200.
    pub burst_frames: u32,
    /// In how long it may send as many again. Default 10 s.
    pub burst_window: Duration,
}

impl Default for EndpointConfig {
    fn default() -> Self {
        Self {
            ttl_s: 7 * 24 * 60 * 60,
            silence: Duration::from_secs(100),
            answer_timeout: Duration::from_secs(60),
            burst_frames: 200,
            burst_window: Duration::from_secs(10),
        }
    }
}

/// What the server does.
#[derive(Clone, PartialEq, Eq)]
pub enum EndpointOutput {
    /// Send a frame.
    Send {
        /// On this connection.
        connection: ConnectionNumber,
        /// As it is on the wire.
        frame: String,
    },
    /// Close a connection once what waits is sent. The endpoint has let go of it already.
    Close {
        /// The connection.
        connection: ConnectionNumber,
        /// Why.
        reason: CloseReason,
    },
    /// An event is done with, in this way. The ledger may have changed, and there may be room for more.
    Settled(Delivered),
}

/// Without the frame: it holds what people wrote.
impl std::fmt::Debug for EndpointOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Send { connection, .. } => f.debug_tuple("Send").field(connection).finish_non_exhaustive(),
            Self::Close { connection, reason } => {
                f.debug_tuple("Close").field(connection).field(reason).finish()
            }
            Self::Settled(delivered) => f.debug_tuple("Settled").field(delivered).finish(),
        }
    }
}

/// How the delivery of an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivered {
    /// The client handed it to the application.
    Taken,
    /// The client could not read it, or the application's listener threw.
    Refused,
    /// The client did not get round to it, twice.
    TimedOut,
    /// Connections died under it so often that it may be what kills them.
    GivenUp,
}

/// Why the server closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseReason {
    /// The client said goodbye.
    Left,
    /// A newer connection of the same endpoint took over.
    Superseded,
    /// The client sent what is no frame.
    BadFrame,
    /// The client was silent.
    Silent,
    /// The client pings, but answers no request.
    Unanswered,
    /// The client sends more than it may.
    Flood,
    /// The client does not read what is sent.
    Unread,
    /// The token expired, or was revoked.
    Unauthorized,
    /// The server stops.
    Stopping,
}

/// The outbox has no room: offer the event again after [`EndpointOutput::Settled`], from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;
