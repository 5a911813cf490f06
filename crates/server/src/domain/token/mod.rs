//! User access tokens: ES256 JWTs that the resource's newest key signs.
//!
//! A token carries the identity's token generation. Revoking begins the next generation, so a token issued in the
//! same millisecond as a revocation is either before it (refused) or after it (good), never in doubt.

mod claims;
mod generation;
mod keys;
mod service;

pub use self::{
    claims::{Scopes, parse_scopes},
    generation::Revocation,
    keys::{SigningKey, VerifyingKey},
    service::{IssuedToken, TokenRefused, TokenRequest, Tokens, VerifiedToken},
};
