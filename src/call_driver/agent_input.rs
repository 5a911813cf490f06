//! What comes to the agent from outside: the connection's news, and what the page asks.

use std::rc::Rc;

use openline_call::agent::{AcceptCall, SessionChange, StartCall, StartCallError};
use openline_protocol::{
    CallEndReason, CallId, RawId,
    realtime::{CallNotice, Topic},
};
use wasm_bindgen::JsValue;

use super::{agent::AgentDriver, call_options::CallOptions, ringing_call::RingingCall};
use crate::{
    browser::{media_devices::granted, random},
    driver::{ConnectionError, ConnectionObserver, ConnectionState},
    js::error::services_error,
};

impl ConnectionObserver for AgentDriver {
    fn on_state(&self, state: ConnectionState) {
        if state != ConnectionState::Connected {
            self.set_registered(false, Some("connectionIssue"));
            self.input(|core, now| core.handle_session(SessionChange::Interrupted, now));
        }
    }

    fn on_session(&self, resumed: bool, level: u32) {
        self.session_began();
        self.input(|core, now| core.handle_session(SessionChange::Connected { resumed, level }, now));
        if resumed {
            // The topic goes on by itself.
            self.set_registered(true, None);
        }
    }

    fn on_session_lost(&self) {
        self.input(|core, now| core.handle_session(SessionChange::Lost, now));
    }

    fn on_subscribed(&self, topic: Topic, _expired: bool) {
        if topic == Topic::Calls {
            self.set_registered(true, None);
            self.resolve_ready(&Ok(()));
        }
    }

    fn on_notice(&self, notice: CallNotice) {
        match &notice {
            CallNotice::Answered { call_id, ticket, .. } => {
                self.tell_leaving("ticket", call_id.as_str(), ticket.as_deref());
            }
            CallNotice::Ended { call_id, .. } => self.tell_leaving("ticket", call_id.as_str(), None),
            CallNotice::Incoming { .. }
            | CallNotice::Ringing { .. }
            | CallNotice::Merged { .. }
            | CallNotice::Signal { .. }
            | CallNotice::Media { .. }
            | CallNotice::PeerReachable { .. }
            | CallNotice::Transfer { .. } => {}
        }
        self.input(|core, now| core.handle_notice(notice, now));
    }

    fn on_failed(&self, error: &ConnectionError) {
        let (word, reason) = if error.is_about_token() {
            ("invalidToken", CallEndReason::TOKEN_REFUSED)
        } else {
            ("connectionIssue", CallEndReason::NETWORK_LOST)
        };
        self.tell_registered(false, Some(word));
        self.input(|core, now| core.handle_session(SessionChange::Closed { reason }, now));
        if !self.is_registering() {
            self.warn(&error.to_string());
        }
        self.resolve_ready(&Err(error.clone()));
    }
}

impl AgentDriver {
    /// Rings somebody. The microphone and the camera are opened while it rings.
    ///
    /// # Errors
    /// There are too many calls, or the constraints are none.
    pub(crate) fn start_call(&self, callee: RawId, options: CallOptions) -> Result<JsValue, JsValue> {
        let media = self.new_media(options.muted);
        media.limit(options.constraints.as_ref())?;
        media.give(options.sound);
        let call_id = CallId::new(random::uuid());
        let start = StartCall {
            call_id: call_id.clone(),
            callee,
            display_name: self.display_name(),
            media: media.state(),
            custom_context: options.custom_context,
        };
        self.upcoming.replace(Some(media));
        let started = self.input(|core, now| core.start_call(start, now));
        self.upcoming.replace(None);
        started.map_err(|error| start_error(&error))?;
        let call = self
            .call(&call_id)
            .ok_or_else(|| services_error("The call ended at once. Try again.", 500, 0))?;
        call.item.open_devices(options.video, false);
        Ok(call.object)
    }

    /// Answers what rings, and gives the object of the call.
    ///
    /// # Errors
    /// It does not ring any more, or is being accepted already.
    pub(crate) async fn accept(
        &self,
        ringing: &Rc<RingingCall>,
        options: CallOptions,
    ) -> Result<JsValue, JsValue> {
        if !ringing.begin_answer() {
            return Err(not_ringing("IncomingCall.accept", 41006));
        }
        let answered = self.answer(ringing, options).await;
        if answered.is_err() {
            ringing.give_up_answer();
        }
        answered
    }

    /// Declines what rings.
    ///
    /// # Errors
    /// It does not ring any more.
    pub(crate) fn reject(&self, ringing: &RingingCall) -> Result<(), JsValue> {
        let rejected = self.input(|core, now| core.reject(ringing.id(), now));
        rejected.map_err(|_not_ringing| not_ringing("IncomingCall.reject", 41007))
    }

    async fn answer(&self, ringing: &Rc<RingingCall>, options: CallOptions) -> Result<JsValue, JsValue> {
        let operation = "IncomingCall.accept";
        let media = ringing.media().ok_or_else(|| not_ringing(operation, 41006))?;
        media.set_muted(options.muted);
        media.limit(options.constraints.as_ref())?;
        media.give(options.sound);
        // Where the browser would ask first, it asks before the call is answered, so that nobody answers unheard. Else the
        // answer does not wait for the microphone to open.
        let asks = !granted("microphone").await;
        if asks {
            media.start_microphone().await;
        }
        let accept = AcceptCall {
            display_name: self.display_name(),
            media: media.state(),
        };
        self.upcoming.replace(Some(media));
        let accepted = self.input(|core, now| core.accept(ringing.id(), accept, now));
        self.upcoming.replace(None);
        accepted.map_err(|_not_ringing| not_ringing(operation, 41006))?;
        let call = self
            .call(ringing.id())
            .ok_or_else(|| not_ringing(operation, 41006))?;
        call.item.set_transferor(ringing.transferor());
        call.item.open_devices(options.video, asks);
        Ok(call.object)
    }
}

fn start_error(error: &StartCallError) -> JsValue {
    match error {
        StartCallError::TooManyCalls => services_error(
            "CallAgent.startCall: too many calls at once. Hang one up first.",
            503,
            0,
        ),
        StartCallError::CallIdInUse | _ => services_error(
            "CallAgent.startCall: the call could not be made. Try again.",
            500,
            0,
        ),
    }
}

fn not_ringing(operation: &str, sub_code: u32) -> JsValue {
    services_error(
        &format!("{operation}: this call is being accepted, or does not ring any more."),
        400,
        sub_code,
    )
}
