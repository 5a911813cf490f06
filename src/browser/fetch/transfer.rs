//! Requests with a file, through `XMLHttpRequest`: `fetch` does not tell how far an upload is. Where there is none
//! (Node, service workers) `fetch` has to do, without progress.

use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use web_sys::{EventTarget, Headers};

use super::{HttpRequest, Response, TimeLimit};
use crate::{
    browser::listener::Listener,
    js::{
        events::report,
        object::{Plain, get},
        promise::deferred,
    },
    text::cut,
};

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    #[wasm_bindgen(extends = EventTarget)]
    type XMLHttpRequest;
    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<XMLHttpRequest, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn open(this: &XMLHttpRequest, method: &str, url: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setRequestHeader)]
    fn set_request_header(this: &XMLHttpRequest, name: &JsValue, value: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter, js_name = responseType)]
    fn set_response_type(this: &XMLHttpRequest, kind: &str);
    #[wasm_bindgen(method, setter)]
    fn set_onloadend(this: &XMLHttpRequest, callback: &Function);
    #[wasm_bindgen(method, getter)]
    fn upload(this: &XMLHttpRequest) -> EventTarget;
    #[wasm_bindgen(method, catch)]
    fn send(this: &XMLHttpRequest, body: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn abort(this: &XMLHttpRequest);
    #[wasm_bindgen(method, getter)]
    fn status(this: &XMLHttpRequest) -> u16;
    #[wasm_bindgen(method, getter)]
    fn response(this: &XMLHttpRequest) -> JsValue;
    #[wasm_bindgen(method, js_name = getAllResponseHeaders)]
    fn headers(this: &XMLHttpRequest) -> String;
}

/// A file on its way up or down.
pub(crate) struct Transfer {
    /// Told how far it is.
    pub(crate) on_progress: Option<Function>,
}

/// One that was begun, and is followed for as long as this lives.
pub(super) struct Begun {
    /// Resolves once there is an answer, or none is coming.
    pub(super) ended: Promise,
    request: XMLHttpRequest,
    _listeners: [Listener; 2],
}

impl Transfer {
    /// Begins a request; whatever moves restarts the time limit. `None` where it could not be followed here.
    pub(super) fn begin(
        &self,
        http: &HttpRequest<'_>,
        time_limit: &Rc<TimeLimit>,
    ) -> Result<Option<Begun>, JsValue> {
        let Ok(request) = XMLHttpRequest::new() else {
            return Ok(None);
        };
        request.open(http.method, http.url)?;
        for header in Array::from(&http.headers).iter() {
            let header: Array = header.unchecked_into();
            request.set_request_header(&header.get(0), &header.get(1))?;
        }
        request.set_response_type("blob");
        let aborted = request.clone();
        let signal = time_limit.controller.signal();
        let abort = Listener::new(&signal, "abort", move |_| aborted.abort());
        let moving = if http.body.is_some() {
            request.upload()
        } else {
            request.clone().into()
        };
        let progress = self.follow(&moving, time_limit);
        let (ended, end, _) = deferred();
        request.set_onloadend(&end);
        request.send(http.body.unwrap_or(&JsValue::NULL))?;
        Ok(Some(Begun {
            ended,
            request,
            _listeners: [abort, progress],
        }))
    }

    fn follow(&self, moving: &EventTarget, time_limit: &Rc<TimeLimit>) -> Listener {
        let (time_limit, on_progress) = (Rc::clone(time_limit), self.on_progress.clone());
        Listener::new(moving, "progress", move |event| {
            time_limit.restart();
            let Some(on_progress) = &on_progress else { return };
            let known = event_field(&event, "lengthComputable").is_some_and(|known| known.is_truthy());
            let progress = Plain::new()
                .with("loadedBytes", event_field(&event, "loaded"))
                .with("totalBytes", event_field(&event, "total").filter(|_| known));
            if let Err(error) = on_progress.call1(&JsValue::UNDEFINED, &progress.build()) {
                report(&error);
            }
        })
    }
}

impl Begun {
    /// What `fetch` would have given, once it ended.
    pub(super) fn response(&self) -> Result<Response, JsValue> {
        // Without an answer the status is 0, and no response has that.
        let settings = Plain::new()
            .with("status", self.request.status())
            .with("headers", parse(&self.request.headers())?);
        Response::new(&self.request.response(), &settings.build())
    }
}

fn event_field(event: &web_sys::Event, field: &str) -> Option<JsValue> {
    get(event.as_ref(), field)
}

fn parse(lines: &str) -> Result<Headers, JsValue> {
    let headers = Headers::new()?;
    let mut lines = lines;
    while let Some((line, others)) = cut(lines, "\r\n") {
        if let Some((name, value)) = cut(line, ": ") {
            headers.append(name, value)?;
        }
        lines = others;
    }
    Ok(headers)
}
