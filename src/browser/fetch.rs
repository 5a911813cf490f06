//! One HTTP request, with a time limit and the caller's abort signal. Through the browser's `fetch` as it is: a
//! typed wrapper around it was two per cent of the package. Files go through [`transfer`].

mod transfer;

use std::{cell::RefCell, rc::Rc, time::Duration};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, EventTarget, Headers};

pub(crate) use self::transfer::Transfer;
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
    #[wasm_bindgen(constructor, catch)]
    fn new(body: &JsValue, settings: &JsValue) -> Result<Response, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Response) -> Headers;
    #[wasm_bindgen(method)]
    fn text(this: &Response) -> Promise;
    #[wasm_bindgen(method)]
    fn blob(this: &Response) -> Promise;
}

/// A request.
pub(crate) struct HttpRequest<'a> {
    pub(crate) method: &'static str,
    pub(crate) url: &'a str,
    pub(crate) headers: Headers,
    /// Anything that `fetch` takes.
    pub(crate) body: Option<&'a JsValue>,
    /// Where the body, or if there is none the answer's, is a file.
    pub(crate) transfer: Option<&'a Transfer>,
    pub(crate) abort_signal: Option<&'a JsValue>,
    /// How long the request may take, its answer's body included; that of a file: how long it may stand still.
    pub(crate) time_limit: Duration,
    /// What takes the place of the browser's `fetch`.
    pub(crate) custom_fetch: Option<&'a Function>,
}

/// An answer, whatever its status.
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: String,
    /// A `Blob` in place of the body, where a file was asked for and came.
    pub(crate) file: Option<JsValue>,
    /// What was sent, as `fetch` takes it.
    pub(crate) settings: JsValue,
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

/// Gives a request up that takes too long.
struct TimeLimit {
    limit: Duration,
    controller: AbortController,
    timer: RefCell<Option<Timer>>,
}

impl TimeLimit {
    fn restart(&self) {
        let controller = self.controller.clone();
        let timer = Timer::after(self.limit, move || controller.abort());
        self.timer.replace(Some(timer));
    }
}

impl HttpRequest<'_> {
    /// Sends the request and reads the answer.
    pub(crate) async fn send(&self) -> Result<HttpResponse, HttpFailure> {
        if is_aborted(self.abort_signal) {
            return Err(HttpFailure::Aborted);
        }
        let controller = AbortController::new().map_err(|_unsupported| HttpFailure::Network)?;
        let time_limit = Rc::new(TimeLimit {
            limit: self.time_limit,
            controller: controller.clone(),
            timer: RefCell::default(),
        });
        time_limit.restart();
        let _abort = self
            .abort_signal
            .filter(|signal| signal.is_object())
            .map(|signal| {
                Listener::new(signal.unchecked_ref::<EventTarget>(), "abort", move |_| {
                    controller.abort()
                })
            });
        let answer = self.exchange(&time_limit).await;
        // The callback of a transfer may have kept it.
        time_limit.timer.take();
        answer.map_err(|_error| {
            if is_aborted(self.abort_signal) {
                HttpFailure::Aborted
            } else {
                HttpFailure::Network
            }
        })
    }

    async fn exchange(&self, time_limit: &Rc<TimeLimit>) -> Result<HttpResponse, JsValue> {
        let settings = self.settings(time_limit);
        let begun = match self.transfer {
            Some(transfer) if self.custom_fetch.is_none() => transfer.begin(self, time_limit)?,
            _ => None,
        };
        let answer = match (&begun, self.custom_fetch) {
            (Some(begun), _) => begun.ended.clone(),
            (None, Some(custom)) => {
                let sent = custom.call2(&JsValue::UNDEFINED, &self.url.into(), &settings);
                sent?.unchecked_into()
            }
            (None, None) => fetch(self.url, &settings)?,
        };
        let answer = resolved(&answer.into()).await?;
        let response: Response = match begun {
            Some(begun) => begun.response()?,
            None => answer.unchecked_into(),
        };
        let status = response.status();
        let is_file = self.wants_file() && (200..300).contains(&status);
        let read = if is_file { response.blob() } else { response.text() };
        let body = resolved(&read.into()).await?;
        Ok(HttpResponse {
            status,
            headers: response.headers(),
            body: body.as_string().unwrap_or_default(),
            file: is_file.then_some(body),
            settings,
        })
    }

    const fn wants_file(&self) -> bool {
        self.transfer.is_some() && self.body.is_none()
    }

    fn settings(&self, time_limit: &TimeLimit) -> JsValue {
        Plain::new()
            .with("method", self.method)
            .with("headers", &self.headers)
            .with("body", self.body)
            .with("signal", time_limit.controller.signal())
            // The token travels in a header; cookies have no business here.
            .with("credentials", "omit")
            // For a custom `fetch`.
            .with("timeout", self.time_limit.as_millis() as f64)
            .with("isFile", self.wants_file())
            .build()
    }
}
