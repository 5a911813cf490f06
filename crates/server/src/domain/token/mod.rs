//! User access tokens: ES256 JWTs that the resource's newest key signs.
//!
//! A token carries the identity's token generation. Revoking begins the next generation, so a token issued in the
//! same millisecond as a revocation is either before it (refused) or after it (good), never in doubt.
//!
//! The process that revokes refuses from the commit on. Others learn of it over the bus, and where that loses the
//! message by reading the generation again every [`GENERATION_LIFETIME`].

mod claims;
#[cfg(feature = "_fuzz")]
pub(crate) mod fuzzing;
mod generation;
mod keys;
mod revocation;
mod service;
mod watch;

pub(crate) use self::watch::{TokenHolders, watch_revocations};
pub use self::{
    claims::{Scopes, parse_scopes},
    generation::GENERATION_LIFETIME,
    keys::{SigningKey, VerifyingKey},
    revocation::Standing,
    service::{IssuedToken, TokenRefused, TokenRequest, Tokens, TokensParts, VerifiedToken},
};
