//! `CallAgent`: one user's calls.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::{
    call::between_two,
    error::{services_error, type_error},
    features,
    identifiers::raw_id_from_js,
    promise::promise,
};
use crate::call_driver::{agent::AgentDriver, agent_registry, call_options::CallOptions};

/// No id is longer. A frame over the limit of the protocol would cost the client its connection.
const MAX_RAW_ID_BYTES: usize = 1024;

/// One user's calls.
#[wasm_bindgen(skip_typescript)]
pub struct CallAgent {
    agent: Rc<AgentDriver>,
}

impl CallAgent {
    pub(crate) const fn of(agent: Rc<AgentDriver>) -> Self {
        Self { agent }
    }
}

#[wasm_bindgen]
impl CallAgent {
    /// `CallAgent`.
    #[wasm_bindgen(getter)]
    pub fn kind(&self) -> String {
        "CallAgent".to_owned()
    }

    /// The own name, as others see it.
    #[wasm_bindgen(getter, js_name = displayName)]
    pub fn display_name(&self) -> Option<String> {
        self.agent.display_name()
    }

    /// Whether calls can be received now.
    #[wasm_bindgen(getter, js_name = connectionState)]
    pub fn connection_state(&self) -> String {
        if self.agent.registered() {
            "Connected"
        } else {
            "Disconnected"
        }
        .to_owned()
    }

    /// The calls that are not over.
    #[wasm_bindgen(getter)]
    pub fn calls(&self) -> JsValue {
        self.agent.call_objects()
    }

    /// Rings somebody. What becomes of it arrives as events of the call.
    ///
    /// # Errors
    /// An argument is wrong, or there are too many calls.
    #[wasm_bindgen(js_name = startCall)]
    pub fn start_call(&self, participants: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        let participants = participants
            .dyn_ref::<Array>()
            .filter(|participants| participants.length() > 0);
        let participants = participants
            .ok_or_else(|| type_error("CallAgent.startCall: pass an array with whom to call."))?;
        if participants.length() > 1 {
            return Err(between_two("CallAgent.startCall"));
        }
        let callee = raw_id_from_js(&participants.get(0))?;
        if callee.as_str().len() > MAX_RAW_ID_BYTES {
            return Err(type_error(
                "CallAgent.startCall: the id of the callee is too long to be one.",
            ));
        }
        if agent_registry::is_disposed(&self.agent) {
            return Err(services_error(
                "CallAgent.startCall: the agent was disposed. Create another.",
                412,
                0,
            ));
        }
        self.agent
            .start_call(callee, CallOptions::read(options, "CallAgent.startCall")?)
    }

    /// Throws: agents have no features.
    ///
    /// # Errors
    /// Always.
    pub fn feature(&self, factory: &JsValue) -> Result<JsValue, JsValue> {
        Err(features::unknown("CallAgent", factory))
    }

    /// Hangs up and unregisters.
    pub fn dispose(&self) -> Promise {
        let agent = Rc::clone(&self.agent);
        promise(async move {
            agent_registry::dispose(&agent);
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Registers a listener.
    ///
    /// # Errors
    /// The listener is no function.
    pub fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        self.agent.events().on(event, listener)
    }

    /// Removes a listener.
    pub fn off(&self, event: &str, listener: &JsValue) {
        self.agent.events().off(event, listener);
    }
}
