//! What the use cases stand on.

use std::{fmt, sync::Arc};

use super::{rates::ChatLimiter, scrub::ScrubRequests};
use crate::{bus::EventBus, clock::Clock, storage::Storage};

/// The use cases of chat.
#[derive(Clone)]
pub struct Chats {
    pub(super) storage: Storage,
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) clock: Arc<dyn Clock>,
    /// None: nothing is limited.
    pub(super) limiter: Option<ChatLimiter>,
    pub(super) scrubs: ScrubRequests,
}

impl fmt::Debug for Chats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chats").finish_non_exhaustive()
    }
}

impl Chats {
    /// The use cases on `storage`; what happens is told on `bus`. As often as anybody likes, see
    /// [`Self::limited_to`].
    #[must_use]
    pub fn new(storage: Storage, bus: Arc<dyn EventBus>, clock: Arc<dyn Clock>) -> Self {
        Self {
            storage,
            bus,
            clock,
            limiter: None,
            scrubs: ScrubRequests::default(),
        }
    }
}
