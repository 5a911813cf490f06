//! Endpoints: sessions that can be rung.

use std::collections::{BTreeMap, BTreeSet};

use openline_protocol::{CallEndReason, EndpointId, Instant, RawId, ResourceId, realtime::CallNotice};

use super::{
    Exchange,
    call::{CallKey, Phase, Role, Told},
    command::cut_display_name,
};

/// A session that subscribed to calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointRef {
    /// The tenant. Nobody calls across tenants.
    pub resource: ResourceId,
    /// The identity, as in the token.
    pub raw_id: RawId,
    /// The session's public id, unique for ever.
    pub endpoint_id: EndpointId,
    /// The name others see, unless a call says another.
    pub display_name: Option<String>,
    /// Whether the token's scope allows starting calls (`voip`), and not only joining.
    pub may_start: bool,
}

/// How an endpoint went away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoneReason {
    /// It said so: `bye`, close 1000 or 1001, or `unsubscribe`.
    Left,
    /// Its grace period is over, or its session was ended by the server.
    GraceOver,
}

#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) resource: ResourceId,
    pub(super) raw_id: RawId,
    pub(super) display_name: Option<String>,
    pub(super) may_start: bool,
    /// There is a socket.
    pub(super) reachable: bool,
    /// The calls it is in, and those that ring there.
    pub(super) calls: BTreeSet<CallKey>,
}

#[derive(Debug, Default)]
pub(super) struct Identity {
    pub(super) endpoints: BTreeSet<EndpointId>,
    /// Calls that ring there.
    pub(super) ringing: BTreeSet<CallKey>,
    /// Calls it started, and those it answered.
    pub(super) live_calls: usize,
}

impl Identity {
    fn is_unused(&self) -> bool {
        self.endpoints.is_empty() && self.ringing.is_empty() && self.live_calls == 0
    }
}

impl Exchange {
    /// A session subscribed to calls: it rings from here on, for calls that ring already as well. A second time for
    /// the same endpoint renews its name and rights.
    pub fn endpoint_registered(&mut self, endpoint: EndpointRef, now: Instant) {
        let EndpointRef {
            resource,
            raw_id,
            endpoint_id,
            display_name,
            may_start,
        } = endpoint;
        let display_name = display_name.map(cut_display_name);
        if let Some(known) = self.endpoints.get_mut(&endpoint_id) {
            known.display_name = display_name;
            known.may_start = may_start;
            self.endpoint_resumed(&endpoint_id, now);
            return;
        }
        let identity = self.identities.entry(raw_id.clone()).or_default();
        identity.endpoints.insert(endpoint_id.clone());
        let ringing = identity.ringing.clone();
        for key in &ringing {
            if let Some(call) = self.calls.get_mut(key)
                && let Phase::Ringing { endpoints, .. } = &mut call.phase
            {
                endpoints.insert(endpoint_id.clone(), Told::No);
            }
        }
        self.endpoints.insert(
            endpoint_id.clone(),
            Endpoint {
                resource,
                raw_id,
                display_name,
                may_start,
                reachable: true,
                calls: ringing,
            },
        );
        self.ring_untold(&endpoint_id, now);
    }

    /// The session lost its socket; its grace period begins.
    pub fn endpoint_interrupted(&mut self, endpoint_id: &EndpointId) {
        self.set_reachable(endpoint_id, false);
    }

    /// The session has a socket again.
    pub fn endpoint_resumed(&mut self, endpoint_id: &EndpointId, now: Instant) {
        self.set_reachable(endpoint_id, true);
        self.ring_untold(endpoint_id, now);
    }

    /// The session is over. Its calls end for those who are left.
    pub fn endpoint_gone(&mut self, endpoint_id: &EndpointId, reason: GoneReason) {
        let Some(endpoint) = self.endpoints.remove(endpoint_id) else {
            return;
        };
        if let Some(identity) = self.identities.get_mut(&endpoint.raw_id) {
            identity.endpoints.remove(endpoint_id);
        }
        for key in endpoint.calls {
            self.on_member_gone(key, endpoint_id, reason);
        }
        self.release_identity(&endpoint.raw_id);
    }

    fn on_member_gone(&mut self, key: CallKey, endpoint_id: &EndpointId, reason: GoneReason) {
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        let role = call.role_of(endpoint_id);
        match (&mut call.phase, role) {
            (Phase::Ringing { .. }, Some(Role::Caller)) => self.end_call(key, CallEndReason::CANCELLED),
            (Phase::Ringing { endpoints, .. }, _) => {
                endpoints.remove(endpoint_id);
                if endpoints.is_empty() {
                    self.end_call(key, CallEndReason::NOT_REGISTERED);
                }
            }
            (Phase::Answered { .. }, _) => {
                let reason = match reason {
                    GoneReason::Left => CallEndReason::PEER_VANISHED,
                    GoneReason::GraceOver => CallEndReason::PEER_UNREACHABLE,
                };
                self.end_call(key, reason);
            }
        }
    }

    fn set_reachable(&mut self, endpoint_id: &EndpointId, reachable: bool) {
        let Some(endpoint) = self.endpoints.get_mut(endpoint_id) else {
            return;
        };
        if endpoint.reachable == reachable {
            return;
        }
        endpoint.reachable = reachable;
        let notices: Vec<_> = endpoint
            .calls
            .iter()
            .filter_map(|key| self.calls.get(key))
            .filter_map(|call| {
                call.peer_of(endpoint_id)
                    .map(|peer| (peer.clone(), call.call_id.clone()))
            })
            .collect();
        for (peer, call_id) in notices {
            self.notify(&peer, CallNotice::PeerReachable { call_id, reachable });
        }
    }

    /// Rings an endpoint that has a socket for the calls it was not told of.
    pub(super) fn ring_untold(&mut self, endpoint_id: &EndpointId, now: Instant) {
        let Some(endpoint) = self
            .endpoints
            .get(endpoint_id)
            .filter(|endpoint| endpoint.reachable)
        else {
            return;
        };
        for key in endpoint.calls.clone() {
            self.ring(key, endpoint_id, now);
        }
    }

    /// Tells an endpoint of a call that rings there, and the caller that it rings, each once.
    pub(super) fn ring(&mut self, key: CallKey, endpoint_id: &EndpointId, now: Instant) {
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        let Phase::Ringing {
            endpoints,
            deadline,
            custom_context,
            origin,
            ..
        } = &mut call.phase
        else {
            return;
        };
        let first = endpoints.values().all(|told| *told == Told::No);
        match endpoints.get_mut(endpoint_id) {
            Some(told @ Told::No) => *told = Told::Yes,
            Some(Told::Yes) | None => return,
        }
        let (Some(caller), Some(peer)) = (call.caller.endpoint_id.clone(), call.caller.as_peer()) else {
            return;
        };
        let remaining = deadline.saturating_duration_since(now);
        let custom_context = custom_context.clone();
        let transferor = origin.as_ref().map(|origin| origin.transferor.clone());
        let incoming = CallNotice::Incoming {
            call_id: call.call_id.clone(),
            caller: peer,
            ring_timeout_ms: u64::try_from(remaining.as_millis()).unwrap_or(u64::MAX),
            custom_context,
            transferor,
        };
        let ringing = CallNotice::Ringing {
            call_id: call.call_id.clone(),
        };
        self.notify(endpoint_id, incoming);
        if first {
            self.notify(&caller, ringing);
        }
    }

    /// Forgets an identity with neither endpoints nor calls.
    pub(super) fn release_identity(&mut self, raw_id: &RawId) {
        if self.identities.get(raw_id).is_some_and(Identity::is_unused) {
            self.identities.remove(raw_id);
        }
    }

    /// The callee's endpoints, none of them told.
    pub(super) fn endpoints_to_ring(&self, raw_id: &RawId) -> BTreeMap<EndpointId, Told> {
        let endpoints = self.identities.get(raw_id).map(|identity| &identity.endpoints);
        endpoints
            .into_iter()
            .flatten()
            .map(|endpoint_id| (endpoint_id.clone(), Told::No))
            .collect()
    }
}
