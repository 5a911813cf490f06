//! Features by their token. The tokens are frozen objects that the npm package exports as `Features`: the name, and
//! under the class that has the feature a function that makes it of its host. Why they are JavaScript is in
//! docs/adr/0008; a token that means nothing here is refused in a sentence.

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::RtcPeerConnection;

use super::{
    call::Call,
    call_agent::CallAgent,
    error::services_error,
    object::{get_function, get_string},
};
use crate::call_driver::active_call::ActiveCall;

/// The name of `Features.DebugInfo`.
pub(crate) const DEBUG_INFO: &str = "DebugInfo";

/// The name in a feature's token.
pub(crate) fn name_of(factory: &JsValue) -> Option<String> {
    get_string(factory, "name")
}

/// The error for a feature that `owner` does not have.
pub(crate) fn unknown(owner: &str, factory: &JsValue) -> JsValue {
    let message = match name_of(factory) {
        Some(name) => format!(
            "{owner} does not have the feature {name}. Check the keys of Features before asking for one."
        ),
        None => format!("{owner}.feature: pass one of Features. This is none, or it does not exist."),
    };
    services_error(&message, 405, 40000)
}

/// The features of one call, each made when it is first asked for.
#[derive(Default)]
pub(crate) struct CallFeatures {
    made: RefCell<Vec<(Function, JsValue)>>,
}

impl CallFeatures {
    /// The feature of that token, always the same object.
    ///
    /// # Errors
    /// A call has no such feature.
    pub(crate) fn get(&self, call: &Rc<ActiveCall>, factory: &JsValue) -> Result<JsValue, JsValue> {
        let make = get_function(factory, "Call").ok_or_else(|| unknown("Call", factory))?;
        if let Some((_, feature)) = self.made.borrow().iter().find(|(known, _)| *known == make) {
            return Ok(feature.clone());
        }
        let host = CallHost {
            call: Rc::clone(call),
        };
        let feature = make.call1(&JsValue::UNDEFINED, &host.into())?;
        self.made.borrow_mut().push((make, feature.clone()));
        Ok(feature)
    }
}

/// What the files of features ask of the core.
#[wasm_bindgen(skip_typescript)]
pub struct CallHost {
    call: Rc<ActiveCall>,
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

    /// The peer connection, from when the call rings to its end.
    #[wasm_bindgen(getter, skip_typescript)]
    pub fn peer(&self) -> Option<RtcPeerConnection> {
        Some(self.call.media.peer()?.browser_object())
    }
}
