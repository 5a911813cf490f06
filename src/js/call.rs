//! `Call`: a call of this client's.

use std::rc::Rc;

use js_sys::Promise;
use openline_call::agent::{CallDirection, CallState};
use openline_protocol::RawId;
use wasm_bindgen::prelude::*;

use super::{
    end_reason,
    error::services_error,
    features::{CallHost, FeaturesMade},
    identifiers::raw_id_to_js,
    object::Plain,
    promise::promise,
};
use crate::call_driver::active_call::{ActiveCall, SentVideo};

/// A call.
#[wasm_bindgen(skip_typescript)]
pub struct Call {
    call: Rc<ActiveCall>,
    features: FeaturesMade,
}

impl Call {
    pub(crate) fn of(call: Rc<ActiveCall>) -> Self {
        Self {
            call,
            features: FeaturesMade::default(),
        }
    }

    fn ask(&self, what: &str, argument: &JsValue) -> Promise {
        match self.call.media.quality().ask(what, argument) {
            Ok(done) => Promise::resolve(&done),
            Err(error) => Promise::reject(&error),
        }
    }
}

#[wasm_bindgen]
impl Call {
    /// `Call`.
    #[wasm_bindgen(getter)]
    pub fn kind(&self) -> String {
        "Call".to_owned()
    }

    /// The call's id; may change while it is set up.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.call.id().into_string()
    }

    /// Where the call stands.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        match self.call.state() {
            CallState::None => "None",
            CallState::Connecting => "Connecting",
            CallState::Ringing => "Ringing",
            CallState::Connected => "Connected",
            CallState::LocalHold => "LocalHold",
            CallState::RemoteHold => "RemoteHold",
            CallState::Disconnecting => "Disconnecting",
            CallState::Disconnected => "Disconnected",
        }
        .to_owned()
    }

    /// `Incoming` or `Outgoing`.
    #[wasm_bindgen(getter)]
    pub fn direction(&self) -> String {
        match self.call.direction() {
            CallDirection::Incoming => "Incoming",
            CallDirection::Outgoing => "Outgoing",
        }
        .to_owned()
    }

    /// Who called; nobody for an own call.
    #[wasm_bindgen(getter, js_name = callerInfo)]
    pub fn caller_info(&self) -> JsValue {
        match self.call.direction() {
            CallDirection::Outgoing => Plain::new().build(),
            CallDirection::Incoming => {
                let caller = self.call.participant();
                person(caller.raw_id(), caller.display_name())
            }
        }
    }

    /// Who handed the caller over.
    #[wasm_bindgen(getter, js_name = transferorInfo)]
    pub fn transferor_info(&self) -> JsValue {
        self.call.transferor()
    }

    /// The call's ids.
    #[wasm_bindgen(getter)]
    pub fn info(&self) -> JsValue {
        self.call.info()
    }

    /// Why the call ended.
    #[wasm_bindgen(getter, js_name = callEndReason)]
    pub fn call_end_reason(&self) -> JsValue {
        end_reason::to_js_or_undefined(self.call.end_reason())
    }

    /// Whether the microphone is muted.
    #[wasm_bindgen(getter, js_name = isMuted)]
    pub fn is_muted(&self) -> bool {
        self.call.muted()
    }

    /// Whether playback is silenced.
    #[wasm_bindgen(getter, js_name = isIncomingAudioMuted)]
    pub fn is_incoming_audio_muted(&self) -> bool {
        self.call.incoming_muted()
    }

    /// Whether a screen is sent.
    #[wasm_bindgen(getter, js_name = isScreenSharingOn)]
    pub fn is_screen_sharing_on(&self) -> bool {
        self.call.sends(SentVideo::Screen)
    }

    /// Whether a camera is sent.
    #[wasm_bindgen(getter, js_name = isLocalVideoStarted)]
    pub fn is_local_video_started(&self) -> bool {
        self.call.sends(SentVideo::Camera)
    }

    /// The streams that are sent, as they were handed in.
    #[wasm_bindgen(getter, js_name = localVideoStreams)]
    pub fn local_video_streams(&self) -> JsValue {
        self.call.sent_objects()
    }

    /// The other side's sounds, while they are heard. The call plays them by itself.
    #[wasm_bindgen(getter, js_name = remoteAudioStreams)]
    pub fn remote_audio_streams(&self) -> JsValue {
        self.call.heard_objects()
    }

    /// The other side.
    #[wasm_bindgen(getter, js_name = remoteParticipants)]
    pub fn remote_participants(&self) -> JsValue {
        self.call.participant_objects()
    }

    /// Always `Unknown`: there are no roles in a call between two.
    #[wasm_bindgen(getter)]
    pub fn role(&self) -> String {
        "Unknown".to_owned()
    }

    /// Leaves, or cancels while it rings. Resolves when the call is over.
    #[wasm_bindgen(js_name = hangUp)]
    pub fn hang_up(&self, _options: &JsValue) -> Promise {
        promise(Rc::clone(&self.call).hang_up())
    }

    /// Puts the call on hold: neither side sends or hears anything.
    pub fn hold(&self) -> Promise {
        let call = Rc::clone(&self.call);
        promise(async move { call.set_held(true) })
    }

    /// Takes it off hold; another call that is active is put on hold.
    pub fn resume(&self) -> Promise {
        let call = Rc::clone(&self.call);
        promise(async move { call.set_held(false) })
    }

    /// Mutes the microphone.
    pub fn mute(&self) -> Promise {
        promise(Rc::clone(&self.call).set_muted(true))
    }

    /// Unmutes the microphone.
    pub fn unmute(&self) -> Promise {
        promise(Rc::clone(&self.call).set_muted(false))
    }

    /// Silences playback here.
    #[wasm_bindgen(js_name = muteIncomingAudio)]
    pub fn mute_incoming_audio(&self) -> Promise {
        self.call.set_incoming_muted(true);
        Promise::resolve(&JsValue::UNDEFINED)
    }

    /// Undoes that.
    #[wasm_bindgen(js_name = unmuteIncomingAudio)]
    pub fn unmute_incoming_audio(&self) -> Promise {
        self.call.set_incoming_muted(false);
        Promise::resolve(&JsValue::UNDEFINED)
    }

    /// Sends a camera.
    #[wasm_bindgen(js_name = startVideo)]
    pub fn start_video(&self, local_video_stream: JsValue) -> Promise {
        promise(Rc::clone(&self.call).start_video(local_video_stream))
    }

    /// Stops sending it; the camera is turned off unless it is shown somewhere.
    #[wasm_bindgen(js_name = stopVideo)]
    pub fn stop_video(&self, local_video_stream: JsValue) -> Promise {
        let call = Rc::clone(&self.call);
        promise(async move { call.stop_video(&local_video_stream).map(|()| JsValue::UNDEFINED) })
    }

    /// Sends one tone of a keypad.
    #[wasm_bindgen(js_name = sendDtmf)]
    pub fn send_dtmf(&self, tone: &JsValue) -> Promise {
        let connected = self.call.state() == CallState::Connected;
        self.ask(if connected { "dtmf" } else { "unconnected" }, tone)
    }

    /// Limits what is sent of pictures.
    #[wasm_bindgen(js_name = setConstraints)]
    pub fn set_constraints(&self, constraints: &JsValue) -> Promise {
        self.ask("constrain", constraints)
    }

    /// A feature of the call, always the same object.
    ///
    /// # Errors
    /// There is no such feature of calls.
    pub fn feature(&self, factory: &JsValue) -> Result<JsValue, JsValue> {
        let host = CallHost {
            call: Rc::clone(&self.call),
        };
        self.features.get("Call", factory, host.into())
    }

    /// Hangs up without waiting.
    pub fn dispose(&self) {
        self.call.request_hang_up();
    }

    /// Registers a listener.
    ///
    /// # Errors
    /// The listener is no function.
    pub fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        self.call.events().on(event, listener)
    }

    /// Removes a listener.
    pub fn off(&self, event: &str, listener: &JsValue) {
        self.call.events().off(event, listener);
    }
}

/// A person as a plain object.
pub(crate) fn person(raw_id: &RawId, display_name: Option<String>) -> JsValue {
    Plain::new()
        .with("identifier", raw_id_to_js(raw_id))
        .with("displayName", display_name)
        .build()
}

/// The error for what belongs to larger calls.
#[must_use]
pub(crate) fn between_two(operation: &str) -> JsValue {
    services_error(&format!("{operation}: calls have two people so far."), 405, 0)
}
