//! `RestError`: what a request that failed rejects with.

use openline_protocol::{ErrorBody, ErrorResponse};
use wasm_bindgen::JsValue;

use crate::{
    browser::fetch::HttpResponse,
    js::{
        error::ErrorBuilder,
        object::{Plain, array},
    },
};

/// An answer that is not a success.
pub(super) struct RestError<'a> {
    status: u16,
    error: ErrorBody,
    request_id: &'a str,
}

impl<'a> RestError<'a> {
    /// Reads the answer; `client_request_id` stands in where the server names no id.
    pub(super) fn of(response: &'a HttpResponse, client_request_id: &'a str) -> Self {
        let body = serde_json::from_str::<ErrorResponse>(&response.body);
        Self {
            status: response.status,
            error: body.map_or_else(|_not_ours| unreadable(response.status), |body| body.error),
            request_id: response.request_id.as_deref().unwrap_or(client_request_id),
        }
    }

    /// The error for JavaScript.
    pub(super) fn to_js(&self) -> JsValue {
        ErrorBuilder::new("RestError", &self.error.message)
            .with("code", self.error.code.as_str())
            .with("statusCode", self.status)
            .with("requestId", self.request_id)
            .with(
                "details",
                Plain::new().with("error", error_to_js(&self.error)).build(),
            )
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

/// An error of a request, or of an item within it, as a plain object.
pub(crate) fn error_to_js(error: &ErrorBody) -> JsValue {
    let details = (!error.details.is_empty()).then(|| array(error.details.iter().map(error_to_js)));
    Plain::new()
        .with("code", error.code.as_str())
        .with("message", error.message.as_str())
        .with("target", error.target.clone())
        .with("details", details.unwrap_or(JsValue::UNDEFINED))
        .build()
}

fn unreadable(status: u16) -> ErrorBody {
    let message = match status {
        401 => "The token was refused. Sign in again.",
        403 => "The token does not allow this.",
        404 => "There is no such resource. Check the endpoint.",
        413 => "The request is too large.",
        429 => "Too many requests. Try again later.",
        500.. => "The server failed. Try again later.",
        _ => "The server refused the request.",
    };
    let code = match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        500.. => "InternalServerError",
        _ => "BadRequest",
    };
    ErrorBody {
        code: code.to_owned(),
        message: message.to_owned(),
        ..ErrorBody::default()
    }
}
