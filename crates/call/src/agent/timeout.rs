//! What time brings: set-up that takes too long, media that does not come, a hang-up nobody confirms.

use openline_protocol::{CallEndReason, CallId, Instant, realtime::CallCommand};

use super::{CallAgent, MediaOutput, call::Phase, media_path::PathAction, session::Link};

impl CallAgent {
    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Link::Interrupted {
            gives_up: Some(gives_up),
        } = self.link
            && gives_up <= now
        {
            self.link = Link::Interrupted { gives_up: None };
            self.give_up_interrupted();
        }
        let call_ids: Vec<CallId> = self.calls.keys().cloned().collect();
        for call_id in call_ids {
            self.on_call_timeout(&call_id, now);
        }
    }

    /// When [`CallAgent::handle_timeout`] is to be called, unless something else happens before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let link = match self.link {
            Link::Interrupted { gives_up } => gives_up,
            Link::NotConnected | Link::Connected | Link::Closed { .. } => None,
        };
        let calls = self.calls.values().filter_map(|call| match &call.phase {
            Phase::Starting { deadline }
            | Phase::Accepting { deadline }
            | Phase::HangingUp { deadline, .. } => Some(*deadline),
            Phase::Ringing => None,
            Phase::Answered(answered) => answered.path.poll_timeout(),
        });
        calls.chain(link).min()
    }

    /// The server has given this client up, or will when it hears of it: should the session go on after all, what is
    /// sent here says so. A call the server never said a word about may still be started.
    fn give_up_interrupted(&mut self) {
        self.end_all_incoming(CallEndReason::NETWORK_LOST);
        let calls = self
            .calls
            .iter()
            .filter(|(_, call)| !matches!(call.phase, Phase::Starting { .. }));
        let call_ids: Vec<CallId> = calls.map(|(call_id, _)| call_id.clone()).collect();
        for call_id in call_ids {
            self.fail_call(
                &call_id,
                CallEndReason::NETWORK_LOST,
                CallEndReason::PEER_UNREACHABLE,
            );
        }
    }

    fn on_call_timeout(&mut self, call_id: &CallId, now: Instant) {
        let connected = self.link.is_connected();
        let Some(call) = self.calls.get_mut(call_id) else {
            return;
        };
        match &mut call.phase {
            Phase::Starting { deadline } | Phase::Accepting { deadline } => {
                if *deadline <= now {
                    self.send(CallCommand::HangUp {
                        call_id: call_id.clone(),
                    });
                    let reason = if connected {
                        CallEndReason::SETUP_TIMED_OUT
                    } else {
                        CallEndReason::NETWORK_LOST
                    };
                    self.end_call(call_id, reason);
                }
            }
            Phase::HangingUp { deadline, reason, .. } => {
                if *deadline <= now {
                    let reason = *reason;
                    self.end_call(call_id, reason);
                }
            }
            Phase::Ringing => {}
            Phase::Answered(answered) => match answered.path.handle_timeout(now) {
                Some(PathAction::RestartIce) => self.media(call_id.clone(), MediaOutput::RestartIce),
                Some(PathAction::GiveUp(reason)) => self.fail_call(call_id, reason, reason),
                None => {}
            },
        }
    }
}
