//! What a request came to: the answer's body, or a `RestError`. `onResponse` is told of either.

use wasm_bindgen::JsValue;

use super::{RestRequest, pipeline::readable};
use crate::{
    browser::fetch::HttpResponse,
    js::{
        error::{ErrorBuilder, plain_error},
        object::{Plain, get, get_function, get_string, parse_json},
    },
};

/// An answer, and what it answers. `client_request_id` stands in where the server names no id.
pub(super) struct Answer<'a> {
    pub(super) request: &'a RestRequest,
    pub(super) url: &'a str,
    pub(super) client_request_id: &'a str,
    pub(super) response: HttpResponse,
}

impl Answer<'_> {
    /// What the operation resolves or rejects with; `undefined` where the answer carries nothing.
    pub(super) fn result(&self) -> Result<JsValue, JsValue> {
        let file = self.response.file.clone();
        let body = file.or_else(|| parse_json(&self.response.body).filter(JsValue::is_object));
        let raw = self.raw(body.as_ref());
        let result = if !(200..300).contains(&self.response.status) {
            Err(self.error(body.as_ref(), &raw))
        } else if body.is_none() && !self.response.body.is_empty() {
            return Err(plain_error(
                "The server's answer is not what this SDK expects. Check the endpoint, and that both are up to date.",
            ));
        } else {
            Ok(body.unwrap_or(JsValue::UNDEFINED))
        };
        if let Some(listener) = get_function(&self.request.options, "onResponse") {
            let flat = get(&raw, "parsedBody").unwrap_or(JsValue::UNDEFINED);
            let error = result.clone().err().unwrap_or(JsValue::UNDEFINED);
            listener.call3(&JsValue::UNDEFINED, &raw, &flat, &error)?;
        }
        result
    }

    /// The answer as `onResponse` gets it.
    fn raw(&self, body: Option<&JsValue>) -> JsValue {
        let settings = &self.response.settings;
        // Without the body: errors that are logged hold the answer, and with it this.
        let request = Plain::new()
            .with("url", self.url)
            .copy(settings, &["method", "timeout"])
            .convert(settings, &["headers"], readable)
            .with("withCredentials", false)
            .with("requestId", self.client_request_id)
            .with("abortSignal", self.request.abort_signal());
        Plain::new()
            .with("status", self.response.status)
            .with("headers", readable(&self.response.headers))
            .with("bodyAsText", self.response.body.as_str())
            .with("parsedBody", body)
            .with("request", request.build())
            .build()
    }

    fn error(&self, body: Option<&JsValue>, raw: &JsValue) -> JsValue {
        let status = self.response.status;
        let error = body.and_then(|body| get(body, "error"));
        let part = |field| error.as_ref().and_then(|error| get_string(error, field));
        // What a proxy answers is not ours, and says less.
        let code = part("code").unwrap_or_else(|| usual_code(status).to_owned());
        let mut message = part("message").unwrap_or_else(|| usual_message(status).to_owned());
        if status == 401 {
            message.push_str(" Sign in again.");
        }
        let request_id = self.response.header("x-request-id");
        let error = error.unwrap_or_else(|| {
            Plain::new()
                .with("code", code.as_str())
                .with("message", message.as_str())
                .build()
        });
        ErrorBuilder::new("RestError", &message)
            .with("code", code)
            .with("statusCode", status)
            .with(
                "requestId",
                request_id.as_deref().unwrap_or(self.client_request_id),
            )
            .with("details", Plain::new().with("error", error).build())
            .with("response", raw)
            .build()
    }
}

/// A request that got no answer.
pub(super) fn network_error(client_request_id: &str) -> JsValue {
    let message = "The server could not be reached. Check the network and the endpoint, then try again.";
    ErrorBuilder::new("RestError", message)
        .with("code", "REQUEST_SEND_ERROR")
        .with("requestId", client_request_id)
        .build()
}

const fn usual_code(status: u16) -> &'static str {
    match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        500.. => "InternalServerError",
        _ => "BadRequest",
    }
}

const fn usual_message(status: u16) -> &'static str {
    match status {
        401 => "The token was refused.",
        403 => "The token does not allow this.",
        404 => "There is no such resource. Check the endpoint.",
        413 => "The request is too large.",
        429 => "Too many requests. Try again later.",
        500.. => "The server failed. Try again later.",
        _ => "The server refused the request.",
    }
}
