//! What a credential asks its owner to do.

use thiserror::Error;

use crate::{AccessToken, TokenInvalid};

/// One request for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(super) u64);

/// One call of the refresher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefreshId(pub(super) u64);

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output<E> {
    /// Call the refresher, with a signal of its own, and report with `handle_refreshed`.
    Refresh {
        /// Names the call.
        refresh: RefreshId,
        /// Whether its signal is aborted from the start.
        aborted: bool,
    },
    /// Abort the signal of that call: nobody waits for it any more.
    AbortRefresh {
        /// The call.
        refresh: RefreshId,
    },
    /// Give the caller its token.
    Resolve {
        /// The caller.
        request: RequestId,
        /// The token.
        token: AccessToken,
    },
    /// Refuse the caller.
    Reject {
        /// The caller.
        request: RequestId,
        /// Why.
        error: GetTokenError<E>,
    },
    /// A token whose expiry cannot be read was taken, with an assumed one. Worth a warning to developers, once.
    OpaqueToken,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GetTokenError<E> {
    /// The credential was disposed. Make another one.
    #[error("User credential is disposed")]
    Disposed,
    /// The refresher returned a token that is over. Check the clocks and the application's token service.
    #[error("The token returned from the tokenRefresher is expired.")]
    Expired,
    /// The refresher returned something that is no token.
    #[error(transparent)]
    Invalid(TokenInvalid),
    /// The caller gave up.
    #[error("The operation was aborted.")]
    Aborted,
    /// The refresher failed; try again.
    #[error("The tokenRefresher failed.")]
    Refresher(E),
}
