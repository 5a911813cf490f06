//! The REST client: token, api-version, repeats and errors of every request.

mod error;
mod retry;

use gloo_net::http::Method;
use js_sys::encode_uri_component;
use wasm_bindgen::JsValue;
use web_sys::Url;

use self::{
    error::{network_error, rest_error},
    retry::{Outcome, retry_delay},
};
use crate::{
    browser::{
        endpoint::Endpoint,
        fetch::{HttpFailure, HttpRequest, HttpResponse, is_aborted},
        random,
        timer::sleep,
    },
    js::{
        credential::CredentialHandle,
        error::{abort_error, plain_error},
        object::{parse_json, to_json},
    },
};

/// Sends requests to one server as one identity.
pub(crate) struct RestClient {
    endpoint: Endpoint,
    credential: CredentialHandle,
    api_version: &'static str,
}

/// A request, before token and api-version.
pub(crate) struct RestRequest {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<String>,
    content_type: &'static str,
    repeatability_id: Option<String>,
    idempotent: bool,
    abort_signal: Option<JsValue>,
}

impl RestRequest {
    /// A request; `path` begins with a slash, its variable parts are encoded (see [`segment`]).
    pub(crate) fn new(method: Method, path: String) -> Self {
        let idempotent = method != Method::POST;
        Self {
            method,
            path,
            query: Vec::new(),
            body: None,
            content_type: "application/json",
            repeatability_id: None,
            idempotent,
            abort_signal: None,
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

    /// Lets the caller give up.
    pub(crate) fn abort_signal(mut self, signal: Option<JsValue>) -> Self {
        self.abort_signal = signal;
        self
    }
}

/// A variable part of a path.
pub(crate) fn segment(text: &str) -> String {
    encode_uri_component(text).into()
}

impl RestClient {
    /// A client of that server, as whoever the credential stands for.
    pub(crate) const fn new(
        endpoint: Endpoint,
        credential: CredentialHandle,
        api_version: &'static str,
    ) -> Self {
        Self {
            endpoint,
            credential,
            api_version,
        }
    }

    /// Sends a request and reads its JSON answer; `undefined` where it carries nothing.
    pub(crate) async fn send(&self, request: RestRequest) -> Result<JsValue, JsValue> {
        let mut url = self.endpoint.url(&request.path);
        let version = [("api-version", self.api_version.to_owned())];
        for (index, (name, value)) in request.query.iter().chain(&version).enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.push_str(&segment(value));
        }
        self.send_to(&url, &request).await
    }

    /// Follows the link to the next page of a list.
    pub(crate) async fn follow(&self, link: &str, abort_signal: Option<JsValue>) -> Result<JsValue, JsValue> {
        let request = RestRequest::new(Method::GET, String::new()).abort_signal(abort_signal);
        if self.endpoint.owns(link) {
            return self.send_to(link, &request).await;
        }
        // A proxy gave the server another name. The token goes to the configured one, and to no other.
        let link = Url::new(link)
            .map_err(|_not_a_url| plain_error("The server sent a page link that is no URL."))?;
        let path = [link.pathname(), link.search()].concat();
        self.send_to(&self.endpoint.origin_url(&path), &request).await
    }

    async fn send_to(&self, url: &str, request: &RestRequest) -> Result<JsValue, JsValue> {
        let client_request_id = random::uuid();
        let mut refused_token = None;
        let mut attempt = 0;
        loop {
            let token = self.token(request).await?;
            let outcome = self.attempt(url, request, &token, &client_request_id).await;
            let outcome = match outcome {
                Ok(response) if response.status == 401 && refused_token.is_none() => {
                    refused_token = Some(token);
                    let fresh = self.token(request).await?;
                    if refused_token.as_ref() == Some(&fresh) {
                        return Err(rest_error(&response, &client_request_id));
                    }
                    continue;
                }
                Ok(response) if (200..300).contains(&response.status) => return parse(&response.body),
                Ok(response) => Outcome::Refused(response),
                Err(HttpFailure::Aborted) => return Err(abort_error()),
                Err(HttpFailure::Network) => Outcome::Unreachable,
            };
            let Some(delay) = retry_delay(&outcome, request.idempotent, attempt, random::unit()) else {
                return Err(match outcome {
                    Outcome::Refused(response) => rest_error(&response, &client_request_id),
                    Outcome::Unreachable => network_error(&client_request_id),
                });
            };
            attempt += 1;
            sleep(delay).await;
        }
    }

    async fn token(&self, request: &RestRequest) -> Result<String, JsValue> {
        if is_aborted(request.abort_signal.as_ref()) {
            return Err(abort_error());
        }
        let token = self.credential.get_token().await;
        token
            .map(|token| token.token)
            .map_err(|unavailable| unavailable.error)
    }

    async fn attempt(
        &self,
        url: &str,
        request: &RestRequest,
        token: &str,
        client_request_id: &str,
    ) -> Result<HttpResponse, HttpFailure> {
        let authorization = ["Bearer ", token].concat();
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("accept", "application/json"),
            ("x-ms-client-request-id", client_request_id),
        ];
        if request.body.is_some() {
            headers.push(("content-type", request.content_type));
        }
        if let Some(id) = &request.repeatability_id {
            headers.push(("repeatability-request-id", id));
        }
        let request = HttpRequest {
            method: request.method.clone(),
            url,
            headers,
            body: request.body.as_deref(),
            abort_signal: request.abort_signal.as_ref(),
        };
        request.send().await
    }
}

fn parse(answer: &str) -> Result<JsValue, JsValue> {
    if answer.is_empty() {
        return Ok(JsValue::UNDEFINED);
    }
    parse_json(answer).filter(JsValue::is_object).ok_or_else(|| {
        plain_error(
            "The server's answer is not what this SDK expects. Check the endpoint, and that both are up to date.",
        )
    })
}
