//! What time brings: set-up that takes too long, media that does not come, a hang-up nobody confirms.

use openline_protocol::{CallEndReason, CallId, Instant, realtime::CallCommand};

use super::{
    CallAgent,
    call::{Call, Phase},
    media_path::PathAction,
};

impl CallAgent {
    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.give_up_interrupted(now);
        self.retry_farewells(now);
        let call_ids: Vec<CallId> = self.calls.keys().cloned().collect();
        for call_id in call_ids {
            self.on_call_timeout(&call_id, now);
        }
    }

    /// When [`CallAgent::handle_timeout`] is to be called, unless something else happens before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let calls = self.calls.values().flat_map(|call| {
            let own = match &call.phase {
                Phase::Starting(set_up) | Phase::Accepting(set_up) => {
                    [Some(set_up.deadline), set_up.retry_at]
                }
                Phase::HangingUp { deadline, .. } => [Some(*deadline), None],
                Phase::Ringing => [None, None],
                Phase::Answered(answered) => [answered.path.poll_timeout(), answered.rejoins_until],
            };
            own.into_iter().flatten().chain(self.gives_up_at(call))
        });
        let others = [self.incoming_gives_up_at(), self.next_farewell()];
        calls.chain(others.into_iter().flatten()).min()
    }

    /// The server has given this client up, or will when it hears of it, and no media shows the opposite: should the session go on after all, what is
    /// sent here says so. A call the server never said a word about may still be started.
    fn give_up_interrupted(&mut self, now: Instant) {
        self.end_unconfirmed_incoming(now);
        let is_over = |call: &Call| self.gives_up_at(call).is_some_and(|at| at <= now);
        let over = self.calls.iter().filter(|(_, call)| is_over(call));
        let call_ids: Vec<CallId> = over.map(|(call_id, _)| call_id.clone()).collect();
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
            Phase::Starting(set_up) | Phase::Accepting(set_up) => {
                if set_up.deadline <= now {
                    let reason = if connected && set_up.returns_until.is_none() {
                        CallEndReason::SETUP_TIMED_OUT
                    } else {
                        CallEndReason::NETWORK_LOST
                    };
                    self.send(CallCommand::HangUp {
                        call_id: call_id.clone(),
                    });
                    self.end_call(call_id, reason);
                } else if set_up.retry_at.take_if(|at| *at <= now).is_some() {
                    let command = match &call.phase {
                        Phase::Accepting(_) => call.accept_command(call_id),
                        Phase::Starting(_)
                        | Phase::Ringing
                        | Phase::Answered(_)
                        | Phase::HangingUp { .. } => call.start_command(call_id),
                    };
                    self.send(command);
                }
            }
            Phase::HangingUp { deadline, .. } => {
                if *deadline <= now {
                    self.end_unconfirmed(call_id, now);
                }
            }
            Phase::Ringing => {}
            Phase::Answered(answered) if answered.rejoins_until.is_some_and(|until| until <= now) => {
                self.fail_call(
                    call_id,
                    CallEndReason::NETWORK_LOST,
                    CallEndReason::PEER_UNREACHABLE,
                );
            }
            Phase::Answered(answered) => match answered.path.handle_timeout(now) {
                Some(PathAction::RestartIce) => self.negotiate(call_id, |answered| {
                    answered.negotiator.restart_ice();
                    Ok(())
                }),
                Some(PathAction::GiveUp(reason)) => self.fail_call(call_id, reason, reason),
                None => {}
            },
        }
    }
}
