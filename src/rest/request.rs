//! A request, before token and api-version.

use wasm_bindgen::JsValue;

use crate::{
    browser::{fetch::Transfer, random},
    js::object::{get, get_function, to_json},
};

/// A request, before token and api-version.
pub(crate) struct RestRequest {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<JsValue>,
    pub(super) content_type: Option<&'static str>,
    pub(super) transfer: Option<Transfer>,
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
            content_type: None,
            transfer: None,
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
        self.body = to_json(body).map(JsValue::from);
        self.content_type = Some("application/json");
        self
    }

    /// Adds a JSON body that changes the fields it names.
    pub(crate) fn merge_patch(self, body: &JsValue) -> Self {
        let mut request = self.json(body);
        request.content_type = Some("application/merge-patch+json");
        request
    }

    /// Sends a `Blob` as it is; `onProgress` is told how far.
    pub(crate) fn uploading(self, file: &JsValue) -> Self {
        let mut request = self.downloading();
        request.body = Some(file.clone());
        request
    }

    /// Without a body: resolves with a `Blob`. `onProgress` is told how far.
    pub(crate) fn downloading(mut self) -> Self {
        self.transfer = Some(Transfer {
            on_progress: get_function(&self.options, "onProgress"),
        });
        self
    }

    /// Lets the server recognise a repeat of this request, so that it may be sent again.
    pub(crate) fn repeatability_id(mut self, id: String) -> Self {
        self.repeatability_id = Some(id);
        self.idempotent()
    }

    /// The same under an id of its own, unless the application names one and repeats the request itself. Browsers, too,
    /// repeat a request when a connection that was used before breaks in front of the answer.
    pub(crate) fn sent_once(self) -> Self {
        let headers = get(&self.transport(), "customHeaders").unwrap_or(JsValue::UNDEFINED);
        if get(&headers, "repeatability-request-id").is_some() {
            return self;
        }
        self.repeatability_id(random::uuid())
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
