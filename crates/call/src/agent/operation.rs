//! What a user asks of calls.

use openline_protocol::{
    CallEndReason, CallId, Instant,
    realtime::{CallCommand, MediaState},
};

use super::{
    AcceptCall, CallAgent, CallAgentEvent, CallDirection, CallOver, CallState, MediaOutput, NotRinging,
    ParticipantState, StartCall, StartCallError,
    call::{Call, Phase, SetUp},
    session::Link,
};
use crate::limits::{HANG_UP_TIMEOUT, MAX_LIVE_CALLS};

impl CallAgent {
    /// Rings somebody. Works without a connection as well: the call then starts once there is one. After the session
    /// was closed for good the call ends at once, for the same reason.
    ///
    /// # Errors
    ///
    /// [`StartCallError`]; nothing was started.
    pub fn start_call(&mut self, start: StartCall, now: Instant) -> Result<(), StartCallError> {
        let call_id = start.call_id.clone();
        if self.is_known(&call_id) {
            return Err(StartCallError::CallIdInUse);
        }
        if self.calls.len() >= MAX_LIVE_CALLS {
            return Err(StartCallError::TooManyCalls);
        }
        let call = Call::outgoing(start, now);
        self.send(call.start_command(&call_id));
        self.add(call_id.clone(), call);
        self.hold_others(&call_id);
        if let Link::Closed { reason } = self.link {
            self.end_call(&call_id, reason);
        }
        Ok(())
    }

    /// Answers an incoming call: it ends as such and goes on as a call, which the server may still end, since a cancel
    /// or another device may have been quicker.
    ///
    /// # Errors
    ///
    /// [`NotRinging`]; nothing was sent.
    pub fn accept(&mut self, call_id: &CallId, accept: AcceptCall, now: Instant) -> Result<(), NotRinging> {
        let incoming = self.take_incoming(call_id)?;
        let confirmed = incoming.shown_until.is_none();
        let call = Call {
            direction: CallDirection::Incoming,
            peer: incoming.caller.into(),
            display_name: accept.display_name,
            custom_context: None,
            origin: None,
            media: accept.media,
            state: CallState::None,
            participant: ParticipantState::Idle,
            phase: Phase::Accepting(match incoming.shown_until {
                None => SetUp::new(now),
                // Said once it rings in this session.
                Some(deadline) => SetUp {
                    deadline,
                    ..SetUp::again(now)
                },
            }),
        };
        if confirmed {
            self.send(call.accept_command(call_id));
        }
        self.add(call_id.clone(), call);
        self.hold_others(call_id);
        self.emit(CallAgentEvent::IncomingEnded {
            call_id: call_id.clone(),
            reason: CallEndReason::HUNG_UP,
        });
        Ok(())
    }

    /// Declines an incoming call, on all devices of the user.
    ///
    /// # Errors
    ///
    /// [`NotRinging`]; nothing was sent.
    pub fn reject(&mut self, call_id: &CallId, now: Instant) -> Result<(), NotRinging> {
        self.take_incoming(call_id)?;
        self.remember(call_id, Vec::new(), now);
        self.send(CallCommand::Reject {
            call_id: call_id.clone(),
        });
        self.emit(CallAgentEvent::IncomingEnded {
            call_id: call_id.clone(),
            reason: CallEndReason::DECLINED,
        });
        Ok(())
    }

    /// Leaves a call, or cancels it. Media stops at once; the call is over when the server has confirmed, after
    /// [`HANG_UP_TIMEOUT`] at most, and at once without a connection. Hanging up twice is hanging up.
    ///
    /// # Errors
    ///
    /// [`CallOver`].
    pub fn hang_up(&mut self, call_id: &CallId, now: Instant) -> Result<(), CallOver> {
        let call_id = self.resolve(call_id).clone();
        let call = self.calls.get_mut(&call_id).ok_or(CallOver)?;
        let (reason, answered) = match &call.phase {
            Phase::HangingUp { .. } => return Ok(()),
            Phase::Starting(_) | Phase::Ringing => (CallEndReason::CANCELLED, false),
            Phase::Accepting(_) => (CallEndReason::HUNG_UP, false),
            Phase::Answered(_) => (CallEndReason::HUNG_UP, true),
        };
        let farewell = call.farewell(&call_id);
        call.phase = Phase::HangingUp {
            deadline: now + HANG_UP_TIMEOUT,
            reason,
            answered,
            farewell,
        };
        let participant = call.participant;
        let changes = call.enter(&call_id, CallState::Disconnecting, participant);
        self.send(CallCommand::HangUp {
            call_id: call_id.clone(),
        });
        if answered {
            self.media(call_id.clone(), MediaOutput::Close);
        }
        self.emit_all(changes);
        if !self.link.is_connected() {
            self.end_unconfirmed(&call_id, now);
        }
        Ok(())
    }

    /// Hangs up all calls without waiting for the server, and forgets those that ring: for an agent that is disposed
    /// of. Its session should leave with `bye` afterwards.
    pub fn dispose(&mut self, now: Instant) {
        let call_ids: Vec<CallId> = self.calls.keys().cloned().collect();
        for call_id in call_ids {
            if self.hang_up(&call_id, now).is_err() {
                continue;
            }
            let reason = match self.calls.get(&call_id).map(|call| &call.phase) {
                Some(Phase::HangingUp { reason, .. }) => *reason,
                Some(Phase::Starting(_) | Phase::Ringing | Phase::Accepting(_) | Phase::Answered(_))
                | None => continue,
            };
            self.end_call(&call_id, reason);
        }
        self.end_all_incoming(CallEndReason::HUNG_UP);
    }

    /// Tells what this side sends from now on: muted or not, video or not. The edge switches its tracks itself.
    ///
    /// # Errors
    ///
    /// [`CallOver`], also for a call that is being hung up.
    pub fn set_media(&mut self, call_id: &CallId, media: MediaState) -> Result<(), CallOver> {
        // Hold and diagnostics are not matters of what is sent.
        self.change_media(call_id, |known| MediaState {
            held: known.held,
            diagnostics: known.diagnostics,
            ..media
        })
    }

    /// Tells the other side what is diagnosed here; 0: nothing.
    ///
    /// # Errors
    ///
    /// [`CallOver`], also for a call that is being hung up.
    pub fn set_diagnostics(&mut self, call_id: &CallId, diagnostics: u64) -> Result<(), CallOver> {
        self.change_media(call_id, |known| MediaState { diagnostics, ..known })
    }

    fn change_media(
        &mut self,
        call_id: &CallId,
        change: impl FnOnce(MediaState) -> MediaState,
    ) -> Result<(), CallOver> {
        let call_id = self.resolve(call_id).clone();
        let call = self.calls.get_mut(&call_id).ok_or(CallOver)?;
        match &call.phase {
            Phase::HangingUp { .. } => return Err(CallOver),
            Phase::Starting(_) | Phase::Ringing | Phase::Accepting(_) | Phase::Answered(_) => {}
        }
        let media = change(call.media);
        if call.media != media {
            call.media = media;
            self.send(CallCommand::Media { call_id, media });
        }
        Ok(())
    }

    /// Whether the id names something here.
    pub(super) fn is_known(&self, call_id: &CallId) -> bool {
        self.calls.contains_key(call_id)
            || self.incoming.contains_key(call_id)
            || self.former_ids.contains_key(call_id)
    }

    /// Takes an incoming call the application knows of.
    fn take_incoming(&mut self, call_id: &CallId) -> Result<super::IncomingCall, NotRinging> {
        if !self
            .incoming
            .get(call_id)
            .is_some_and(|incoming| incoming.announced)
        {
            return Err(NotRinging);
        }
        self.incoming.remove(call_id).ok_or(NotRinging)
    }

    /// Adds a call, which begins to connect.
    pub(super) fn add(&mut self, call_id: CallId, mut call: Call) {
        self.emit(CallAgentEvent::CallAdded {
            call_id: call_id.clone(),
            direction: call.direction,
            peer: call.peer.clone(),
        });
        self.emit_all(call.enter(&call_id, CallState::Connecting, ParticipantState::Connecting));
        self.calls.insert(call_id, call);
    }
}
