//! How an agent leaves that has no socket to say goodbye on: the way to `pkg/leaving.js`. A page that could not load it
//! leaves by its socket alone.

use js_sys::Function;
use openline_protocol::realtime::LEAVE_PATH;
use wasm_bindgen::{JsCast as _, JsValue};

use super::endpoint::Endpoint;

/// Knows how to end the session of an agent and its calls.
pub(crate) struct Leaving(Function);

impl Leaving {
    /// Leaves for agents of this tab before, and knows of none so far for this one.
    pub(crate) fn begin(file: Option<Function>, endpoint: &Endpoint) -> Option<Self> {
        let begun = file?
            .call1(&JsValue::UNDEFINED, &endpoint.url(LEAVE_PATH).into())
            .ok()?;
        begun.dyn_into().ok().map(Self)
    }

    /// Tells it something that nobody waits for.
    pub(crate) fn tell(&self, what: &str, about: &JsValue, more: &JsValue) {
        drop(self.0.call3(&JsValue::UNDEFINED, &what.into(), about, more));
    }
}
