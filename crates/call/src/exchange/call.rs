//! One live call, as the server sees it.

use std::collections::BTreeMap;

use openline_protocol::{
    CallId, EndpointId, Instant, RawId,
    realtime::{CallPeer, MediaState},
};

/// Names a call within the process. Rises, so that the older of two calls is the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CallKey(pub(super) u64);

#[derive(Debug)]
pub(super) struct Call {
    pub(super) call_id: CallId,
    /// The id of the callee's own start, which became this call.
    pub(super) merged_id: Option<CallId>,
    pub(super) caller: Side,
    pub(super) phase: Phase,
}

#[derive(Debug)]
pub(super) enum Phase {
    Ringing {
        callee: RawId,
        /// The callee's endpoints that ring, and whether each was told: one without a socket is told when it is back.
        endpoints: BTreeMap<EndpointId, Told>,
        deadline: Instant,
    },
    Answered {
        callee: Side,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    No,
    Yes,
}

/// An endpoint in a call.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) endpoint_id: EndpointId,
    pub(super) raw_id: RawId,
    pub(super) display_name: Option<String>,
    pub(super) media: MediaState,
}

impl Side {
    pub(super) fn as_peer(&self) -> CallPeer {
        CallPeer {
            endpoint_id: self.endpoint_id.clone(),
            raw_id: self.raw_id.clone(),
            display_name: self.display_name.clone(),
            media: self.media,
        }
    }
}

/// What an endpoint is to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Caller,
    /// Answered.
    Callee,
    /// The call rings there.
    Ringing,
}

impl Call {
    pub(super) fn role_of(&self, endpoint_id: &EndpointId) -> Option<Role> {
        if self.caller.endpoint_id == *endpoint_id {
            return Some(Role::Caller);
        }
        match &self.phase {
            Phase::Ringing { endpoints, .. } => endpoints.contains_key(endpoint_id).then_some(Role::Ringing),
            Phase::Answered { callee } => (callee.endpoint_id == *endpoint_id).then_some(Role::Callee),
        }
    }

    /// The other endpoint of an answered call.
    pub(super) fn peer_of(&self, endpoint_id: &EndpointId) -> Option<&EndpointId> {
        match &self.phase {
            Phase::Ringing { .. } => None,
            Phase::Answered { callee } if self.caller.endpoint_id == *endpoint_id => {
                Some(&callee.endpoint_id)
            }
            Phase::Answered { callee } if callee.endpoint_id == *endpoint_id => {
                Some(&self.caller.endpoint_id)
            }
            Phase::Answered { .. } => None,
        }
    }
}
