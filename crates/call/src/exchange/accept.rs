//! `accept`, and what an answer means for everybody the call rang at.

use openline_protocol::{
    CallEndReason, EndpointId, RawId,
    realtime::{CallNotice, MediaState},
};

use super::{
    Exchange,
    call::{Call, CallKey, Phase, Role, Side, Told},
};

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
            endpoint_id: Some(endpoint_id.clone()),
            raw_id: endpoint.raw_id.clone(),
            display_name: display_name.or_else(|| endpoint.display_name.clone()),
            media,
        };
        if self.has_too_many_calls(&callee.raw_id) {
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
        let Some(answering) = callee.endpoint_id.clone() else {
            return;
        };
        debug_assert_ne!(call.role_of(&answering), Some(Role::Caller));
        let answered = Phase::Answered { callee, awaits: None };
        let Phase::Ringing {
            callee: raw_id,
            endpoints,
            deadline,
            origin,
            ..
        } = std::mem::replace(&mut call.phase, answered)
        else {
            return;
        };
        let call_id = call.call_id.clone();
        let caller = call.caller.raw_id.clone();
        self.deadlines.remove(&(deadline, key));
        self.stop_ringing(key, &caller, &raw_id);
        self.identities.entry(raw_id).or_default().live_calls += 1;
        if let Some(endpoint) = self.endpoints.get_mut(&answering) {
            endpoint.calls.insert(key);
        }
        for (endpoint_id, told) in endpoints {
            if endpoint_id != answering {
                let ended = CallNotice::Ended {
                    call_id: call_id.clone(),
                    reason: CallEndReason::ANSWERED_ELSEWHERE,
                };
                self.leave(key, &endpoint_id, (told == Told::Yes).then_some(ended));
            }
        }
        self.introduce(key);
        if let Some(origin) = origin {
            self.complete_transfer(&origin);
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
