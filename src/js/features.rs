//! Features by their token. The tokens are numbers inside frozen objects that the npm package exports as
//! `Features`; a token that means nothing here is refused in a sentence.

use wasm_bindgen::JsValue;

use super::{error::services_error, object::get_string};

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
