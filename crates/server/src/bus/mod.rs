//! The event bus: the one way from what happened to the sockets it concerns.
//!
//! A message is addressed to a subject; whoever subscribed to it gets the message, in whatever process:
//!
//! | subject | message | who subscribes | after [`BusItem::Lagged`] |
//! |---|---|---|---|
//! | an identity of a resource | [`BusEvent`]: a chat event or typing | each socket that wants chat | read the log from the cursor |
//! | an endpoint | a call notice | its session, with or without a socket | end the session: its calls end with 430/4521 for the others, 490/4502 for its client |
//! | a resource | [`Revocation`] | every process, for all resources | forget what is known of generations, check every live session against storage |
//!
//! # The contract
//!
//! - Publishing never waits, and never fails for the publisher.
//! - What one publisher says on one subject arrives in that order, each message once at most.
//! - The bus may lose, but not silently: where messages are missing a subscriber gets [`BusItem::Lagged`]. A queue
//!   that is full ([`MAX_QUEUED_MESSAGES`], [`MAX_QUEUED_BYTES`]) forgets everything and lags. The publisher does not
//!   learn of it: it is the subscriber that knows what a gap means.
//! - A subject nobody subscribed to costs nothing. What is published there is dropped.
//!
//! So the bus is never the truth. A chat event is in the log and a revocation in the database before they are
//! published, and either is found there by who missed it. A call notice is nowhere else: a gap in them ends the
//! session, so that no call hangs on a notice that never comes. Events without a position (typing) may be lost.
//!
//! What goes to the exchange (endpoints that come and go, commands) does not go over the bus:
//! `docs/adr/0004-one-event-bus.md` says why, and how all of this maps to NATS.
//!
//! # How chat events are consumed
//!
//! `ChatFollower` does it, whatever carries the events on:
//!
//! 1. [`EventBus::subscribe_events`], before anything is read, so that nothing falls between log and bus.
//! 2. `Chats::start_replay` decides where to begin; its answer is what `subscribed` says.
//! 3. `Chats::replay` in batches until one is `complete`; send each frame; the batch's `cursor` is the next
//!    `after`. One that is `expired` says that what was missed is not kept any more: the client is told so.
//! 4. [`Subscription::recv`]: an event at or below the cursor was sent already and is dropped; another one
//!    is sent and its position is the new cursor. On [`BusItem::Lagged`] go back to 3.
//!
//! Publishing happens after the commit and in the order of positions: whoever follows these steps sends
//! every event once and in order.

mod in_process;
mod message;
mod queue;
mod routes;
mod subscription;

pub use axum::extract::ws::Utf8Bytes as Frame;
use openline_protocol::{EndpointId, RawId, ResourceId, realtime::CallNotice};

pub use self::{
    in_process::InProcessBus,
    message::{BusEvent, Message, Publication, Revocation},
    queue::{MAX_QUEUED_BYTES, MAX_QUEUED_MESSAGES},
    subscription::{Arrivals, BusItem, Subscription},
};

/// Carries publications to subscriptions. In this process now; a broker between processes later.
pub trait EventBus: Send + Sync + std::fmt::Debug {
    /// Hands `publication` to every subscription of its subject. Never waits: a subscription that is full lags.
    fn publish(&self, publication: Publication);

    /// Chat events and typing for an identity of a resource, from here on, until the subscription is dropped.
    fn subscribe_events(&self, resource_id: &ResourceId, raw_id: &RawId) -> Subscription<BusEvent>;

    /// The call notices of an endpoint. To be subscribed before the exchange hears of the endpoint.
    fn subscribe_notices(&self, endpoint_id: &EndpointId) -> Subscription<CallNotice>;

    /// The revocations of every resource.
    fn subscribe_revocations(&self) -> Subscription<Revocation>;
}
