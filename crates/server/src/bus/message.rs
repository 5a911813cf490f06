//! What goes over the bus.

use std::fmt;

use openline_protocol::{EndpointId, RawId, ResourceId, realtime::CallNotice};

use super::Frame;

/// A message with its subject.
#[derive(Debug, Clone)]
pub enum Publication {
    /// For the sockets of identities of a resource. Serialised once for all of them.
    Event {
        /// The resource it happened in.
        resource_id: ResourceId,
        /// Whose sockets get it.
        recipients: Vec<RawId>,
        /// The frame and its place in the log.
        event: BusEvent,
    },
    /// For the session that is this endpoint, wherever it is. Dropped where there is none: the exchange learns by
    /// itself that an endpoint is gone.
    Notice {
        /// The endpoint.
        endpoint_id: EndpointId,
        /// What its session numbers and sends.
        notice: CallNotice,
    },
    /// For every process that serves the resource.
    Revocation(Revocation),
}

/// A frame to send as it is.
#[derive(Clone)]
pub struct BusEvent {
    /// Its place in the resource's log; `None` for what is not kept.
    pub position: Option<u64>,
    /// The serialised `event` frame. Cloning it shares the bytes.
    pub frame: Frame,
}

/// Without the frame: it holds what people wrote.
impl fmt::Debug for BusEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusEvent")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// Tokens of an identity became invalid: all of an earlier generation than `generation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The resource.
    pub resource_id: ResourceId,
    /// The identity.
    pub raw_id: RawId,
    /// Tokens of this generation are good; `u64::MAX` if the identity was deleted and none is.
    pub generation: u64,
}

/// What waits in a subscription.
pub trait Message: Clone + Send + 'static {
    /// What metrics call it.
    const KIND: &'static str;

    /// What it takes in memory, about.
    fn size_bytes(&self) -> usize;
}

impl Message for BusEvent {
    const KIND: &'static str = "event";

    fn size_bytes(&self) -> usize {
        self.frame.len()
    }
}

impl Message for CallNotice {
    const KIND: &'static str = "notice";

    fn size_bytes(&self) -> usize {
        openline_session::notice_weight(self)
    }
}

impl Message for Revocation {
    const KIND: &'static str = "revocation";

    fn size_bytes(&self) -> usize {
        self.resource_id.as_str().len() + self.raw_id.as_str().len()
    }
}
