//! One live call, as the server sees it.

use std::collections::BTreeMap;

use openline_protocol::{
    CallId, EndpointId, Instant, RawId,
    realtime::{CallPeer, MediaState},
};

use super::{
    ticket::{CallMember, CallSide},
    transfer::Origin,
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
    /// The call that rings to take the place of this one.
    pub(super) transferred_to: Option<CallKey>,
}

#[derive(Debug)]
pub(super) enum Phase {
    Ringing {
        callee: RawId,
        /// The callee's endpoints that ring, and whether each was told: one without a socket is told when it is back.
        endpoints: BTreeMap<EndpointId, Told>,
        deadline: Instant,
        /// For the callee's application.
        custom_context: Option<String>,
        /// What it takes the place of, where the caller was transferred.
        origin: Option<Origin>,
    },
    Answered {
        callee: Side,
        /// Until when the side that is not there is waited for, where one is not.
        awaits: Option<Instant>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    No,
    Yes,
}

/// A side of a call.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Who is there; nobody where a call was rebuilt and this side has not come.
    pub(super) endpoint_id: Option<EndpointId>,
    pub(super) raw_id: RawId,
    pub(super) display_name: Option<String>,
    pub(super) media: MediaState,
}

impl Side {
    pub(super) fn absent(member: CallMember) -> Self {
        Self {
            endpoint_id: None,
            raw_id: member.raw_id,
            display_name: member.display_name,
            media: MediaState::default(),
        }
    }

    pub(super) fn as_member(&self) -> CallMember {
        CallMember {
            raw_id: self.raw_id.clone(),
            display_name: self.display_name.clone(),
        }
    }

    pub(super) fn as_peer(&self) -> Option<CallPeer> {
        Some(CallPeer {
            endpoint_id: self.endpoint_id.clone()?,
            raw_id: self.raw_id.clone(),
            display_name: self.display_name.clone(),
            media: self.media,
        })
    }

    fn is(&self, endpoint_id: &EndpointId) -> bool {
        self.endpoint_id.as_ref() == Some(endpoint_id)
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
    /// Whether these two are in it, or the one rings the other.
    pub(super) fn is_between(&self, caller: &RawId, callee: &RawId) -> bool {
        let theirs = match &self.phase {
            Phase::Ringing { callee, .. } => callee,
            Phase::Answered { callee, .. } => &callee.raw_id,
        };
        self.caller.raw_id == *caller && theirs == callee
    }

    /// The side of an answered call where somebody of that identity is waited for.
    pub(super) fn awaits(&self, raw_id: &RawId) -> Option<CallSide> {
        let Phase::Answered { callee, .. } = &self.phase else {
            return None;
        };
        let awaited = |side: &Side| side.endpoint_id.is_none() && side.raw_id == *raw_id;
        if awaited(&self.caller) {
            Some(CallSide::Caller)
        } else {
            awaited(callee).then_some(CallSide::Callee)
        }
    }

    pub(super) fn role_of(&self, endpoint_id: &EndpointId) -> Option<Role> {
        if self.caller.is(endpoint_id) {
            return Some(Role::Caller);
        }
        match &self.phase {
            Phase::Ringing { endpoints, .. } => endpoints.contains_key(endpoint_id).then_some(Role::Ringing),
            Phase::Answered { callee, .. } => callee.is(endpoint_id).then_some(Role::Callee),
        }
    }

    /// The other endpoint of an answered call, while there is one.
    pub(super) fn peer_of(&self, endpoint_id: &EndpointId) -> Option<&EndpointId> {
        match &self.phase {
            Phase::Ringing { .. } => None,
            Phase::Answered { callee, .. } if self.caller.is(endpoint_id) => callee.endpoint_id.as_ref(),
            Phase::Answered { callee, .. } if callee.is(endpoint_id) => self.caller.endpoint_id.as_ref(),
            Phase::Answered { .. } => None,
        }
    }
}
