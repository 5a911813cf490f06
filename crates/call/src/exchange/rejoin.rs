//! An endpoint comes to a call that was answered before: by its ticket, or by repeating what made it one of the two.
//!
//! The first one rebuilds a call that this exchange does not know; the other one is waited for.

use openline_protocol::{
    CallEndReason, CallId, EndpointId, Instant, RawId,
    realtime::{CallNotice, MediaState},
};

use super::{
    Exchange,
    call::{Call, CallKey, Phase, Role, Side},
    ticket::{CallSide, CallTicket},
};
use crate::limits::MAX_LIVE_CALLS;

impl Exchange {
    pub(super) fn on_rejoin(
        &mut self,
        endpoint_id: &EndpointId,
        call_id: CallId,
        sealed: &str,
        media: MediaState,
        now: Instant,
    ) {
        let ticket = self.tickets.as_ref().and_then(|tickets| tickets.open(sealed));
        let endpoint = self.endpoints.get(endpoint_id);
        let (Some(ticket), Some(endpoint)) = (ticket, endpoint) else {
            return self.refuse(endpoint_id, call_id, CallEndReason::NOT_ALLOWED);
        };
        let holder = ticket.holder();
        if ticket.call_id != call_id || holder.raw_id != endpoint.raw_id {
            return self.refuse(endpoint_id, call_id, CallEndReason::NOT_ALLOWED);
        }
        let member = Side {
            endpoint_id: Some(endpoint_id.clone()),
            raw_id: holder.raw_id.clone(),
            display_name: holder.display_name.clone(),
            media,
        };
        let known = self.call_keys.get(&call_id).copied();
        match known.and_then(|key| self.calls.get(&key).map(|call| (key, call))) {
            Some((key, call)) if call.is_between(&ticket.caller.raw_id, &ticket.callee.raw_id) => {
                // Where it rings, the caller has started it again: it was not told of the answer.
                match call.role_of(endpoint_id) {
                    Some(Role::Ringing) => self.on_accept(key, endpoint_id, member.display_name, media),
                    Some(Role::Caller | Role::Callee) | None => self.come_in(key, ticket.side, member),
                }
            }
            // Another call of that id.
            Some(_) => self.refuse(endpoint_id, call_id, CallEndReason::NOT_ALLOWED),
            None => self.rebuild(ticket, member, now),
        }
    }

    /// Whoever holds the ticket has left for good, and its session is not known here. Where somebody is in that place,
    /// they have come since, and stay; a call that is not known ends for who comes back to it.
    pub fn member_left(&mut self, ticket: CallTicket) {
        let reason = CallEndReason::PEER_VANISHED;
        let left = &ticket.holder().raw_id;
        match self.call_keys.get(&ticket.call_id).copied() {
            Some(key) => {
                let is_awaited = self.calls.get(&key).is_some_and(|call| {
                    call.is_between(&ticket.caller.raw_id, &ticket.callee.raw_id)
                        && call.awaits(left) == Some(ticket.side)
                });
                if is_awaited {
                    self.end_call(key, reason);
                }
            }
            None if self.recently_ended.reason_for(&ticket.call_id, left).is_none() => {
                let members = [ticket.caller.raw_id, ticket.callee.raw_id];
                self.recently_ended.note(ticket.call_id, members, reason);
            }
            None => {}
        }
    }

    fn rebuild(&mut self, ticket: CallTicket, member: Side, now: Instant) {
        let Some(endpoint_id) = member.endpoint_id.clone() else {
            return;
        };
        let refused = match self.recently_ended.reason_for(&ticket.call_id, &member.raw_id) {
            None if self.has_too_many_calls(&member.raw_id) => Some(CallEndReason::SERVICE_UNAVAILABLE),
            reason => reason,
        };
        if let Some(reason) = refused {
            return self.refuse(&endpoint_id, ticket.call_id, reason);
        }
        let key = self.next_key();
        let deadline = now + self.config.rejoin_patience;
        let (caller, callee) = match ticket.side {
            CallSide::Caller => (member, Side::absent(ticket.callee)),
            CallSide::Callee => (Side::absent(ticket.caller), member),
        };
        self.call_keys.insert(ticket.call_id.clone(), key);
        self.awaited.insert((deadline, key));
        let call = Call {
            call_id: ticket.call_id,
            merged_id: None,
            caller,
            phase: Phase::Answered {
                callee,
                awaits: Some(deadline),
            },
            transferred_to: None,
        };
        self.calls.insert(key, call);
        self.take_part(key, &endpoint_id);
        self.introduce(key);
    }

    /// An endpoint takes the place of one side of an answered call. Where another one has it, that one is a former
    /// session of the same client, or another client of the same user: the last one counts.
    pub(super) fn come_in(&mut self, key: CallKey, side: CallSide, member: Side) {
        self.give_up_transfer(key);
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        let (call_id, endpoint_id) = (call.call_id.clone(), member.endpoint_id.clone());
        let place = match (&mut call.phase, side) {
            (Phase::Answered { .. }, CallSide::Caller) => Some(&mut call.caller),
            (Phase::Answered { callee, .. }, CallSide::Callee) => Some(callee),
            (Phase::Ringing { .. }, _) => None,
        };
        let Some(endpoint_id) = endpoint_id else {
            return;
        };
        let Some(place) = place.filter(|place| place.raw_id == member.raw_id) else {
            return self.refuse(&endpoint_id, call_id, CallEndReason::NOT_ALLOWED);
        };
        match std::mem::replace(place, member).endpoint_id {
            Some(former) if former == endpoint_id => {}
            Some(former) => {
                let reason = CallEndReason::ANSWERED_ELSEWHERE;
                self.leave(key, &former, Some(CallNotice::Ended { call_id, reason }));
                if let Some(endpoint) = self.endpoints.get_mut(&endpoint_id) {
                    endpoint.calls.insert(key);
                }
            }
            None => self.take_part(key, &endpoint_id),
        }
        self.introduce(key);
    }

    /// Tells each side that is there of the other.
    pub(super) fn introduce(&mut self, key: CallKey) {
        let Some(call) = self.calls.get_mut(&key) else {
            return;
        };
        let Phase::Answered { callee, awaits } = &mut call.phase else {
            return;
        };
        if let (Some(_), Some(_), Some(deadline)) = (&call.caller.endpoint_id, &callee.endpoint_id, *awaits) {
            *awaits = None;
            self.awaited.remove(&(deadline, key));
        }
        let (call_id, caller, callee) = (call.call_id.clone(), call.caller.clone(), callee.clone());
        for (side, own, peer) in [
            (CallSide::Caller, &caller, &callee),
            (CallSide::Callee, &callee, &caller),
        ] {
            let Some(endpoint_id) = &own.endpoint_id else {
                continue;
            };
            let reachable = peer.endpoint_id.as_ref().is_some_and(|peer| {
                self.endpoints
                    .get(peer)
                    .is_some_and(|endpoint| endpoint.reachable)
            });
            if let Some(peer) = peer.as_peer() {
                let ticket = self.tickets.as_ref().map(|tickets| {
                    tickets.seal(&CallTicket {
                        call_id: call_id.clone(),
                        side,
                        caller: caller.as_member(),
                        callee: callee.as_member(),
                    })
                });
                let answered = CallNotice::Answered {
                    call_id: call_id.clone(),
                    peer,
                    polite: side == CallSide::Callee,
                    ticket,
                };
                self.notify(endpoint_id, answered);
            }
            if !reachable {
                let unreachable = CallNotice::PeerReachable {
                    call_id: call_id.clone(),
                    reachable,
                };
                self.notify(endpoint_id, unreachable);
            }
        }
    }

    pub(super) fn has_too_many_calls(&self, raw_id: &RawId) -> bool {
        self.identities
            .get(raw_id)
            .is_some_and(|identity| identity.live_calls >= MAX_LIVE_CALLS)
    }

    /// The endpoint is in the call from here on, and its identity has one more.
    fn take_part(&mut self, key: CallKey, endpoint_id: &EndpointId) {
        if let Some(endpoint) = self.endpoints.get_mut(endpoint_id) {
            endpoint.calls.insert(key);
            let raw_id = endpoint.raw_id.clone();
            self.identities.entry(raw_id).or_default().live_calls += 1;
        }
    }
}
