//! Where warnings go: to the page's own logger, or to the console.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::object::{get, get_function};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn console_warn(message: &str);
}

/// An `@azure/logger`-like object, if the page gave one.
#[derive(Clone)]
pub(crate) struct Logger(Option<JsValue>);

impl Logger {
    /// The logger in the options of a client.
    pub(crate) fn read(options: &JsValue) -> Self {
        Self(get(options, "logger").filter(|logger| get_function(logger, "warning").is_some()))
    }

    /// Tells the developer. Never a token, key, message text or address.
    pub(crate) fn warn(&self, message: &str) {
        let warning = self
            .0
            .as_ref()
            .and_then(|logger| Some((logger, get_function(logger, "warning")?)));
        match warning {
            // What a logger throws is its own affair.
            Some((logger, warning)) => drop(warning.call1(logger, &message.into())),
            None => console_warn(message),
        }
    }
}
