//! What the client's half asks of its edge and tells its user.

use std::time::Duration;

use openline_protocol::{
    EndpointId,
    realtime::{CallNotice, ChatEvent, ClientFrame, CloseCode, IceServer},
};

use crate::QueueFull;

/// Settings of the client's half.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// How long a socket may take to open, and then the server to answer `hello`. Default 10 s each.
    pub connect_timeout: Duration,
    /// How long the token may take. Default 30 s.
    pub token_timeout: Duration,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            token_timeout: Duration::from_secs(30),
        }
    }
}

/// Where the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientState {
    /// Never connected.
    Idle,
    /// Waits for the token it asked for.
    WaitingForToken,
    /// The socket opens.
    Connecting,
    /// `hello` was sent, `welcome` is awaited.
    Greeting,
    /// In session.
    Connected,
    /// The connection broke and is tried again later.
    WaitingToRetry,
    /// Over, until `connect` is called again.
    Closed {
        /// Why.
        reason: DisconnectReason,
    },
}

/// Why a connection was given up, for now or for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The application left.
    Left,
    /// The socket closed, or never opened. The number is the close code, where there was one.
    SocketClosed(Option<u16>),
    /// The socket did not open, or the server did not answer, in time.
    TimedOut,
    /// The token provider failed.
    TokenUnavailable,
    /// The server refused the token. Where final, fresh ones were refused too: sign in again.
    TokenRefused,
    /// The server closed with a code after which connecting again does not help.
    Rejected(CloseCode),
    /// The server broke the protocol: report it.
    ServerDefect,
}

/// Why no token was had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFailure {
    /// Asking again later can help (network, time-out). It is asked again with back-off.
    Temporary,
    /// Asking again cannot help (a fixed token that expired, a disposed credential). The session closes.
    Permanent,
}

/// Why a command was not taken. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandRefused {
    /// There is no session and none is coming: connect first.
    #[error("not connected: connect first")]
    NotConnected,
    /// Too many commands wait for the server: try again when the connection is back.
    #[error("too many commands wait for the server: try again later")]
    QueueFull,
    /// The command is over the limit of a client frame, which the server answers by closing the session for good.
    /// Only what it was about is in vain; the session goes on.
    #[error("the command is too large for a frame")]
    TooLarge,
}

impl From<QueueFull> for CommandRefused {
    fn from(_: QueueFull) -> Self {
        Self::QueueFull
    }
}

/// What the edge does. `E` is a chat event, see [`ClientEvent::ChatEvent`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientOutput<E = Box<ChatEvent>> {
    /// Ask the credential for a token and answer with `token_ready`.
    FetchToken {
        /// The last one was refused: a cached token is no use.
        force: bool,
    },
    /// Open a socket; report `socket_opened` or `socket_closed`.
    OpenSocket,
    /// Send a frame on the open socket.
    SendFrame(ClientFrame),
    /// Close the socket, whatever its state, and report nothing more of it.
    CloseSocket {
        /// The close code, one that browsers let pages send.
        code: u16,
    },
    /// Tell the user of the session.
    Event(ClientEvent<E>),
}

/// What the user of the session learns. `E` is a chat event in whatever form the edge hands it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent<E = Box<ChatEvent>> {
    /// The state changed.
    StateChanged {
        /// The new state.
        state: ClientState,
        /// Why, where something went wrong or the application left.
        reason: Option<DisconnectReason>,
    },
    /// In session: at the first connection, and again after every break.
    SessionStarted {
        /// Whether the session from before the break goes on; calls go on with it.
        resumed: bool,
        /// This client as its peers know it.
        endpoint_id: EndpointId,
        /// STUN and TURN servers for calls.
        ice_servers: Vec<IceServer>,
        /// How long the session outlives its socket.
        grace: Duration,
        /// What the server understands.
        level: u32,
    },
    /// STUN and TURN servers for calls from here on.
    IceServers(Vec<IceServer>),
    /// The session is gone, and with it the calls it was in: the server said so, or the break outlasted the silence
    /// until the server notices (25 s) and the grace period. A new one starts by itself unless the state is closed,
    /// which is told before.
    SessionLost {
        /// Commands that the server may never have handled.
        dropped_commands: usize,
    },
    /// Something happened in a call. In order and once.
    Notice(CallNotice),
    /// A chat event. Those with a position come in order and once.
    ChatEvent {
        /// The place in the log; absent for what is not kept.
        position: Option<u64>,
        /// What happened.
        event: E,
    },
    /// The server confirmed the chat subscription: events after `cursor` follow.
    ChatSubscribed {
        /// The position from which events follow.
        cursor: Option<u64>,
        /// Events between the cursor asked for and this one are gone: read the threads anew.
        expired: bool,
    },
    /// This endpoint can be rung from here on.
    CallsSubscribed,
    /// The token expires soon: get another, then `token_refreshed`.
    TokenNeeded {
        /// The time left.
        remaining: Duration,
    },
    /// The server refused for good; the state is closed.
    Failed {
        /// With this close code.
        code: CloseCode,
    },
}
