//! `accept`, and what an answer means for everybody the call rang at.

use openline_protocol::{
    CallEndReason, EndpointId, RawId,
    realtime::{CallNotice, MediaState},
};

use super::{
    Exchange,
    call::{Call, CallKey, Phase, Role, Side, Told},
};
use crate::limits::MAX_LIVE_CALLS;

impl Exchange {
    /// Called for an endpoint that the call rings at.
    pub(super) fn on_accept(
        &mut self,
        key: CallKey,
        endpoint_id: &EndpointId,
        display_name: Option<String>,
        media: MediaState,
    ) {
        let Some(endpoint) = self.endpoints.get(endpoint_id) else {
            return;
        };
        let callee = Side {
            endpoint_id: endpoint_id.clone(),
            raw_id: endpoint.raw_id.clone(),
            display_name: display_name.or_else(|| endpoint.display_name.clone()),
            media,
        };
        let identity = self.identities.get(&endpoint.raw_id);
        if identity.is_some_and(|identity| identity.live_calls >= MAX_LIVE_CALLS) {
            self.end_call(key, CallEndReason::SERVICE_UNAVAILABLE);
        } else {
            self.answer(key, callee);
        }
    }

    /// The call is answered by `callee`, and stops ringing elsewhere.
    pub(super) fn answer(&mut self, key: CallKey, callee: Side) {
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        debug_assert_ne!(call.role_of(&callee.endpoint_id), Some(Role::Caller));
        let answered = Phase::Answered {
            callee: callee.clone(),
        };
        let Phase::Ringing {
            callee: raw_id,
            endpoints,
            deadline,
        } = std::mem::replace(&mut call.phase, answered)
        else {
            return;
        };
        let call_id = call.call_id.clone();
        let caller = call.caller.clone();
        self.deadlines.remove(&(deadline, key));
        self.stop_ringing(key, &caller.raw_id, &raw_id);
        self.identities.entry(raw_id).or_default().live_calls += 1;
        if let Some(endpoint) = self.endpoints.get_mut(&callee.endpoint_id) {
            endpoint.calls.insert(key);
        }
        for (endpoint_id, told) in endpoints {
            if endpoint_id != callee.endpoint_id {
                let ended = CallNotice::Ended {
                    call_id: call_id.clone(),
                    reason: CallEndReason::ANSWERED_ELSEWHERE,
                };
                self.leave(key, &endpoint_id, (told == Told::Yes).then_some(ended));
            }
        }
        for (endpoint, peer, polite) in [(&caller, &callee, false), (&callee, &caller, true)] {
            let answered = CallNotice::Answered {
                call_id: call_id.clone(),
                peer: peer.as_peer(),
                polite,
            };
            self.notify(&endpoint.endpoint_id, answered);
            if self
                .endpoints
                .get(&peer.endpoint_id)
                .is_some_and(|peer| !peer.reachable)
            {
                let unreachable = CallNotice::PeerReachable {
                    call_id: call_id.clone(),
                    reachable: false,
                };
                self.notify(&endpoint.endpoint_id, unreachable);
            }
        }
    }

    /// A ringing call is not one for the callee's list any more.
    pub(super) fn stop_ringing(&mut self, key: CallKey, caller: &RawId, callee: &RawId) {
        if let Some(identity) = self.identities.get_mut(callee) {
            identity.ringing.remove(&key);
        }
        let pair = (caller.clone(), callee.clone());
        if let Some(keys) = self.ringing.get_mut(&pair) {
            keys.remove(&key);
            if keys.is_empty() {
                self.ringing.remove(&pair);
            }
        }
    }

    /// The endpoint has nothing to do with the call any more, and is told so where it knew of it.
    pub(super) fn leave(&mut self, key: CallKey, endpoint_id: &EndpointId, notice: Option<CallNotice>) {
        // One that is gone already is not told.
        let Some(endpoint) = self.endpoints.get_mut(endpoint_id) else {
            return;
        };
        endpoint.calls.remove(&key);
        if let Some(notice) = notice {
            self.notify(endpoint_id, notice);
        }
    }

    /// Removes a call from the maps that find it.
    pub(super) fn forget(&mut self, key: CallKey) -> Option<Call> {
        let call = self.calls.remove(&key)?;
        self.call_keys.remove(&call.call_id);
        if let Some(merged_id) = &call.merged_id {
            self.call_keys.remove(merged_id);
        }
        Some(call)
    }
}
