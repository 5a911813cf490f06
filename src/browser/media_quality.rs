//! How a call sends: the way to `pkg/media_quality.js`, which says why it is JavaScript. A page that could not load
//! it calls with what its browser does by itself.

use js_sys::Function;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::js::error::services_error;

/// The quality of one call: a function that takes the name of what is asked, and one argument.
pub(crate) struct MediaQuality(Option<Function>);

impl MediaQuality {
    /// That of a new call; `make` is what the file gives.
    pub(crate) fn new(make: Option<&Function>) -> Self {
        let made = make.and_then(|make| make.call0(&JsValue::UNDEFINED).ok());
        Self(made.and_then(|made| made.dyn_into().ok()))
    }

    /// Asks it for something. What takes time gives a promise.
    ///
    /// # Errors
    /// What the file throws, or that it could not be loaded.
    pub(crate) fn ask(&self, what: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
        let Some(ask) = &self.0 else {
            return Err(services_error(
                "media_quality.js was not loaded. Create the agent anew.",
                500,
                0,
            ));
        };
        ask.call2(&JsValue::UNDEFINED, &what.into(), argument)
    }

    /// A description as it should be.
    pub(crate) fn description(&self, what: &str, sdp: String) -> String {
        let asked = self.ask(what, &sdp.as_str().into()).ok();
        asked.and_then(|asked| asked.as_string()).unwrap_or(sdp)
    }

    /// Tells it something that nobody waits for.
    pub(crate) fn tell(&self, what: &str, argument: &JsValue) {
        drop(self.ask(what, argument));
    }
}
