//! Somebody doing something at some time: what every use case carries into its transaction.

use std::sync::Arc;

use openline_chat::{ChatAction, Standing, may};
use openline_protocol::{Instant, RawId, ResourceId, Timestamp};

use super::{Chats, rates::ChatLimiter, refusal::refused, scrub::ScrubRequests};
use crate::{
    bus::EventBus,
    domain::{DomainError, token::Scopes},
};

/// Whoever makes a request, as the token said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The resource.
    pub resource_id: ResourceId,
    /// The identity.
    pub raw_id: RawId,
    /// What the token allows.
    pub scopes: Scopes,
}

/// Who acts, when, and where it is told.
pub(super) struct Act {
    pub(super) resource_id: ResourceId,
    pub(super) raw_id: RawId,
    pub(super) scopes: Scopes,
    pub(super) now: Timestamp,
    pub(super) monotonic: Instant,
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) limiter: Option<ChatLimiter>,
    pub(super) scrubs: ScrubRequests,
}

impl Chats {
    /// An act of `caller`, now. Every use case begins here.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`] where the token's scopes rule `action` out whatever the thread is.
    pub(super) fn act(&self, caller: &Caller, action: ChatAction) -> Result<Act, DomainError> {
        may(action, caller.scopes.as_slice(), Standing::Sender).map_err(refused)?;
        Ok(Act {
            resource_id: caller.resource_id.clone(),
            raw_id: caller.raw_id.clone(),
            scopes: caller.scopes.clone(),
            now: self.clock.now(),
            monotonic: self.clock.monotonic(),
            bus: Arc::clone(&self.bus),
            limiter: self.limiter.clone(),
            scrubs: self.scrubs.clone(),
        })
    }
}

impl Act {
    /// Decides `action` by what the actor is to the thread or message.
    pub(super) fn may(&self, action: ChatAction, standing: Standing) -> Result<(), DomainError> {
        may(action, self.scopes.as_slice(), standing).map_err(refused)
    }
}
