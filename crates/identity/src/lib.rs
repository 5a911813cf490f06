//! Tokens: what is read out of one, when it expires, and when a client fetches the next.
//!
//! Sans-IO. [`Credential`] decides; its owner calls the application's refresher, keeps the timer and hands out
//! the results. Signatures are the server's business: a client cannot verify them and does not try.

mod base64url;
mod claims;
mod credential;
mod token;

pub use claims::Claims;
pub use credential::{
    ConfigInvalid, Credential, CredentialConfig, EXPIRY_MARGIN, GetTokenError, MAX_TIMER,
    OPAQUE_TOKEN_LIFETIME, Output, REFRESH_WINDOW, RefreshId, RequestId,
};
pub use token::{AccessToken, SuppliedToken, TokenInvalid};
