//! Features by their token. The tokens are frozen objects that the npm package exports as `Features`: the name, and
//! under the class that has the feature a function that makes it of its host. Why they are JavaScript is in
//! docs/adr/0008; a token that means nothing here is refused in a sentence.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Promise};
use openline_protocol::EndpointId;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{MediaStream, RtcPeerConnection};

use super::{
    call::Call,
    call_agent::CallAgent,
    call_client::Client,
    error::services_error,
    identifiers::raw_id_from_js,
    object::{Plain, get_function, get_string},
    promise::promise,
};
use crate::call_driver::active_call::ActiveCall;

/// The error for a feature that `owner` does not have.
pub(crate) fn unknown(owner: &str, factory: &JsValue) -> JsValue {
    let message = match get_string(factory, "name") {
        Some(name) => format!(
            "{owner} does not have the feature {name}. Check the keys of Features before asking for one."
        ),
        None => format!("{owner}.feature: pass one of Features. This is none, or it does not exist."),
    };
    services_error(&message, 405, 40000)
}

/// The features of one owner, each made when it is first asked for.
#[derive(Default)]
pub(crate) struct FeaturesMade(RefCell<Vec<(Function, JsValue)>>);

impl FeaturesMade {
    /// Ends what is under way in any of them.
    pub(crate) fn dispose(&self) {
        let made = self.0.borrow().clone();
        for (_, feature) in made {
            if let Some(dispose) = get_function(&feature, "dispose") {
                drop(dispose.call0(&feature));
            }
        }
    }

    /// The feature of that token, always the same object. `host` is what it asks of the core.
    ///
    /// # Errors
    /// `owner`, the name of a class, has no such feature.
    #[inline(never)]
    pub(crate) fn get(&self, owner: &str, factory: &JsValue, host: JsValue) -> Result<JsValue, JsValue> {
        let make = get_function(factory, owner).ok_or_else(|| unknown(owner, factory))?;
        if let Some((_, feature)) = self.0.borrow().iter().find(|(known, _)| *known == make) {
            return Ok(feature.clone());
        }
        let feature = make.call1(&JsValue::UNDEFINED, &host)?;
        self.0.borrow_mut().push((make, feature.clone()));
        Ok(feature)
    }
}

/// What the files of features ask of the core.
#[wasm_bindgen(skip_typescript)]
pub struct CallHost {
    pub(super) call: Rc<ActiveCall>,
}

#[wasm_bindgen]
impl CallHost {
    /// The call, as the page has it. Not the same object.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn call(&self) -> Call {
        Call::of(Rc::clone(&self.call))
    }

    /// The agent of the call, while there is one. Not the same object.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn agent(&self) -> Option<CallAgent> {
        self.call.agent.upgrade().map(CallAgent::of)
    }

    /// Says which screen is sent: a `LocalVideoStream`, or nothing.
    #[wasm_bindgen(js_name = showScreen, skip_typescript)]
    pub fn show_screen(&self, screen: Option<JsValue>) {
        self.call.show_screen(screen);
    }

    /// What is known of the other side's diagnostics. Its participant fires `diagnosed` when that changes.
    #[wasm_bindgen(getter, skip_typescript)]
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact up to 2^53, and clients send less"
    )]
    pub fn remote(&self) -> JsValue {
        let participant = self.call.participant();
        Plain::new()
            .with("rawId", participant.raw_id().as_str())
            .with(
                "participantId",
                participant.endpoint_id().map(EndpointId::into_string),
            )
            .with("isReachable", participant.reachable())
            .with("diagnostics", participant.diagnostics() as f64)
            .build()
    }

    /// Tells the other side what is diagnosed here.
    #[wasm_bindgen(js_name = setDiagnostics, skip_typescript)]
    pub fn set_diagnostics(&self, diagnostics: f64) {
        self.call.set_diagnostics(diagnostics);
    }

    /// Has the other side call somebody else, whose application gets the JSON text of a custom context. How it ends the
    /// call tells: by its end, or by `transferFailed`.
    #[wasm_bindgen(skip_typescript)]
    pub fn transfer(&self, target: &JsValue, custom_context: Option<String>) -> Result<(), JsValue> {
        let target = raw_id_from_js(target)?;
        self.call.transfer(target, custom_context)
    }

    /// The media of the microphone, or of what takes its place.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn sound(&self) -> Option<MediaStream> {
        self.call.media.sound()
    }

    /// Sends that in the microphone's place, or the microphone again.
    #[wasm_bindgen(js_name = useSound, skip_typescript)]
    pub fn use_sound(&self, given: Option<MediaStream>) -> Promise {
        promise(Rc::clone(&self.call.media).use_sound(given))
    }

    /// The peer connection, from when the call rings to its end.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn peer(&self) -> Option<RtcPeerConnection> {
        Some(self.call.media.peer()?.browser_object())
    }
}

/// The same of a client.
#[wasm_bindgen(skip_typescript)]
pub struct ClientHost {
    pub(super) client: Rc<Client>,
}

#[wasm_bindgen]
impl ClientHost {
    /// What the client was made with.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn options(&self) -> JsValue {
        self.client.options.clone()
    }

    /// Its agent, until that is disposed. Not the same object.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn agent(&self) -> Option<CallAgent> {
        self.client.live_agent().map(CallAgent::of)
    }

    /// Whose agent it is.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn identity(&self) -> Option<String> {
        Some(self.client.live_agent()?.identity()?.into_string())
    }

    /// Is called when there is an agent.
    #[wasm_bindgen(setter, js_name = onAgent, skip_typescript)]
    pub fn set_on_agent(&self, callback: Function) {
        self.client.on_agent.replace(Some(callback));
    }
}
