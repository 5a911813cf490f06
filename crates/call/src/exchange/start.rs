//! `start`: may this call be made, and does it become one, or join the callee's own.

use openline_protocol::{
    CallEndReason, CallId, CommunicationIdentifier, EndpointId, Instant, RawId,
    realtime::{CallNotice, MAX_CUSTOM_CONTEXT_CHARS, MediaState},
};

use super::{
    Exchange,
    call::{Call, CallKey, Phase, Role, Side},
    endpoint::Endpoint,
    ticket::CallSide,
    transfer::Origin,
};
use crate::limits::{MAX_CALL_ID_BYTES, MAX_RINGING_CALLS};

/// The arguments of `start`.
pub(super) struct Start {
    pub(super) call_id: CallId,
    pub(super) callee: RawId,
    pub(super) display_name: Option<String>,
    pub(super) media: MediaState,
    pub(super) custom_context: Option<String>,
}

/// What becomes of a start.
pub(super) enum Verdict {
    /// It is a call that this endpoint has started already.
    Repeated,
    Refused(CallEndReason),
    /// The callee's own call to the caller rings: it is that one.
    Merges(CallKey),
    /// It was answered, and this endpoint's client does not know yet.
    Returns(CallKey),
    Rings,
}

impl Exchange {
    pub(super) fn on_start(&mut self, endpoint_id: &EndpointId, start: Start, now: Instant) {
        let Some(endpoint) = self.endpoints.get(endpoint_id) else {
            return self.refuse(endpoint_id, start.call_id, CallEndReason::NOT_ALLOWED);
        };
        let caller = Side {
            endpoint_id: Some(endpoint_id.clone()),
            raw_id: endpoint.raw_id.clone(),
            display_name: start
                .display_name
                .clone()
                .or_else(|| endpoint.display_name.clone()),
            media: start.media,
        };
        match self.judge(endpoint_id, endpoint, &start) {
            Verdict::Repeated => {}
            Verdict::Refused(reason) => self.refuse(endpoint_id, start.call_id, reason),
            Verdict::Merges(key) => self.merge(key, start.call_id, caller),
            Verdict::Returns(key) => self.come_in(key, CallSide::Caller, caller),
            Verdict::Rings => {
                self.begin(endpoint_id, caller, start, None, now);
            }
        }
    }

    pub(super) fn judge(&self, endpoint_id: &EndpointId, endpoint: &Endpoint, start: &Start) -> Verdict {
        let known = self.call_keys.get(&start.call_id).copied();
        if let Some((key, call)) = known.and_then(|key| self.calls.get(&key).map(|call| (key, call))) {
            if call.is_between(&endpoint.raw_id, &start.callee)
                && call.awaits(&endpoint.raw_id) == Some(CallSide::Caller)
            {
                return Verdict::Returns(key);
            }
            // Whose call it is, is nobody else's business: a stranger is told no more than that it may not.
            return match call.role_of(endpoint_id) {
                Some(Role::Caller | Role::Callee) => Verdict::Repeated,
                Some(Role::Ringing) | None => Verdict::Refused(CallEndReason::NOT_ALLOWED),
            };
        }
        if let Some(reason) = self.recently_ended.reason_for(&start.call_id, &endpoint.raw_id) {
            return Verdict::Refused(reason);
        }
        let call_id = start.call_id.as_str();
        let context_allowed = start
            .custom_context
            .as_ref()
            .is_none_or(|text| text.chars().nth(MAX_CUSTOM_CONTEXT_CHARS).is_none());
        if !endpoint.may_start || !context_allowed || call_id.is_empty() || call_id.len() > MAX_CALL_ID_BYTES
        {
            return Verdict::Refused(CallEndReason::NOT_ALLOWED);
        }
        if let Some(reason) = refused_callee(endpoint, &start.callee) {
            return Verdict::Refused(reason);
        }
        if self.has_too_many_calls(&endpoint.raw_id) {
            return Verdict::Refused(CallEndReason::SERVICE_UNAVAILABLE);
        }
        let theirs = self.ringing.get(&(start.callee.clone(), endpoint.raw_id.clone()));
        if let Some(key) = theirs.and_then(|keys| keys.first()) {
            return Verdict::Merges(*key);
        }
        match self.identities.get(&start.callee) {
            None => Verdict::Refused(CallEndReason::NOT_REGISTERED),
            Some(callee) if callee.endpoints.is_empty() => Verdict::Refused(CallEndReason::NOT_REGISTERED),
            Some(callee) if callee.ringing.len() >= MAX_RINGING_CALLS => {
                Verdict::Refused(CallEndReason::SERVICE_UNAVAILABLE)
            }
            Some(_) => Verdict::Rings,
        }
    }

    /// The call begins to ring. `origin`: it takes the place of another.
    pub(super) fn begin(
        &mut self,
        endpoint_id: &EndpointId,
        caller: Side,
        start: Start,
        origin: Option<Origin>,
        now: Instant,
    ) -> CallKey {
        let key = self.next_key();
        let deadline = now + self.config.ring_timeout;
        let endpoints = self.endpoints_to_ring(&start.callee);
        let ringing: Vec<EndpointId> = endpoints.keys().cloned().collect();
        for endpoint_id in ringing.iter().chain([endpoint_id]) {
            if let Some(endpoint) = self.endpoints.get_mut(endpoint_id) {
                endpoint.calls.insert(key);
            }
        }
        self.identities
            .entry(caller.raw_id.clone())
            .or_default()
            .live_calls += 1;
        self.identities
            .entry(start.callee.clone())
            .or_default()
            .ringing
            .insert(key);
        self.ringing
            .entry((caller.raw_id.clone(), start.callee.clone()))
            .or_default()
            .insert(key);
        self.deadlines.insert((deadline, key));
        self.call_keys.insert(start.call_id.clone(), key);
        let phase = Phase::Ringing {
            callee: start.callee,
            endpoints,
            deadline,
            custom_context: start.custom_context,
            origin,
        };
        self.calls.insert(
            key,
            Call {
                call_id: start.call_id,
                merged_id: None,
                caller,
                phase,
                transferred_to: None,
            },
        );
        for endpoint_id in ringing {
            if self
                .endpoints
                .get(&endpoint_id)
                .is_some_and(|endpoint| endpoint.reachable)
            {
                self.ring(key, &endpoint_id, now);
            }
        }
        key
    }

    /// The second of two who call each other answers the first one's call. Its own id goes on to name that call, for
    /// the commands that were on their way.
    pub(super) fn merge(&mut self, key: CallKey, call_id: CallId, callee: Side) {
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        call.merged_id = Some(call_id.clone());
        let into = call.call_id.clone();
        self.call_keys.insert(call_id.clone(), key);
        if let Some(endpoint_id) = &callee.endpoint_id {
            self.notify(endpoint_id, CallNotice::Merged { call_id, into });
        }
        self.answer(key, callee);
    }
}

/// Why this callee cannot be called from that endpoint.
fn refused_callee(endpoint: &Endpoint, callee: &RawId) -> Option<CallEndReason> {
    let is_user = matches!(
        CommunicationIdentifier::from_raw_id(callee.as_str()),
        CommunicationIdentifier::CommunicationUser { .. }
    );
    if !is_user {
        Some(CallEndReason::CALLEE_MALFORMED)
    } else if *callee == endpoint.raw_id || !callee.belongs_to(&endpoint.resource) {
        Some(CallEndReason::NOT_ALLOWED)
    } else {
        None
    }
}
