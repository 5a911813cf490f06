//! `RemoteParticipant`: the other side of a call.

use std::rc::Rc;

use openline_call::agent::ParticipantState;
use wasm_bindgen::prelude::*;

use super::{
    end_reason,
    identifiers::raw_id_to_js,
    object::{Plain, array},
};
use crate::call_driver::participant::Participant;

/// The other side of a call.
#[wasm_bindgen(skip_typescript)]
pub struct RemoteParticipant {
    participant: Rc<Participant>,
}

impl RemoteParticipant {
    pub(crate) const fn of(participant: Rc<Participant>) -> Self {
        Self { participant }
    }
}

#[wasm_bindgen]
impl RemoteParticipant {
    /// Who it is.
    #[wasm_bindgen(getter)]
    pub fn identifier(&self) -> JsValue {
        raw_id_to_js(self.participant.raw_id())
    }

    /// The name it chose.
    #[wasm_bindgen(getter, js_name = displayName)]
    pub fn display_name(&self) -> Option<String> {
        self.participant.display_name()
    }

    /// Its state.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        match self.participant.state() {
            ParticipantState::Idle => "Idle",
            ParticipantState::Connecting => "Connecting",
            ParticipantState::Ringing => "Ringing",
            ParticipantState::Connected => "Connected",
            ParticipantState::Hold => "Hold",
            ParticipantState::Disconnected => "Disconnected",
        }
        .to_owned()
    }

    /// Why it left.
    #[wasm_bindgen(getter, js_name = callEndReason)]
    pub fn call_end_reason(&self) -> JsValue {
        end_reason::to_js_or_undefined(self.participant.end_reason())
    }

    /// Its clients in the call.
    #[wasm_bindgen(getter, js_name = endpointDetails)]
    pub fn endpoint_details(&self) -> JsValue {
        let endpoint = self.participant.endpoint_id();
        array(endpoint.map(|id| Plain::new().with("participantId", id.into_string()).build()))
    }

    /// Its camera and its screen, whether on or off.
    #[wasm_bindgen(getter, js_name = videoStreams)]
    pub fn video_streams(&self) -> JsValue {
        self.participant.video_streams()
    }

    /// Whether its microphone is muted.
    #[wasm_bindgen(getter, js_name = isMuted)]
    pub fn is_muted(&self) -> bool {
        self.participant.muted()
    }

    /// Whether it is heard.
    #[wasm_bindgen(getter, js_name = isSpeaking)]
    pub fn is_speaking(&self) -> bool {
        self.participant.speaking()
    }

    /// Always `Unknown`: there are no roles in a call between two.
    #[wasm_bindgen(getter)]
    pub fn role(&self) -> String {
        "Unknown".to_owned()
    }

    /// Registers a listener.
    ///
    /// # Errors
    /// The listener is no function.
    pub fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        self.participant.events().on(event, listener)
    }

    /// Removes a listener.
    pub fn off(&self, event: &str, listener: &JsValue) {
        self.participant.events().off(event, listener);
    }
}
