//! The settings of a credential.

use std::time::Duration;

use thiserror::Error;

/// How long a token without a readable expiry is taken to last, unless configured otherwise.
pub const OPAQUE_TOKEN_LIFETIME: Duration = Duration::from_secs(600);

/// How a credential behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CredentialConfig {
    /// Fetch the next token before this one expires, instead of when somebody asks after it has.
    pub refresh_proactively: bool,
    /// Refuse tokens whose expiry cannot be read, instead of assuming one.
    pub strict: bool,
    /// How long a token without a readable expiry is taken to last; absent: [`OPAQUE_TOKEN_LIFETIME`].
    pub undecodable_token_lifetime: Option<Duration>,
}

/// A setting is out of range. Correct it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigInvalid {
    /// The assumed lifetime is zero, negative, infinite or not a number.
    #[error("undecodableTokenExpiryIntervalInSeconds must be a positive, finite number of seconds.")]
    UndecodableTokenLifetime,
}

impl CredentialConfig {
    /// Sets the assumed lifetime of a token without a readable expiry, in seconds.
    ///
    /// # Errors
    /// [`ConfigInvalid::UndecodableTokenLifetime`] unless it is positive and finite.
    pub fn with_undecodable_token_lifetime(mut self, seconds: f64) -> Result<Self, ConfigInvalid> {
        let lifetime = Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|lifetime| !lifetime.is_zero());
        self.undecodable_token_lifetime = Some(lifetime.ok_or(ConfigInvalid::UndecodableTokenLifetime)?);
        Ok(self)
    }

    pub(super) fn opaque_lifetime(&self) -> Duration {
        self.undecodable_token_lifetime.unwrap_or(OPAQUE_TOKEN_LIFETIME)
    }
}
