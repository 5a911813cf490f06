//! Errors as JavaScript sees them: real `Error` objects with a fixed `name`, a `code` and details as own fields.

use js_sys::Error;
use wasm_bindgen::JsValue;

use super::object;

/// Builds an `Error`. `message` is a sentence for a person that says what to do.
pub(crate) struct ErrorBuilder(Error);

impl ErrorBuilder {
    /// An error of that name.
    pub(crate) fn new(name: &str, message: &str) -> Self {
        let error = Error::new(message);
        error.set_name(name);
        Self(error)
    }

    /// Adds an own, enumerable field; `undefined` is left out.
    pub(crate) fn with(self, field: &str, value: impl Into<JsValue>) -> Self {
        object::set(&self.0, field, &value.into());
        self
    }

    /// The error, to be thrown or rejected with.
    pub(crate) fn build(self) -> JsValue {
        self.0.into()
    }
}

/// A `CommunicationServicesError` of the calling interface: numeric `code` and `subCode`.
pub(crate) fn services_error(message: &str, code: u32, sub_code: u32) -> JsValue {
    ErrorBuilder::new("CommunicationServicesError", message)
        .with("code", code)
        .with("subCode", sub_code)
        .build()
}

/// A plain `TypeError` for an argument of the wrong shape.
pub(crate) fn type_error(message: &str) -> JsValue {
    js_sys::TypeError::new(message).into()
}

/// A plain `Error`.
pub(crate) fn plain_error(message: &str) -> JsValue {
    Error::new(message).into()
}

/// The `AbortError` of the web platform.
pub(crate) fn abort_error() -> JsValue {
    ErrorBuilder::new("AbortError", "The operation was aborted.").build()
}
