//! A request, before token and api-version.

use wasm_bindgen::JsValue;

use crate::js::object::{get, to_json};

/// A request, before token and api-version.
pub(crate) struct RestRequest {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<String>,
    pub(super) content_type: &'static str,
    pub(super) repeatability_id: Option<String>,
    pub(super) idempotent: bool,
    /// `OperationOptions` as the application gave them.
    pub(super) options: JsValue,
}

impl RestRequest {
    /// A request; `path` begins with a slash, its variable parts are encoded (see [`super::segment`]). `options` are
    /// the application's `OperationOptions`.
    pub(crate) fn new(method: &'static str, path: String, options: &JsValue) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            body: None,
            content_type: "application/json",
            repeatability_id: None,
            idempotent: method != "POST",
            options: options.clone(),
        }
    }

    /// Adds a query parameter.
    pub(crate) fn query(mut self, name: &'static str, value: Option<String>) -> Self {
        self.query.extend(value.map(|value| (name, value)));
        self
    }

    /// Adds a JSON body.
    pub(crate) fn json(mut self, body: &JsValue) -> Self {
        self.body = to_json(body);
        self
    }

    /// Adds a JSON body that changes the fields it names.
    pub(crate) fn merge_patch(mut self, body: &JsValue) -> Self {
        self.content_type = "application/merge-patch+json";
        self.json(body)
    }

    /// Lets the server recognise a repeat of this request, so that it may be sent again.
    pub(crate) fn repeatability_id(mut self, id: String) -> Self {
        self.repeatability_id = Some(id);
        self.idempotent()
    }

    /// Sending the request twice has the effect of sending it once.
    pub(crate) const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// How the caller gives up.
    pub(super) fn abort_signal(&self) -> Option<JsValue> {
        get(&self.options, "abortSignal")
    }

    /// `requestOptions`, which concern the transport.
    pub(super) fn transport(&self) -> JsValue {
        get(&self.options, "requestOptions").unwrap_or(JsValue::UNDEFINED)
    }
}
