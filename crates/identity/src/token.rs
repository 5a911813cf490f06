//! A token together with the time it expires.

use std::{fmt, time::Duration};

use openline_protocol::Timestamp;
use thiserror::Error;

use crate::Claims;

/// A token as it is handed out. Its `Debug` form leaves the token out.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The token.
    pub token: String,
    /// When it expires.
    pub expires_on: Timestamp,
}

impl AccessToken {
    /// Whether it is over at `now`.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_on <= now
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires_on", &self.expires_on)
            .finish_non_exhaustive()
    }
}

/// A token as an application supplies it: as text, or together with its expiry, which is then trusted.
#[derive(Clone, PartialEq, Eq)]
pub enum SuppliedToken {
    /// A JWT, or some opaque text: see [`Self::text`].
    Text {
        /// The token.
        token: String,
        /// When it expires, if it says so.
        expires_on: Option<Timestamp>,
    },
    /// A token and when it expires.
    Token(AccessToken),
}

impl fmt::Debug for SuppliedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { .. } => f.write_str("Text(..)"),
            Self::Token(token) => token.fmt(f),
        }
    }
}

/// The text is no token. Supply another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenInvalid {
    /// The text is empty or blank.
    #[error("The token is empty. Pass the token that your server issued.")]
    Blank,
    /// Strict only: it is no JWT with a numeric `exp`.
    #[error("The token is not a JWT with a numeric \"exp\" claim. Pass the token that your server issued.")]
    Undecodable,
}

/// A token that was read, and whether its expiry is only assumed.
pub(crate) struct ParsedToken {
    pub(crate) token: AccessToken,
    pub(crate) opaque: bool,
}

impl SuppliedToken {
    /// A token as text; its expiry is read out of it, where it is a JWT.
    #[must_use]
    pub fn text(token: impl Into<String>) -> Self {
        let token = token.into();
        let expires_on = Claims::decode(&token).map(|claims| claims.expires_on());
        Self::Text { token, expires_on }
    }

    /// Reads the expiry. Without one the token is taken to last for `opaque_lifetime` from `now`, unless
    /// `strict`.
    pub(crate) fn parse(
        self,
        opaque_lifetime: Duration,
        strict: bool,
        now: Timestamp,
    ) -> Result<ParsedToken, TokenInvalid> {
        let (token, expires_on) = match self {
            Self::Token(token) => return Ok(ParsedToken { token, opaque: false }),
            Self::Text { token, expires_on } => (token, expires_on),
        };
        if token.trim().is_empty() {
            return Err(TokenInvalid::Blank);
        }
        let opaque = expires_on.is_none();
        if strict && opaque {
            return Err(TokenInvalid::Undecodable);
        }
        let expires_on = expires_on.unwrap_or_else(|| now + opaque_lifetime);
        Ok(ParsedToken {
            token: AccessToken { token, expires_on },
            opaque,
        })
    }
}
