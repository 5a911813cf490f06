//! Why the server closed a socket, and so what the client does next.

/// A WebSocket close code of the realtime protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseCode {
    /// 1000: the side that closes is done.
    Normal,
    /// 1001: the client leaves (its page is closed or it was disposed). Its session ends at once.
    GoingAway,
    /// 1012: the server restarts. Reconnect with back-off and resume.
    ServerRestart,
    /// 4400: a frame was not valid JSON, of no known type, binary, or out of sequence. A defect: do not retry.
    BadFrame,
    /// 4401: the token is invalid, expired or revoked. Fetch another, then reconnect.
    TokenRefused,
    /// 4403: the token lacks the scope for what was asked.
    Forbidden,
    /// 4406: no common protocol version. Update the client.
    VersionUnsupported,
    /// 4408: the other side was silent for too long, or `hello` did not come. Reconnect and resume.
    HeartbeatMissed,
    /// 4409: a newer socket took over this session. Do not reconnect.
    Superseded,
    /// 4413: a frame was over the limit. A defect: do not retry.
    FrameTooLarge,
    /// 4429: too many frames, sessions or sockets. Reconnect with back-off.
    TooManyRequests,
    /// 4430: the client does not read what it is sent. Reconnect and resume.
    SlowConsumer,
    /// 4500: the server failed. Reconnect with back-off.
    ServerFailed,
}

impl CloseCode {
    const ALL: [Self; 13] = [
        Self::Normal,
        Self::GoingAway,
        Self::ServerRestart,
        Self::BadFrame,
        Self::TokenRefused,
        Self::Forbidden,
        Self::VersionUnsupported,
        Self::HeartbeatMissed,
        Self::Superseded,
        Self::FrameTooLarge,
        Self::TooManyRequests,
        Self::SlowConsumer,
        Self::ServerFailed,
    ];

    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::GoingAway => 1001,
            Self::ServerRestart => 1012,
            Self::BadFrame => 4400,
            Self::TokenRefused => 4401,
            Self::Forbidden => 4403,
            Self::VersionUnsupported => 4406,
            Self::HeartbeatMissed => 4408,
            Self::Superseded => 4409,
            Self::FrameTooLarge => 4413,
            Self::TooManyRequests => 4429,
            Self::SlowConsumer => 4430,
            Self::ServerFailed => 4500,
        }
    }

    /// The close code with that number, if the protocol knows it.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether connecting again can help. After [`Self::TokenRefused`] only with another token.
    #[must_use]
    pub const fn retry_helps(self) -> bool {
        match self {
            Self::ServerRestart
            | Self::TokenRefused
            | Self::HeartbeatMissed
            | Self::TooManyRequests
            | Self::SlowConsumer
            | Self::ServerFailed => true,
            Self::Normal
            | Self::GoingAway
            | Self::BadFrame
            | Self::Forbidden
            | Self::VersionUnsupported
            | Self::Superseded
            | Self::FrameTooLarge => false,
        }
    }
}
