//! `CallInfo`: the ids of a call as a plain object, because UI libraries copy it field by field.

use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use openline_protocol::CallId;
use wasm_bindgen::{JsValue, closure::Closure};

use crate::js::{events::EventEmitter, object::Plain};

/// The ids of a call. `call_id` may change while a call is set up; the server's id follows it.
pub(super) fn new(endpoint_id: Option<String>, call_id: Rc<RefCell<CallId>>) -> JsValue {
    let events = EventEmitter::new();
    let subscribed = Rc::clone(&events);
    let server_call_id: Closure<dyn Fn() -> Promise> =
        Closure::new(move || Promise::resolve(&JsValue::from_str(call_id.borrow().as_str())));
    let on: Closure<dyn Fn(String, JsValue) -> Result<(), JsValue>> =
        Closure::new(move |event: String, listener: JsValue| subscribed.on(&event, &listener));
    let off: Closure<dyn Fn(String, JsValue)> =
        Closure::new(move |event: String, listener: JsValue| events.off(&event, &listener));
    // The functions belong to the object and go with it.
    Plain::new()
        .with("participantId", endpoint_id.unwrap_or_default())
        .with("getServerCallId", server_call_id.into_js_value())
        .with("onCallInfoChanged", on.into_js_value())
        .with("offCallInfoChanged", off.into_js_value())
        .build()
}
