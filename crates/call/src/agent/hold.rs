//! Hold: which calls rest, and what both sides see of it. One call is active at a time.

use openline_protocol::{CallId, realtime::CallCommand};

use super::{
    CallAgent, CallState, NotConnected, ParticipantState,
    call::{Call, Phase},
};

impl CallAgent {
    /// Puts a connected call on hold: neither side sends or hears anything in it, until every side that held it
    /// resumes it. Holding twice is holding.
    ///
    /// # Errors
    ///
    /// [`NotConnected`].
    pub fn hold(&mut self, call_id: &CallId) -> Result<(), NotConnected> {
        let call_id = self.resolve(call_id).clone();
        self.set_held(&call_id, true)
    }

    /// Takes a call off hold on this side. The call that was active is put on hold.
    ///
    /// # Errors
    ///
    /// [`NotConnected`].
    pub fn resume(&mut self, call_id: &CallId) -> Result<(), NotConnected> {
        let call_id = self.resolve(call_id).clone();
        self.set_held(&call_id, false)?;
        self.hold_others(&call_id);
        Ok(())
    }

    /// Leaves one call active. Others that are not connected yet rest once they are.
    pub(super) fn hold_others(&mut self, active: &CallId) {
        self.chosen = Some(active.clone());
        let others: Vec<CallId> = self
            .calls
            .keys()
            .filter(|other| *other != active)
            .cloned()
            .collect();
        for other in others {
            // One that is not connected has nothing to hold.
            self.set_held(&other, true).ok();
        }
    }

    /// A call is connected for the first time: it is active, or rests where another one was chosen since.
    pub(super) fn on_first_connected(&mut self, call_id: &CallId) {
        let rests = self.is_another_active(call_id);
        let Some(call) = self.calls.get_mut(call_id) else {
            return;
        };
        if !call.media.held {
            if rests {
                call.media.held = true;
                let media = call.media;
                self.send(CallCommand::Media {
                    call_id: call_id.clone(),
                    media,
                });
            } else {
                self.hold_others(call_id);
            }
        }
        self.show_connected(call_id);
    }

    /// Whether another call was chosen and is on its way, or connected and not on hold.
    fn is_another_active(&self, call_id: &CallId) -> bool {
        let chosen = self.chosen.as_ref().map(|chosen| self.resolve(chosen));
        chosen.filter(|chosen| *chosen != call_id).is_some_and(|chosen| {
            self.calls
                .get(chosen)
                .is_some_and(|call| !call.media.held && !matches!(call.phase, Phase::HangingUp { .. }))
        })
    }

    /// Shows whether the call is on hold, once it is connected.
    pub(super) fn show_hold(&mut self, call_id: &CallId) {
        if self.calls.get(call_id).is_some_and(Call::is_connected) {
            self.show_connected(call_id);
        }
    }

    fn show_connected(&mut self, call_id: &CallId) {
        if let Some(call) = self.calls.get_mut(call_id) {
            let changes = call.enter_connected(call_id);
            self.emit_all(changes);
        }
    }

    fn set_held(&mut self, call_id: &CallId, held: bool) -> Result<(), NotConnected> {
        let call = self.calls.get_mut(call_id).ok_or(NotConnected)?;
        if !call.is_connected() {
            return Err(NotConnected);
        }
        if call.media.held != held {
            call.media.held = held;
            let media = call.media;
            self.send(CallCommand::Media {
                call_id: call_id.clone(),
                media,
            });
            self.show_hold(call_id);
        }
        Ok(())
    }
}

impl Call {
    /// Whether media was up, on hold or not.
    pub(super) fn is_connected(&self) -> bool {
        let was_up = matches!(
            self.state,
            CallState::Connected | CallState::LocalHold | CallState::RemoteHold
        );
        was_up && matches!(self.phase, Phase::Answered(_))
    }

    /// Connected, or on hold.
    fn enter_connected(&mut self, call_id: &CallId) -> impl Iterator<Item = super::CallAgentEvent> + use<> {
        let (theirs, own) = (self.peer.media.held, self.media.held);
        let state = if own {
            CallState::LocalHold
        } else if theirs {
            CallState::RemoteHold
        } else {
            CallState::Connected
        };
        let participant = if theirs {
            ParticipantState::Hold
        } else {
            ParticipantState::Connected
        };
        self.enter(call_id, state, participant)
    }
}
