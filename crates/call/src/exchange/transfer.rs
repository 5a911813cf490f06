//! `transfer`: one side of an answered call has the other one call somebody else.
//!
//! The new call is the other side's from its first moment, made here, so that nobody can claim a transfer that was not
//! asked for. The call that is transferred goes on until the target answers.

use openline_protocol::{
    CallEndReason, CallId, EndpointId, Instant, RawId,
    realtime::{CallNotice, MediaState, Transferor},
};

use super::{
    Exchange,
    call::{CallKey, Phase, Role, Side},
    start::{Start, Verdict},
    ticket::CallSide,
};

/// The arguments of `transfer`.
pub(super) struct Transfer {
    pub(super) into: CallId,
    pub(super) target: RawId,
    pub(super) custom_context: Option<String>,
}

/// What a call that rings by a transfer comes from.
#[derive(Debug)]
pub(super) struct Origin {
    /// The call that is transferred.
    pub(super) key: CallKey,
    /// Who transfers it.
    by: CallSide,
    pub(super) transferor: Transferor,
}

impl Exchange {
    /// Called for an endpoint that is in the call.
    pub(super) fn on_transfer(
        &mut self,
        key: CallKey,
        role: Role,
        endpoint_id: &EndpointId,
        transfer: Transfer,
        now: Instant,
    ) {
        let into = transfer.into.clone();
        if let Err(reason) = self.hand_over(key, role, endpoint_id, transfer, now) {
            self.refuse(endpoint_id, into, reason);
        }
    }

    fn hand_over(
        &mut self,
        key: CallKey,
        role: Role,
        endpoint_id: &EndpointId,
        transfer: Transfer,
        now: Instant,
    ) -> Result<(), CallEndReason> {
        let Transfer {
            into,
            target,
            custom_context,
        } = transfer;
        let call = self.calls.get(&key).ok_or(CallEndReason::UNKNOWN_CALL)?;
        let Phase::Answered { callee, .. } = &call.phase else {
            return Err(CallEndReason::NOT_ALLOWED);
        };
        if call.transferred_to.is_some() {
            return Err(CallEndReason::SERVICE_UNAVAILABLE);
        }
        let (by, own, other) = match role {
            Role::Caller => (CallSide::Caller, &call.caller, callee),
            Role::Callee | Role::Ringing => (CallSide::Callee, callee, &call.caller),
        };
        let may_start = |endpoint_id| {
            self.endpoints
                .get(endpoint_id)
                .filter(|endpoint| endpoint.may_start)
        };
        if may_start(endpoint_id).is_none() || target == own.raw_id {
            return Err(CallEndReason::NOT_ALLOWED);
        }
        let other_id = other.endpoint_id.clone();
        let other_id = other_id.ok_or(CallEndReason::PEER_UNREACHABLE)?;
        let endpoint = may_start(&other_id).ok_or(CallEndReason::NOT_ALLOWED)?;
        let media = MediaState {
            muted: other.media.muted,
            held: other.media.held,
            ..MediaState::default()
        };
        let start = Start {
            call_id: into.clone(),
            callee: target.clone(),
            display_name: other.display_name.clone(),
            media,
            custom_context,
        };
        let origin = Origin {
            key,
            by,
            transferor: Transferor {
                raw_id: own.raw_id.clone(),
                display_name: own.display_name.clone(),
            },
        };
        let caller = Side {
            media,
            ..other.clone()
        };
        let merges = match self.judge(&other_id, endpoint, &start) {
            Verdict::Refused(reason) => return Err(reason),
            Verdict::Repeated | Verdict::Returns(_) => return Err(CallEndReason::NOT_ALLOWED),
            Verdict::Merges(theirs) => Some(theirs),
            Verdict::Rings => None,
        };
        let told = CallNotice::Transfer {
            call_id: call.call_id.clone(),
            into: into.clone(),
            target,
        };
        self.notify(&other_id, told);
        match merges {
            // The target calls already: it is answered with that.
            Some(theirs) => {
                self.merge(theirs, into, caller);
                self.end_call(key, CallEndReason::TRANSFERRED);
            }
            None => {
                let made = self.begin(&other_id, caller, start, Some(origin), now);
                if let Some(call) = self.calls.get_mut(&key) {
                    call.transferred_to = Some(made);
                }
            }
        }
        Ok(())
    }

    /// The target has answered: the call that was transferred is over.
    pub(super) fn complete_transfer(&mut self, origin: &Origin) {
        self.end_call(origin.key, CallEndReason::TRANSFERRED);
    }

    /// The call that was to take the place of another has ended: that one goes on, and whoever transferred it learns
    /// why.
    pub(super) fn fail_transfer(&mut self, origin: &Origin, into: &CallId, reason: CallEndReason) {
        // One that has ended meanwhile has nobody to be told.
        let Some(call) = self.calls.get_mut(&origin.key) else {
            return;
        };
        call.transferred_to = None;
        let own = match (&call.phase, origin.by) {
            (_, CallSide::Caller) => &call.caller,
            (Phase::Answered { callee, .. }, CallSide::Callee) => callee,
            (Phase::Ringing { .. }, CallSide::Callee) => return,
        };
        if let Some(endpoint_id) = own.endpoint_id.clone() {
            self.refuse(&endpoint_id, into.clone(), reason);
        }
    }

    /// A client comes to the call in a new session. What was under way in the former one is lost to it.
    pub(super) fn give_up_transfer(&mut self, key: CallKey) {
        if let Some(into) = self.calls.get(&key).and_then(|call| call.transferred_to) {
            self.end_call(into, CallEndReason::CANCELLED);
        }
    }
}
