//! One HTTP request, with a time limit and the caller's abort signal. Through the browser's `fetch` as it is: a
//! typed wrapper around it was two per cent of the package.

use std::time::Duration;

use js_sys::Promise;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, EventTarget, Headers};

use super::{listener::Listener, timer::Timer};
use crate::js::{
    object::{self, Plain},
    promise::resolved,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn fetch(url: &str, settings: &JsValue) -> Result<Promise, JsValue>;

    /// What `fetch` resolves with.
    type Response;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Response) -> Headers;
    #[wasm_bindgen(method)]
    fn text(this: &Response) -> Promise;
}

/// A request.
pub(crate) struct HttpRequest<'a> {
    pub(crate) method: &'static str,
    pub(crate) url: &'a str,
    pub(crate) headers: Headers,
    /// Anything that `fetch` takes.
    pub(crate) body: Option<&'a JsValue>,
    pub(crate) abort_signal: Option<&'a JsValue>,
    /// How long the request may take, its answer's body included.
    pub(crate) time_limit: Duration,
}

/// An answer, whatever its status.
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: String,
}

impl HttpResponse {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
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
        let _timer = Timer::after(self.time_limit, move || time_limit.abort());
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

    async fn exchange(&self, controller: &AbortController) -> Result<HttpResponse, JsValue> {
        let settings = Plain::new()
            .with("method", self.method)
            .with("headers", &self.headers)
            .with("body", self.body)
            .with("signal", controller.signal())
            // The token travels in a header; cookies have no business here.
            .with("credentials", "omit")
            .build();
        let response: Response = resolved(&fetch(self.url, &settings)?.into())
            .await?
            .unchecked_into();
        let body = resolved(&response.text().into()).await?;
        Ok(HttpResponse {
            status: response.status(),
            headers: response.headers(),
            body: body.as_string().unwrap_or_default(),
        })
    }
}
