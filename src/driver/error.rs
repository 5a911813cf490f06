//! Why the connection was given up.

use openline_protocol::realtime::CloseCode;
use openline_session::DisconnectReason;
use thiserror::Error;
use wasm_bindgen::JsValue;

use crate::js::error::ErrorBuilder;

/// Why there is no connection and none is coming.
#[derive(Debug, Clone, Error)]
pub(crate) enum ConnectionError {
    /// The credential gives no token.
    #[error("The credential gave no token. Sign in again.")]
    TokenUnavailable(Option<JsValue>),
    /// The server refuses the token, and a fresh one too.
    #[error(
        "The server refused the token. Sign in again, and check that the token was issued for this server."
    )]
    TokenRefused,
    /// The token does not allow what was asked for.
    #[error("The token lacks the scope for this. Issue one with the scopes \"chat\" and \"voip\".")]
    ScopeMissing,
    /// The server speaks no version of the protocol that this SDK speaks.
    #[error("The server does not speak this SDK's protocol. Update the openline package.")]
    VersionUnsupported,
    /// The session was taken over by another socket.
    #[error("This session was taken over by another connection.")]
    Superseded,
    /// One side broke the protocol.
    #[error("The realtime connection failed because of a defect. Report it.")]
    Defect,
    /// The runtime has no `WebSocket`.
    #[error(
        "This runtime has no WebSocket. Use Node 22 or later, or set globalThis.WebSocket, for example to that of the package ws."
    )]
    NoWebSocket,
    /// The application left.
    #[error("The connection was closed.")]
    Left,
}

impl ConnectionError {
    /// A fixed word to decide by.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::TokenUnavailable(_) => "tokenUnavailable",
            Self::TokenRefused => "tokenRefused",
            Self::ScopeMissing => "scopeMissing",
            Self::VersionUnsupported => "versionUnsupported",
            Self::Superseded => "superseded",
            Self::Defect => "defect",
            Self::NoWebSocket => "noWebSocket",
            Self::Left => "closed",
        }
    }

    /// Whether another token would help: one that is valid, or has the scope.
    pub(crate) const fn is_about_token(&self) -> bool {
        match self {
            Self::TokenUnavailable(_) | Self::TokenRefused | Self::ScopeMissing => true,
            Self::VersionUnsupported | Self::Superseded | Self::Defect | Self::NoWebSocket | Self::Left => {
                false
            }
        }
    }

    /// A `RealtimeError`; `cause` is what the credential rejected with.
    pub(crate) fn to_js(&self) -> JsValue {
        let error = ErrorBuilder::new("RealtimeError", &self.to_string()).with("code", self.code());
        match self {
            Self::TokenUnavailable(Some(cause)) => error.with("cause", cause.clone()).build(),
            Self::TokenUnavailable(None)
            | Self::TokenRefused
            | Self::ScopeMissing
            | Self::VersionUnsupported
            | Self::Superseded
            | Self::Defect
            | Self::NoWebSocket
            | Self::Left => error.build(),
        }
    }
}

impl From<DisconnectReason> for ConnectionError {
    fn from(reason: DisconnectReason) -> Self {
        match reason {
            DisconnectReason::Left => Self::Left,
            DisconnectReason::TokenUnavailable => Self::TokenUnavailable(None),
            DisconnectReason::TokenRefused => Self::TokenRefused,
            DisconnectReason::Rejected(CloseCode::Forbidden) => Self::ScopeMissing,
            DisconnectReason::Rejected(CloseCode::VersionUnsupported) => Self::VersionUnsupported,
            DisconnectReason::Rejected(CloseCode::Superseded) => Self::Superseded,
            DisconnectReason::Rejected(_)
            | DisconnectReason::ServerDefect
            | DisconnectReason::SocketClosed(_)
            | DisconnectReason::TimedOut
            | _ => Self::Defect,
        }
    }
}

/// Why it is tried again, as a fixed word.
pub(super) const fn reason_code(reason: DisconnectReason) -> &'static str {
    match reason {
        // 1005 and 1006 are the browser's: nobody closed the socket.
        DisconnectReason::SocketClosed(None | Some(1005 | 1006)) => "networkLost",
        DisconnectReason::SocketClosed(Some(_)) => "serverClosed",
        DisconnectReason::TimedOut => "timedOut",
        DisconnectReason::TokenUnavailable => "tokenUnavailable",
        DisconnectReason::TokenRefused => "tokenRefused",
        DisconnectReason::Left | DisconnectReason::Rejected(_) | DisconnectReason::ServerDefect | _ => {
            "defect"
        }
    }
}
