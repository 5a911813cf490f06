//! Issuing and verifying.

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{Algorithm, Validation};
use openline_protocol::{RawId, ResourceId, Timestamp};
use tokio_util::task::AbortOnDropHandle;

use super::{Scopes, VerifyingKey, claims::Claims, generation::Generations};
use crate::{
    bus::EventBus,
    clock::Clock,
    domain::resource::{Resource, Resources},
    storage::{Storage, StorageError},
};

/// The longest text that is looked at as a token, in bytes. Ours have about 600.
const MAX_TOKEN_BYTES: usize = 4096;

/// A token to issue.
#[derive(Debug)]
pub struct TokenRequest<'a> {
    /// The identity.
    pub raw_id: &'a RawId,
    /// The identity's current generation.
    pub generation: u64,
    /// What it allows.
    pub scopes: &'a Scopes,
    /// How long it is good for.
    pub validity: Duration,
    /// Where clients reach this server, for the claim `iss`.
    pub issuer: &'a str,
}

/// An issued token.
#[derive(Clone)]
pub struct IssuedToken {
    /// The JWT. Secret.
    pub token: String,
    /// When it expires, in whole seconds.
    pub expires_on: Timestamp,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedToken")
            .field("expires_on", &self.expires_on)
            .finish_non_exhaustive()
    }
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// The resource.
    pub resource_id: ResourceId,
    /// The identity.
    pub raw_id: RawId,
    /// What it allows.
    pub scopes: Scopes,
    /// When it expires.
    pub expires_on: Timestamp,
    /// The generation it was issued in: a later [`Revocation`](crate::bus::Revocation) of this identity makes it invalid.
    pub generation: u64,
}

impl VerifiedToken {
    /// How long it is good for still.
    #[must_use]
    pub fn remaining(&self, now: Timestamp) -> Duration {
        self.expires_on.saturating_duration_since(now)
    }
}

/// Why a token is not accepted. Nobody but the log is told more than that it is not.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRefused {
    /// It is no token of this server.
    #[error("the token is malformed or names an unknown key")]
    Unknown,
    /// The signature is not that of the key it names, or the claims do not fit that key's resource.
    #[error("the token is forged")]
    Forged,
    /// It expired. The client gets another one.
    #[error("the token has expired")]
    Expired,
    /// It was revoked, or its identity deleted. The client gets another one.
    #[error("the token was revoked")]
    Revoked,
    /// Storage failed: it may be good. The client tries again.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Issues and verifies tokens, and knows which are revoked.
pub struct Tokens {
    pub(super) storage: Storage,
    resources: Arc<Resources>,
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) generations: Generations,
    location: String,
    validation: Validation,
    _follower: AbortOnDropHandle<()>,
}

/// What tokens stand on.
pub struct TokensParts {
    /// Has the generations.
    pub storage: Storage,
    /// Have the signing keys.
    pub resources: Arc<Resources>,
    /// Tells other processes of revocations, and this one of theirs.
    pub bus: Arc<dyn EventBus>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where the resources' data lives, for the claim `resourceLocation`.
    pub location: String,
}

impl std::fmt::Debug for TokensParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokensParts").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    /// Begins to listen for revocations. To be called within a runtime.
    #[must_use]
    pub fn start(parts: TokensParts) -> Self {
        let TokensParts {
            storage,
            resources,
            bus,
            clock,
            location,
        } = parts;
        let generations = Generations::new();
        let follower = generations
            .clone()
            .follow(bus.subscribe_revocations(), Arc::clone(&clock));
        Self {
            storage,
            resources,
            bus,
            clock,
            generations,
            location,
            validation: validation(),
            _follower: AbortOnDropHandle::new(tokio::spawn(follower)),
        }
    }

    /// Issues a token.
    ///
    /// # Errors
    ///
    /// Signing failed, which is the server's fault.
    pub fn issue(
        &self,
        resource: &Resource,
        request: &TokenRequest<'_>,
    ) -> Result<IssuedToken, StorageError> {
        let issued_on = self.clock.now();
        let expires_on = issued_on + request.validity;
        let raw_id = request.raw_id.as_str();
        let claims = Claims {
            skypeid: raw_id.strip_prefix("8:").unwrap_or(raw_id).to_owned(),
            scp: request.scopes.bits(),
            csi: issued_on.as_secs().to_string(),
            exp: expires_on.as_secs(),
            rgn: self.location.clone(),
            acs_scope: request.scopes.to_claim(),
            resource_id: resource.resource_id.as_str().to_owned(),
            resource_location: self.location.clone(),
            iat: issued_on.as_secs(),
            iss: request.issuer.to_owned(),
            generation: request.generation,
        };
        let json = claims
            .to_json()
            .map_err(|error| StorageError::Failed(error.into()))?;
        let token = resource
            .signing_key()
            .sign(&json)
            .map_err(|error| StorageError::Failed(error.into()))?;
        Ok(IssuedToken {
            token,
            expires_on: claims.expires_on(),
        })
    }

    /// Checks signature, resource, expiry and revocation.
    ///
    /// # Errors
    ///
    /// See [`TokenRefused`].
    pub async fn verify(&self, token: &str) -> Result<VerifiedToken, TokenRefused> {
        let claims = self.verified_claims(token).await?;
        if claims.expires_on() <= self.clock.now() {
            return Err(TokenRefused::Expired);
        }
        let verified = VerifiedToken::from(&claims);
        if self.is_current(&verified).await? {
            Ok(verified)
        } else {
            Err(TokenRefused::Revoked)
        }
    }

    async fn verified_claims(&self, token: &str) -> Result<Claims, TokenRefused> {
        let key_id = key_id_of(token)?;
        let key = match self.resources.verifying_key(&key_id) {
            Some(key) => key,
            None if self.resources.reload_on_miss(self.clock.monotonic()).await? => self
                .resources
                .verifying_key(&key_id)
                .ok_or(TokenRefused::Unknown)?,
            None => return Err(TokenRefused::Unknown),
        };
        claims_of(token, &key, &self.validation)
    }
}

/// Expiry is checked against our own clock; `aud` and the like are not in these tokens.
pub(super) fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

/// The key that a token says it is signed by.
pub(super) fn key_id_of(token: &str) -> Result<String, TokenRefused> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenRefused::Unknown);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_malformed| TokenRefused::Unknown)?;
    header.kid.ok_or(TokenRefused::Unknown)
}

/// The claims of a token that the key signed, about its own resource.
pub(super) fn claims_of(
    token: &str,
    key: &VerifyingKey,
    validation: &Validation,
) -> Result<Claims, TokenRefused> {
    let claims = jsonwebtoken::decode::<Claims>(token, key.key(), validation)
        .map_err(|_rejected| TokenRefused::Forged)?
        .claims;
    let consistent = claims.resource_id() == key.resource_id && claims.raw_id().belongs_to(&key.resource_id);
    if consistent {
        Ok(claims)
    } else {
        Err(TokenRefused::Forged)
    }
}

impl From<&Claims> for VerifiedToken {
    fn from(claims: &Claims) -> Self {
        Self {
            resource_id: claims.resource_id(),
            raw_id: claims.raw_id(),
            scopes: Scopes::from_claim(&claims.acs_scope),
            expires_on: claims.expires_on(),
            generation: claims.generation,
        }
    }
}
