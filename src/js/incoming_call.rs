//! `IncomingCall`: a call that rings here.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{call::person, end_reason, error::services_error, promise::promise};
use crate::call_driver::{call_options::CallOptions, ringing_call::RingingCall};

/// A call that rings here.
#[wasm_bindgen(skip_typescript)]
pub struct IncomingCall {
    ringing: Rc<RingingCall>,
}

impl IncomingCall {
    pub(crate) const fn of(ringing: Rc<RingingCall>) -> Self {
        Self { ringing }
    }
}

#[wasm_bindgen]
impl IncomingCall {
    /// `IncomingCall`.
    #[wasm_bindgen(getter)]
    pub fn kind(&self) -> String {
        "IncomingCall".to_owned()
    }

    /// The call's id.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.ringing.id().as_str().to_owned()
    }

    /// Who calls.
    #[wasm_bindgen(getter, js_name = callerInfo)]
    pub fn caller_info(&self) -> JsValue {
        let caller = self.ringing.caller();
        person(&caller.raw_id, caller.display_name.clone())
    }

    /// Who handed the caller over.
    #[wasm_bindgen(getter, js_name = transferorInfo)]
    pub fn transferor_info(&self) -> JsValue {
        self.ringing.transferor()
    }

    /// What the caller's application sent along, as JSON. Pages have `customContext`, which the package adds.
    #[wasm_bindgen(getter, js_name = contextText)]
    pub fn context_text(&self) -> Option<String> {
        self.ringing.custom_context()
    }

    /// The call's ids.
    #[wasm_bindgen(getter)]
    pub fn info(&self) -> JsValue {
        self.ringing.info()
    }

    /// Why it does not ring any more.
    #[wasm_bindgen(getter, js_name = callEndReason)]
    pub fn call_end_reason(&self) -> JsValue {
        end_reason::to_js_or_undefined(self.ringing.end_reason())
    }

    /// Answers.
    pub fn accept(&self, options: &JsValue) -> Promise {
        let ringing = Rc::clone(&self.ringing);
        let options = CallOptions::read(options, "IncomingCall.accept");
        promise(async move {
            let agent = ringing.agent.upgrade().ok_or_else(disposed)?;
            agent.accept(&ringing, options?).await
        })
    }

    /// Declines.
    pub fn reject(&self) -> Promise {
        let ringing = Rc::clone(&self.ringing);
        promise(async move {
            let agent = ringing.agent.upgrade().ok_or_else(disposed)?;
            agent.reject(&ringing).map(|()| JsValue::UNDEFINED)
        })
    }

    /// Registers a listener.
    ///
    /// # Errors
    /// The listener is no function.
    pub fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        self.ringing.events().on(event, listener)
    }

    /// Removes a listener.
    pub fn off(&self, event: &str, listener: &JsValue) {
        self.ringing.events().off(event, listener);
    }
}

fn disposed() -> JsValue {
    services_error(
        "The call agent was disposed: this call does not ring any more.",
        400,
        41006,
    )
}
