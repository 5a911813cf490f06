//! Plain objects: own, enumerable, writable fields, fresh for every caller.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// Sets an own field; `undefined` is left out, so that optional fields are absent.
pub(crate) fn set(target: &JsValue, field: &str, value: &JsValue) {
    if !value.is_undefined() {
        // Fails only on frozen objects and odd proxies; ours are fresh.
        drop(Reflect::set(target, &JsValue::from_str(field), value));
    }
}

/// Builds a plain object.
#[derive(Default)]
pub(crate) struct Plain(Object);

impl Plain {
    /// An empty object.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a field; `undefined` and `None` are left out.
    pub(crate) fn with(self, field: &str, value: impl Into<JsValue>) -> Self {
        set(&self.0, field, &value.into());
        self
    }

    /// The object.
    pub(crate) fn build(self) -> JsValue {
        self.0.into()
    }
}

/// The field of an object; `None` where it is missing, `undefined` or `null`, or `target` is no object.
pub(crate) fn get(target: &JsValue, field: &str) -> Option<JsValue> {
    if !target.is_object() && !target.is_function() {
        return None;
    }
    let value = Reflect::get(target, &JsValue::from_str(field)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The text in a field.
pub(crate) fn get_string(target: &JsValue, field: &str) -> Option<String> {
    get(target, field)?.as_string()
}

/// The function in a field.
pub(crate) fn get_function(target: &JsValue, field: &str) -> Option<Function> {
    get(target, field)?.dyn_into().ok()
}

/// A fresh array.
pub(crate) fn array(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    items.into_iter().collect::<Array>().into()
}
