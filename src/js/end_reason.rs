//! `CallEndReason` as a plain object.

use openline_protocol::CallEndReason;
use wasm_bindgen::JsValue;

use super::object::Plain;

/// A fresh `{ code, subCode }`.
pub(crate) fn to_js(reason: CallEndReason) -> JsValue {
    Plain::new()
        .with("code", reason.code)
        .with("subCode", reason.sub_code)
        .build()
}

/// The same, or `undefined`.
pub(crate) fn to_js_or_undefined(reason: Option<CallEndReason>) -> JsValue {
    reason.map_or(JsValue::UNDEFINED, to_js)
}
