//! The event bus: brings what happened to the sockets of those concerned, early.
//!
//! The bus may lose: it is never the truth. A chat event is in the log before it is published, so a
//! subscriber that lagged reads the log again from its cursor (`domain::chat::replay`) and misses nothing.
//! Events without a position (typing) are on the bus alone.
//!
//! # How a socket consumes it
//!
//! 1. [`EventBus::subscribe`], before anything is read, so that nothing falls between log and bus.
//! 2. `replay::start` decides where to begin; its answer is what `subscribed` says.
//! 3. `replay::read` in batches until one is `complete`; send each frame; the batch's `cursor` is the next
//!    `after`.
//! 4. [`Subscription::recv`]: an event at or below the cursor was sent already and is dropped; another one
//!    is sent and its position is the new cursor. On [`BusItem::Lagged`] go back to 3.
//!
//! Publishing happens after the commit and in the order of positions: whoever follows these steps sends
//! every event once and in order.

mod in_process;
mod subscription;

pub use axum::extract::ws::Utf8Bytes as Frame;
use openline_protocol::{RawId, ResourceId};

pub use self::{
    in_process::InProcessBus,
    subscription::{BusEvent, BusItem, MAX_QUEUED_BYTES, MAX_QUEUED_EVENTS, Subscription},
};

/// Something that happened, serialised once for everybody.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The resource it happened in.
    pub resource: ResourceId,
    /// Whose sockets get it.
    pub recipients: Vec<RawId>,
    /// The frame and its place in the log.
    pub event: BusEvent,
}

/// Carries publications to subscriptions. In this process now; a broker between processes later.
pub trait EventBus: Send + Sync + std::fmt::Debug {
    /// Hands `publication` to every subscription of its recipients. Never waits: a subscription that is
    /// full lags.
    fn publish(&self, publication: &Publication);

    /// Everything published for `raw_id` from here on, until the subscription is dropped.
    fn subscribe(&self, resource: &ResourceId, raw_id: &RawId) -> Subscription;
}
