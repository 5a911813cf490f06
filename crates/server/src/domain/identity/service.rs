//! What the operations on identities share: limits and checks.

use std::{sync::Arc, time::Duration};

use openline_protocol::{CommunicationIdentifier, RawId, ResourceId};
use uuid::Uuid;

use crate::{
    clock::Clock,
    domain::{
        DomainError, RateLimit, RateLimiter,
        token::{Scopes, Tokens, parse_scopes},
    },
    storage::Storage,
};

/// The shortest validity of a token.
pub const MIN_VALIDITY_MINUTES: i64 = 60;

/// The longest validity of a token, and the default.
pub const MAX_VALIDITY_MINUTES: i64 = 1440;

/// How often each operation may be used per resource within a window.
#[derive(Debug, Clone, Copy)]
pub struct IdentityLimits {
    /// Creating identities.
    pub create: u32,
    /// Issuing tokens.
    pub issue: u32,
    /// Revoking tokens.
    pub revoke: u32,
    /// Deleting identities.
    pub delete: u32,
    /// The window.
    pub window: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Create,
    Issue,
    Revoke,
    Delete,
}

/// The use cases on identities.
pub struct Identities {
    pub(super) storage: Storage,
    pub(super) tokens: Arc<Tokens>,
    pub(super) clock: Arc<dyn Clock>,
    limits: IdentityLimits,
    limiter: RateLimiter<(ResourceId, Operation)>,
}

impl std::fmt::Debug for Identities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identities")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Identities {
    /// The use cases on `storage`.
    #[must_use]
    pub fn new(storage: Storage, tokens: Arc<Tokens>, clock: Arc<dyn Clock>, limits: IdentityLimits) -> Self {
        Self {
            storage,
            tokens,
            clock,
            limits,
            limiter: RateLimiter::new(limits.window),
        }
    }

    pub(super) fn check_rate(
        &self,
        resource_id: &ResourceId,
        operation: Operation,
    ) -> Result<(), DomainError> {
        let count = match operation {
            Operation::Create => self.limits.create,
            Operation::Issue => self.limits.issue,
            Operation::Revoke => self.limits.revoke,
            Operation::Delete => self.limits.delete,
        };
        let limit = RateLimit {
            count,
            window: self.limits.window,
        };
        self.limiter
            .check((resource_id.clone(), operation), limit, self.clock.monotonic())
    }
}

/// A new identity's raw id. Its user half is time-ordered, so that rows are added at the end of the index.
pub(in crate::domain) fn new_raw_id(resource_id: &ResourceId) -> RawId {
    RawId::communication_user(resource_id, &Uuid::now_v7().to_string())
}

/// Checks that an id has the form `8:acs:{resource}_{user}` of those that were given out, by whatever resource.
pub(super) fn check_id(raw_id: &RawId) -> Result<(), DomainError> {
    let known = CommunicationIdentifier::from_raw_id(raw_id.as_str());
    let user = raw_id.as_str().splitn(3, ':').nth(2).unwrap_or_default();
    let is_whole = user
        .split_once('_')
        .is_some_and(|(resource, user)| !resource.is_empty() && !user.is_empty());
    if matches!(known, CommunicationIdentifier::CommunicationUser { .. }) && is_whole {
        Ok(())
    } else {
        Err(DomainError::validation(
            "id",
            "The id is not that of an identity. It must have the form 8:acs:{resource}_{user}.",
        ))
    }
}

/// Reads `expiresInMinutes`.
pub(super) fn validity(minutes: Option<i64>) -> Result<Duration, DomainError> {
    let minutes = minutes.unwrap_or(MAX_VALIDITY_MINUTES);
    let in_range = (MIN_VALIDITY_MINUTES..=MAX_VALIDITY_MINUTES).contains(&minutes);
    match u64::try_from(minutes) {
        Ok(minutes) if in_range => Ok(Duration::from_secs(minutes * 60)),
        Ok(_) | Err(_) => Err(DomainError::validation(
            "ExpiresInMinutes",
            format!(
                "ExpiresInMinutes value {minutes} is invalid. Value must be within the \
                 [{MIN_VALIDITY_MINUTES}, {MAX_VALIDITY_MINUTES}] interval."
            ),
        )),
    }
}

/// Reads a list of scopes.
pub(super) fn scopes(target: &'static str, names: &[String]) -> Result<Scopes, DomainError> {
    parse_scopes(names).map_err(|unknown| {
        let unknown: String = unknown.chars().take(64).collect();
        DomainError::validation(target, format!("{target}: '{unknown}' is not a scope."))
    })
}
