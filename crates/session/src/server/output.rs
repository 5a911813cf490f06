//! What the server's half asks of the server.

use std::time::Duration;

use openline_protocol::realtime::{
    CallCommand, CloseCode, IceServer, ServerFrame, Topic,
    limits::{BROKEN_SOCKET_GRACE, HEARTBEAT_INTERVAL, SESSION_GRACE},
};

/// Settings of the server's half, the same for all sessions.
#[derive(Debug, Clone)]
pub struct ServerSessionConfig {
    /// How often the client says something at least. Two and a half of it are taken for silence. Default 10 s.
    pub heartbeat_interval: Duration,
    /// How long a session outlives its socket. Default 30 s.
    pub grace: Duration,
    /// How long it outlives one that ended without a close frame, at most: its process died, or what is between. Silence
    /// is no such end. Default 15 s.
    pub broken_grace: Duration,
    /// How long before its expiry a token is asked for anew. Default 2 min.
    pub token_notice: Duration,
}

/// STUN and TURN servers for calls, with the credentials of one client.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IceGrant {
    /// The servers.
    pub servers: Vec<IceServer>,
    /// When others are to be granted, before these expire; `None`: they do not.
    pub renew_in: Option<Duration>,
}

impl Default for ServerSessionConfig {
    fn default() -> Self {
        Self {
            heartbeat_interval: HEARTBEAT_INTERVAL,
            grace: SESSION_GRACE,
            broken_grace: BROKEN_SOCKET_GRACE,
            token_notice: Duration::from_secs(120),
        }
    }
}

impl ServerSessionConfig {
    /// Silence after which the socket is taken for dead.
    #[must_use]
    pub fn heartbeat_timeout(&self) -> Duration {
        self.heartbeat_interval * 5 / 2
    }
}

/// What the server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerOutput {
    /// Send a frame on the socket.
    Send(ServerFrame),
    /// Do what the client asks. The acknowledgement follows as the next output, so do it first.
    Command(CallCommand),
    /// Check the token: answer with `token_accepted`, or close with 4401.
    CheckToken(String),
    /// The client's ICE servers expire: grant others.
    RenewIceServers,
    /// Start or restart the chat subscription of this socket.
    SubscribeChat {
        /// The position after which events are wanted; absent: from now on.
        cursor: Option<u64>,
    },
    /// Register the endpoint. It stays registered over sockets, until it unsubscribes or the session ends.
    SubscribeCalls {
        /// The name others see.
        display_name: Option<String>,
    },
    /// End a subscription.
    Unsubscribe(Topic),
    /// Close the socket. The session has let go of it already.
    Close(CloseCode),
    /// The session has no socket any more, and waits for its client.
    Detached,
    /// The session is over: forget it.
    Ended(SessionEnd),
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// The client said goodbye, or closed with 1000 or 1001.
    Left,
    /// The client did not come back within the grace period.
    Expired,
    /// Too many notices were unacknowledged, or some were lost on their way to the session.
    Overflow,
}
