//! Plain objects: own, enumerable, writable fields, fresh for every caller.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// Sets an own field; `undefined` is left out, so that optional fields are absent.
#[inline(never)]
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

    /// Copies fields of another object, those that it has.
    pub(crate) fn copy(self, from: &JsValue, fields: &[&str]) -> Self {
        self.convert(from, fields, JsValue::clone)
    }

    /// The same, each turned into something else.
    pub(crate) fn convert(self, from: &JsValue, fields: &[&str], convert: fn(&JsValue) -> JsValue) -> Self {
        for field in fields {
            if let Some(value) = get(from, field) {
                set(&self.0, field, &convert(&value));
            }
        }
        self
    }

    /// The object.
    pub(crate) fn build(self) -> JsValue {
        self.0.into()
    }
}

/// The field of an object; `None` where it is missing, `undefined` or `null`, or `target` is no object.
#[inline(never)]
pub(crate) fn get(target: &JsValue, field: &str) -> Option<JsValue> {
    if !target.is_object() && !target.is_function() {
        return None;
    }
    let value = Reflect::get(target, &JsValue::from_str(field)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The text in a field.
#[inline(never)]
pub(crate) fn get_string(target: &JsValue, field: &str) -> Option<String> {
    get(target, field)?.as_string()
}

/// The function in a field.
#[inline(never)]
pub(crate) fn get_function(target: &JsValue, field: &str) -> Option<Function> {
    get(target, field)?.dyn_into().ok()
}

/// A fresh array with every item turned into something else; empty where `list` is no array.
pub(crate) fn map(list: &JsValue, convert: fn(&JsValue) -> JsValue) -> JsValue {
    let items = list
        .dyn_ref::<Array>()
        .map(|list| list.iter().map(|item| convert(&item)).collect::<Array>());
    items.unwrap_or_default().into()
}

/// JSON text as a value; `None` where it is none. The browser's parser: serde's would be a third of the SDK.
pub(crate) fn parse_json(text: &str) -> Option<JsValue> {
    js_sys::JSON::parse(text).ok()
}

/// A value as JSON text.
pub(crate) fn to_json(value: &JsValue) -> Option<String> {
    js_sys::JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
}

/// A fresh array.
pub(crate) fn array(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    items.into_iter().collect::<Array>().into()
}
