//! A call is handed over: asked for here, or by the other side.
//!
//! A transfer lives in the session in which it was asked for. It ends with the call itself (0/7015 where the target
//! answered), with the server's word on the call that was to take its place, or with the session.

use openline_protocol::{
    CallEndReason, CallId, Instant, RawId,
    realtime::{CallCommand, LEVEL_TRANSFER, MediaState},
};

use super::{
    CallAgent, CallAgentEvent, CallAgentOutput, NotConnected, StartCall,
    call::{Call, Phase},
};
use crate::limits::MAX_LIVE_CALLS;

/// A call to hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferCall {
    /// A new GUID, lower case: the id of the call between the other side and the target.
    pub into: CallId,
    /// Whom the other side is to call.
    pub target: RawId,
    /// For the target's application.
    pub custom_context: Option<String>,
}

impl CallAgent {
    /// Has the other side of a connected call ring somebody else. If that one answers the call ends with 0/7015; else
    /// [`CallAgentEvent::TransferFailed`] says why, and the call goes on.
    ///
    /// # Errors
    ///
    /// [`NotConnected`], also while the call is being transferred already, and where the server knows no transfers.
    pub fn transfer(&mut self, call_id: &CallId, transfer: TransferCall) -> Result<(), NotConnected> {
        let call_id = self.resolve(call_id).clone();
        let call = self.calls.get_mut(&call_id).ok_or(NotConnected)?;
        let connected = call.is_connected() && self.level >= LEVEL_TRANSFER && !self.link.is_silent();
        let TransferCall {
            into,
            target,
            custom_context,
        } = transfer;
        match &mut call.phase {
            Phase::Answered(answered) if connected && answered.transferred_to.is_none() => {
                answered.transferred_to = Some(into.clone());
            }
            Phase::Starting(_)
            | Phase::Ringing
            | Phase::Accepting(_)
            | Phase::Answered(_)
            | Phase::HangingUp { .. } => return Err(NotConnected),
        }
        self.send(CallCommand::Transfer {
            call_id,
            into,
            target,
            custom_context,
        });
        Ok(())
    }

    /// The server has this client call `target` in place of the other side of a call.
    pub(super) fn on_transfer(&mut self, call_id: &CallId, into: CallId, target: RawId, now: Instant) {
        let call_id = self.resolve(call_id).clone();
        let origin = self
            .calls
            .get(&call_id)
            .filter(|call| matches!(call.phase, Phase::Answered(_)));
        let Some(origin) = origin.filter(|_| self.calls.len() < MAX_LIVE_CALLS && !self.is_known(&into))
        else {
            // Hung up meanwhile, or too many: nobody is to be rung for it.
            return self.send(CallCommand::HangUp { call_id: into });
        };
        // Who has the call on hold does something else, and goes on with it.
        let held = origin.media.held;
        let mut call = Call::outgoing(
            StartCall {
                call_id: into.clone(),
                callee: target,
                display_name: origin.display_name.clone(),
                media: MediaState {
                    muted: origin.media.muted,
                    held,
                    ..MediaState::default()
                },
                custom_context: None,
            },
            now,
        );
        call.origin = Some(call_id.clone());
        self.add(into.clone(), call);
        if !held {
            self.hold_others(&into);
        }
        self.emit(CallAgentEvent::TransferAccepted { call_id, into });
    }

    /// Goes back to the call in whose place another was, unless it is over, which is the usual case, or rested before.
    pub(super) fn go_back(&mut self, call: &Call) {
        if let Some(origin) = &call.origin
            && !call.media.held
        {
            self.resume(origin).ok();
        }
    }

    /// Transfers fail: the one to `into`, or all of them.
    pub(super) fn fail_transfers(&mut self, into: Option<&CallId>, reason: CallEndReason) {
        for (call_id, call) in self.calls.iter_mut() {
            if let Phase::Answered(answered) = &mut call.phase
                && answered.transferred_to.is_some()
                && (into.is_none() || answered.transferred_to.as_ref() == into)
            {
                answered.transferred_to = None;
                self.outputs
                    .push_back(CallAgentOutput::Event(CallAgentEvent::TransferFailed {
                        call_id: call_id.clone(),
                        reason,
                    }));
            }
        }
    }
}
