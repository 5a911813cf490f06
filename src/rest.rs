//! The REST client: token, api-version, repeats and errors of every request.

mod answer;
mod pipeline;
mod request;
mod retry;

use std::{rc::Rc, time::Duration};

use js_sys::{Date, Function, Promise, encode_uri_component};
use wasm_bindgen::JsValue;
use web_sys::{Headers, Url};

pub use self::pipeline::provide_pipeline;
pub(crate) use self::request::RestRequest;
use self::{
    answer::{Answer, network_error},
    retry::{Outcome, RetryPolicy},
};
use crate::{
    browser::{
        clock,
        endpoint::Endpoint,
        fetch::{HttpFailure, HttpRequest, HttpResponse, is_aborted},
        random,
        timer::sleep_unless_aborted,
    },
    js::{
        credential::CredentialHandle,
        error::{abort_error, type_error},
        object::{get, get_string},
        promise::promise,
    },
};

/// How long a request may take where the application does not say.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends requests to one server as one identity.
pub(crate) struct RestClient {
    endpoint: Endpoint,
    credential: CredentialHandle,
    api_version: &'static str,
    retry: RetryPolicy,
    custom_fetch: Option<Function>,
    user_agent: Option<String>,
    /// The header that names a request.
    request_id_header: String,
}

/// A variable part of a path.
pub(crate) fn segment(text: &str) -> String {
    encode_uri_component(text).into()
}

impl RestClient {
    /// A client of that server, as whoever the credential stands for. `options` are those of the exported client.
    pub(crate) fn new(
        endpoint: Endpoint,
        credential: CredentialHandle,
        api_version: &'static str,
        options: &JsValue,
    ) -> Self {
        Self {
            endpoint,
            credential,
            api_version,
            retry: retry_policy(options),
            custom_fetch: pipeline::custom_fetch(options),
            user_agent: text(options, "userAgentOptions", "userAgentPrefix"),
            request_id_header: text(options, "telemetryOptions", "clientRequestIdHeaderName")
                .unwrap_or_else(|| "x-ms-client-request-id".to_owned()),
        }
    }

    /// The promise of what `to_js` makes of the answer. Refused arguments reject, as everything that fails does.
    pub(crate) fn promise(
        self: &Rc<Self>,
        request: Result<RestRequest, JsValue>,
        to_js: fn(&JsValue) -> JsValue,
    ) -> Promise {
        let rest = Rc::clone(self);
        promise(async move { rest.send(request?).await.map(|answer| to_js(&answer)) })
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
    pub(crate) async fn follow(&self, link: &str, options: &JsValue) -> Result<JsValue, JsValue> {
        let request = RestRequest::new("GET", String::new(), options);
        if self.endpoint.owns(link) {
            return self.send_to(link, &request).await;
        }
        // A proxy gave the server another name. The token goes to the configured one, and to no other.
        let link = Url::new(link).map_err(|_not_a_url| type_error("The link to the page is no URL."))?;
        let path = [link.pathname(), link.search()].concat();
        self.send_to(&self.endpoint.origin_url(&path), &request).await
    }

    async fn send_to(&self, url: &str, request: &RestRequest) -> Result<JsValue, JsValue> {
        let client_request_id = &*random::uuid();
        let abort_signal = request.abort_signal();
        let result = |response| {
            Answer {
                request,
                url,
                client_request_id,
                response,
            }
            .result()
        };
        let mut refused: Option<(String, HttpResponse)> = None;
        let mut token_renewed = false;
        let mut attempt = 0;
        loop {
            let last = refused.as_ref().map(|(token, _)| &**token);
            let token = self.token(last, abort_signal.as_ref()).await?;
            // A refused one again is no use.
            if let Some((_, response)) = refused.take().filter(|(last, _)| *last == token) {
                return result(response);
            }
            let sent = self.attempt(url, request, &token, client_request_id);
            let response = sent.await?;
            let outcome = response.as_ref().map_or(Outcome::Unreachable, |response| {
                Outcome::of(response.status, retry_after(response))
            });
            let delay = self
                .retry
                .delay(outcome, request.idempotent, attempt, random::unit());
            if let Some(delay) = delay {
                attempt += 1;
                sleep_unless_aborted(delay, abort_signal.as_ref()).await;
                continue;
            }
            match response {
                Some(response) if response.status == 401 && !token_renewed => {
                    token_renewed = true;
                    refused = Some((token, response));
                }
                Some(response) => return result(response),
                None => return Err(network_error(client_request_id)),
            }
        }
    }

    async fn token(&self, refused: Option<&str>, abort_signal: Option<&JsValue>) -> Result<String, JsValue> {
        if is_aborted(abort_signal) {
            return Err(abort_error());
        }
        let token = self.credential.get_token(refused).await;
        token
            .map(|token| token.token)
            .map_err(|unavailable| unavailable.error)
    }

    /// The answer; `None` where none came.
    async fn attempt(
        &self,
        url: &str,
        request: &RestRequest,
        token: &str,
        client_request_id: &str,
    ) -> Result<Option<HttpResponse>, JsValue> {
        let transport = request.transport();
        let custom = get(&transport, "customHeaders").unwrap_or_else(|| js_sys::Object::new().into());
        let headers = Headers::new_with_record_from_str_to_str(&custom.into())?;
        headers.set("authorization", &["Bearer ", token].concat())?;
        headers.set("accept", "application/json")?;
        headers.set(&self.request_id_header, client_request_id)?;
        if let Some(user_agent) = &self.user_agent {
            headers.set("x-ms-useragent", user_agent)?;
        }
        if let Some(content_type) = request.content_type {
            headers.set("content-type", content_type)?;
        }
        if let Some(id) = &request.repeatability_id {
            headers.set("repeatability-request-id", id)?;
        }
        let abort_signal = request.abort_signal();
        let http = HttpRequest {
            method: request.method,
            url,
            headers,
            body: request.body.as_ref(),
            transfer: request.transfer.as_ref(),
            abort_signal: abort_signal.as_ref(),
            time_limit: millis(&transport, "timeout").unwrap_or(TIMEOUT),
            custom_fetch: self.custom_fetch.as_ref(),
        };
        match http.send().await {
            Ok(response) => Ok(Some(response)),
            Err(HttpFailure::Network) => Ok(None),
            Err(HttpFailure::Aborted) => Err(abort_error()),
        }
    }
}

/// When the server wants to be asked again: in so many seconds, or at a time.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let value = response.header("retry-after")?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = Date::parse(&value) - clock::wall().as_millis() as f64;
    (!wait.is_nan()).then(|| Duration::from_millis(wait as u64))
}

fn text(options: &JsValue, group: &str, field: &str) -> Option<String> {
    get_string(&get(options, group)?, field)
}

fn retry_policy(options: &JsValue) -> RetryPolicy {
    let options = get(options, "retryOptions").unwrap_or(JsValue::UNDEFINED);
    let usual = RetryPolicy::default();
    RetryPolicy {
        max_repeats: number(&options, "maxRetries").map_or(usual.max_repeats, |number| number as u32),
        first_wait: millis(&options, "retryDelayInMs").unwrap_or(usual.first_wait),
        max_wait: millis(&options, "maxRetryDelayInMs").unwrap_or(usual.max_wait),
    }
}

fn millis(options: &JsValue, field: &str) -> Option<Duration> {
    number(options, field).map(Duration::from_millis)
}

fn number(options: &JsValue, field: &str) -> Option<u64> {
    get(options, field)?.as_f64().map(|number| number as u64)
}
