//! How calls end, and what that sets free.

use openline_protocol::{CallEndReason, CallId, RawId, realtime::CallCommand};

use super::{CallAgent, CallAgentEvent, CallState, MediaOutput, ParticipantState, call::Phase};

impl CallAgent {
    /// Ends a call on this side: its reason, its states, its removal, in this order.
    pub(super) fn end_call(&mut self, call_id: &CallId, reason: CallEndReason) {
        let Some(mut call) = self.calls.remove(call_id) else {
            return;
        };
        self.former_ids.retain(|_, present| present != call_id);
        if matches!(call.phase, Phase::Answered(_)) {
            self.media(call_id.clone(), MediaOutput::Close);
        }
        self.emit(CallAgentEvent::CallEnded {
            call_id: call_id.clone(),
            reason,
        });
        self.emit_all(call.enter(call_id, CallState::Disconnected, ParticipantState::Disconnected));
        self.emit(CallAgentEvent::CallRemoved {
            call_id: call_id.clone(),
        });
        self.go_back(&call);
        self.announce_held(&call.peer.raw_id);
    }

    /// Ends a call that cannot go on, and tells the other side `theirs`.
    pub(super) fn fail_call(&mut self, call_id: &CallId, ours: CallEndReason, theirs: CallEndReason) {
        if self.calls.contains_key(call_id) {
            self.send(CallCommand::Fail {
                call_id: call_id.clone(),
                reason: theirs,
            });
            self.end_call(call_id, ours);
        }
    }

    /// A command about the call does not fit a frame: the call ends, and the session does not suffer.
    pub fn handle_oversized(&mut self, call_id: &CallId) {
        let call_id = self.resolve(call_id).clone();
        let reason = match self.calls.get(&call_id).map(|call| &call.phase) {
            Some(Phase::Starting(_)) => CallEndReason::CALLEE_MALFORMED,
            Some(Phase::Ringing | Phase::Accepting(_) | Phase::Answered(_) | Phase::HangingUp { .. })
            | None => CallEndReason::MEDIA_NEGOTIATION_FAILED,
        };
        self.fail_call(&call_id, reason, reason);
    }

    pub(super) fn end_incoming(&mut self, call_id: &CallId, reason: CallEndReason) {
        if self
            .incoming
            .remove(call_id)
            .is_some_and(|incoming| incoming.announced)
        {
            self.emit(CallAgentEvent::IncomingEnded {
                call_id: call_id.clone(),
                reason,
            });
        }
    }

    pub(super) fn end_all_incoming(&mut self, reason: CallEndReason) {
        let call_ids: Vec<CallId> = self.incoming.keys().cloned().collect();
        for call_id in call_ids {
            self.end_incoming(&call_id, reason);
        }
    }

    /// Whether this client calls `raw_id` and has no answer.
    pub(super) fn is_calling(&self, raw_id: &RawId) -> bool {
        self.calls
            .values()
            .any(|call| call.may_be_merged() && call.peer.raw_id == *raw_id)
    }

    /// Raises the calls of `raw_id` that were held back, if nothing holds them any more.
    pub(super) fn announce_held(&mut self, raw_id: &RawId) {
        if self.is_calling(raw_id) {
            return;
        }
        let mut events = Vec::new();
        for (call_id, incoming) in self.incoming.iter_mut() {
            if !incoming.announced && incoming.caller.raw_id == *raw_id {
                incoming.announced = true;
                events.push(CallAgentEvent::IncomingCall {
                    call_id: call_id.clone(),
                    caller: incoming.caller.clone(),
                    ring_timeout: incoming.ring_timeout,
                    custom_context: incoming.custom_context.take(),
                    transferor: incoming.transferor.take(),
                });
            }
        }
        self.emit_all(events);
    }
}
