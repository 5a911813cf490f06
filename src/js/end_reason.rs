//! `CallEndReason` as a plain object.

use openline_protocol::CallEndReason;
use wasm_bindgen::JsValue;

/// A fresh `{ code, subCode }`.
pub(crate) fn to_js(reason: CallEndReason) -> JsValue {
    serde_wasm_bindgen::to_value(&reason).unwrap_or(JsValue::UNDEFINED)
}

/// The same, or `undefined`.
pub(crate) fn to_js_or_undefined(reason: Option<CallEndReason>) -> JsValue {
    reason.map_or(JsValue::UNDEFINED, to_js)
}
