//! How a call ends on the server: everybody in it is told, everything of it is released.

use openline_protocol::{CallEndReason, RawId, realtime::CallNotice};

use super::{
    Exchange,
    call::{CallKey, Phase, Side, Told},
};

impl Exchange {
    /// Ends a call for all who are in it or whom it rings, with one reason.
    pub(super) fn end_call(&mut self, key: CallKey, reason: CallEndReason) {
        let Some(call) = self.forget(key) else {
            return;
        };
        let ended = CallNotice::Ended {
            call_id: call.call_id.clone(),
            reason,
        };
        self.dismiss(key, &call.caller, &ended);
        match call.phase {
            Phase::Ringing {
                callee,
                endpoints,
                deadline,
                origin,
                ..
            } => {
                self.deadlines.remove(&(deadline, key));
                self.stop_ringing(key, &call.caller.raw_id, &callee);
                for (endpoint_id, told) in endpoints {
                    self.leave(key, &endpoint_id, (told == Told::Yes).then(|| ended.clone()));
                }
                if let Some(origin) = origin {
                    self.fail_transfer(&origin, &call.call_id, reason);
                }
            }
            Phase::Answered { callee, awaits } => {
                if let Some(deadline) = awaits {
                    self.awaited.remove(&(deadline, key));
                }
                self.dismiss(key, &callee, &ended);
                self.recently_ended
                    .note(call.call_id, [call.caller.raw_id, callee.raw_id], reason);
            }
        }
    }

    fn dismiss(&mut self, key: CallKey, side: &Side, ended: &CallNotice) {
        if let Some(endpoint_id) = &side.endpoint_id {
            self.leave(key, endpoint_id, Some(ended.clone()));
            self.release_live_call(&side.raw_id);
        }
    }

    fn release_live_call(&mut self, raw_id: &RawId) {
        if let Some(identity) = self.identities.get_mut(raw_id) {
            identity.live_calls = identity.live_calls.saturating_sub(1);
        }
        self.release_identity(raw_id);
    }
}
