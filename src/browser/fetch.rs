//! One HTTP request, with a time limit and the caller's abort signal.

use std::time::Duration;

use gloo_net::http::{Method, RequestBuilder};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{AbortController, EventTarget};

use super::{listener::Listener, timer::Timer};
use crate::js::object;

/// How long a request may take, its answer's body included.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A request.
pub(crate) struct HttpRequest<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a str,
    pub(crate) headers: Vec<(&'static str, &'a str)>,
    pub(crate) body: Option<&'a str>,
    pub(crate) abort_signal: Option<&'a JsValue>,
}

/// An answer, whatever its status.
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

/// Why there is no answer.
pub(crate) enum HttpFailure {
    /// The caller's signal was aborted.
    Aborted,
    /// The server was not reached, refused by the browser (CORS), or did not answer in time.
    Network,
}

/// Whether the caller's signal is aborted already.
pub(crate) fn is_aborted(signal: Option<&JsValue>) -> bool {
    signal
        .and_then(|signal| object::get(signal, "aborted"))
        .is_some_and(|aborted| aborted.is_truthy())
}

impl HttpRequest<'_> {
    /// Sends the request and reads the answer.
    pub(crate) async fn send(&self) -> Result<HttpResponse, HttpFailure> {
        if is_aborted(self.abort_signal) {
            return Err(HttpFailure::Aborted);
        }
        let controller = AbortController::new().map_err(|_unsupported| HttpFailure::Network)?;
        let time_limit = controller.clone();
        let _timer = Timer::after(TIMEOUT, move || time_limit.abort());
        let _abort = self
            .abort_signal
            .filter(|signal| signal.is_object())
            .map(|signal| {
                let controller = controller.clone();
                Listener::new(signal.unchecked_ref::<EventTarget>(), "abort", move |_| {
                    controller.abort()
                })
            });
        let answer = self.exchange(&controller).await;
        answer.map_err(|_error| {
            if is_aborted(self.abort_signal) {
                HttpFailure::Aborted
            } else {
                HttpFailure::Network
            }
        })
    }

    async fn exchange(&self, controller: &AbortController) -> Result<HttpResponse, gloo_net::Error> {
        let mut builder = RequestBuilder::new(self.url)
            .method(self.method.clone())
            .abort_signal(Some(&controller.signal()))
            // The token travels in a header; cookies have no business here.
            .credentials(web_sys::RequestCredentials::Omit);
        for (name, value) in &self.headers {
            builder = builder.header(name, value);
        }
        let request = match self.body {
            Some(body) => builder.body(body)?,
            None => builder.build()?,
        };
        let response = request.send().await?;
        let headers = response.headers();
        let seconds = headers
            .get("retry-after")
            .and_then(|value| value.trim().parse().ok());
        Ok(HttpResponse {
            status: response.status(),
            request_id: headers.get("x-request-id"),
            retry_after: seconds.map(Duration::from_secs),
            body: response.text().await?,
        })
    }
}
