//! What the peer connections tell, and what the negotiation wants of them.

use openline_protocol::{CallEndReason, CallId, Instant, realtime::CallCommand};

use super::{
    CallAgent, CallAgentEvent, MediaInput, MediaOutput, PeerConnectionState,
    call::{Answered, Phase},
    media_path::PathChange,
};
use crate::negotiation::{NegotiationError, NegotiationOutput};

impl CallAgent {
    /// The peer connection of a call tells something. Whatever a call that is over still tells is ignored.
    pub fn handle_media(&mut self, call_id: &CallId, input: MediaInput, now: Instant) {
        let call_id = self.resolve(call_id).clone();
        match input {
            MediaInput::ConnectionState(state) => self.on_connection_state(&call_id, state, now),
            MediaInput::NegotiationNeeded => self.negotiate(&call_id, |answered| {
                answered.negotiator.handle_negotiation_needed();
                Ok(())
            }),
            MediaInput::LocalDescription(description) => self.negotiate(&call_id, |answered| {
                answered.negotiator.handle_local_description(description)
            }),
            MediaInput::RemoteDescriptionApplied => {
                self.negotiate(&call_id, |answered| {
                    answered.path.on_described(now);
                    answered.negotiator.handle_remote_description_applied()
                });
            }
            MediaInput::LocalCandidate(candidate) => {
                self.negotiate(&call_id, |answered| {
                    answered.negotiator.handle_local_candidate(candidate)
                });
            }
            MediaInput::OperationFailed => {
                if self.answered_mut(&call_id).is_some() {
                    self.fail_negotiation(&call_id);
                }
            }
        }
    }

    /// Lets `input` into the negotiation of an answered call, and passes on what comes out.
    pub(super) fn negotiate(
        &mut self,
        call_id: &CallId,
        input: impl FnOnce(&mut Answered) -> Result<(), NegotiationError>,
    ) {
        let Some(answered) = self.answered_mut(call_id) else {
            return;
        };
        let result = input(answered);
        let mut outputs = Vec::new();
        while let Some(output) = answered.negotiator.poll_output() {
            outputs.push(output);
        }
        if result.is_err() {
            self.fail_negotiation(call_id);
            return;
        }
        for output in outputs {
            let output = match output {
                NegotiationOutput::Send(signal) => {
                    self.send(CallCommand::Signal {
                        call_id: call_id.clone(),
                        signal,
                    });
                    continue;
                }
                NegotiationOutput::SetLocalDescription => MediaOutput::SetLocalDescription,
                NegotiationOutput::SetRemoteDescription(description) => {
                    MediaOutput::SetRemoteDescription(description)
                }
                NegotiationOutput::AddIceCandidate(candidate) => MediaOutput::AddIceCandidate(candidate),
                NegotiationOutput::RestartIce => MediaOutput::RestartIce,
            };
            self.media(call_id.clone(), output);
        }
    }

    pub(super) fn answered_mut(&mut self, call_id: &CallId) -> Option<&mut Answered> {
        match &mut self.calls.get_mut(call_id)?.phase {
            Phase::Answered(answered) => Some(answered),
            Phase::Starting(_) | Phase::Ringing | Phase::Accepting(_) | Phase::HangingUp { .. } => None,
        }
    }

    fn fail_negotiation(&mut self, call_id: &CallId) {
        let reason = CallEndReason::MEDIA_NEGOTIATION_FAILED;
        self.fail_call(call_id, reason, reason);
    }

    fn on_connection_state(&mut self, call_id: &CallId, state: PeerConnectionState, now: Instant) {
        let Some(answered) = self.answered_mut(call_id) else {
            return;
        };
        let flowing = match answered.path.handle_state(state, now) {
            PathChange::None => return,
            PathChange::Gone(reason) => return self.fail_call(call_id, reason, reason),
            PathChange::Up { first: true } => {
                self.send(CallCommand::Connected {
                    call_id: call_id.clone(),
                });
                return self.on_first_connected(call_id);
            }
            PathChange::Up { first: false } => {
                self.send(CallCommand::Connected {
                    call_id: call_id.clone(),
                });
                true
            }
            PathChange::Down => false,
        };
        self.negotiate(call_id, |answered| {
            answered.negotiator.set_path_lost(!flowing);
            Ok(())
        });
        self.emit(CallAgentEvent::MediaFlowing {
            call_id: call_id.clone(),
            flowing,
        });
    }
}
