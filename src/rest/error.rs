//! `RestError`: what a request that failed rejects with.

use wasm_bindgen::JsValue;

use crate::{
    browser::fetch::HttpResponse,
    js::{
        error::ErrorBuilder,
        object::{Plain, get, get_string, parse_json},
    },
};

/// An answer that is not a success. `client_request_id` stands in where the server names no id.
pub(super) fn rest_error(response: &HttpResponse, client_request_id: &str) -> JsValue {
    let error = parse_json(&response.body).and_then(|body| get(&body, "error"));
    let part = |field| error.as_ref().and_then(|error| get_string(error, field));
    // What a proxy answers is not ours, and says less.
    let code = part("code").unwrap_or_else(|| usual_code(response.status).to_owned());
    let message = part("message").unwrap_or_else(|| usual_message(response.status).to_owned());
    let error = error.unwrap_or_else(|| {
        Plain::new()
            .with("code", code.as_str())
            .with("message", message.as_str())
            .build()
    });
    ErrorBuilder::new("RestError", &message)
        .with("code", code)
        .with("statusCode", response.status)
        .with(
            "requestId",
            response.request_id.as_deref().unwrap_or(client_request_id),
        )
        .with("details", Plain::new().with("error", error).build())
        .build()
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
        401 => "The token was refused. Sign in again.",
        403 => "The token does not allow this.",
        404 => "There is no such resource. Check the endpoint.",
        413 => "The request is too large.",
        429 => "Too many requests. Try again later.",
        500.. => "The server failed. Try again later.",
        _ => "The server refused the request.",
    }
}
