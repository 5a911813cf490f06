//! Helpers of the tests: the stub, and short ways to write JavaScript values.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Function, JSON, Promise, Reflect};
use openline::CommunicationTokenCredential;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = stub)]
extern "C" {
    pub(crate) fn install();
    #[wasm_bindgen(js_name = withoutTransfers)]
    pub(crate) fn without_transfers();
    #[wasm_bindgen(js_name = willAnswer)]
    pub(crate) fn will_answer(status: i32, body: &str, headers: &str);
    #[wasm_bindgen(js_name = requestCount)]
    pub(crate) fn request_count() -> u32;
    #[wasm_bindgen(js_name = requestAt)]
    pub(crate) fn request_at(index: u32) -> JsValue;
    #[wasm_bindgen(js_name = sentFrame)]
    pub(crate) fn sent_frame(socket: u32, kind: &str) -> Promise;
    #[wasm_bindgen(js_name = sentSubscription)]
    pub(crate) fn sent_subscription(socket: u32, topic: &str) -> Promise;
    #[wasm_bindgen(js_name = sentFrameWhere)]
    pub(crate) fn sent_frame_where(socket: u32, kind: &str, field: &str, value: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = socketCount)]
    pub(crate) fn socket_count() -> u32;
    #[wasm_bindgen(js_name = serverSends)]
    pub(crate) fn server_sends(socket: u32, frame: &str);
    #[wasm_bindgen(js_name = serverCloses)]
    pub(crate) fn server_closes(socket: u32, code: u16);
    #[wasm_bindgen(js_name = longTimer)]
    pub(crate) fn long_timer() -> Promise;
    #[wasm_bindgen(js_name = passTime)]
    pub(crate) fn pass_time(seconds: u32);
    pub(crate) fn token(user: &str, seconds: i32) -> String;
    #[wasm_bindgen(js_name = collectReports)]
    pub(crate) fn collect_reports() -> Array;
}

/// The server that the stub plays.
pub(crate) const ENDPOINT: &str = "https://stub.test/";

/// A credential with a token that is valid for an hour.
pub(crate) fn credential_of(user: &str) -> JsValue {
    CommunicationTokenCredential::new(&token(user, 3_600).into())
        .expect("a valid token")
        .into()
}

pub(crate) fn json(text: &str) -> JsValue {
    JSON::parse(text).expect("valid JSON")
}

/// A field, or a field of a field, with dots between.
pub(crate) fn field(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| {
        Reflect::get(&value, &name.into()).unwrap_or(JsValue::UNDEFINED)
    })
}

pub(crate) fn text(value: &JsValue, path: &str) -> String {
    field(value, path).as_string().unwrap_or_default()
}

/// Calls a method as JavaScript does.
pub(crate) fn call(object: &JsValue, method: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = field(object, method).dyn_into()?;
    function.apply(object, &args.iter().collect::<Array>())
}

pub(crate) async fn settled(promise: impl Into<JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&promise.into())).await
}

pub(crate) fn assert_error(error: &JsValue, name: &str, code: &str) {
    assert!(error.is_instance_of::<js_sys::Error>(), "a real Error: {error:?}");
    assert_eq!(text(error, "name"), name);
    assert_eq!(text(error, "code"), code);
    assert!(!text(error, "message").is_empty());
}

/// A listener that remembers what it got.
#[derive(Clone)]
pub(crate) struct Recorder {
    got: Rc<RefCell<Vec<JsValue>>>,
    function: Function,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        let got: Rc<RefCell<Vec<JsValue>>> = Rc::default();
        let keep = Rc::clone(&got);
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |value| keep.borrow_mut().push(value));
        Self {
            got,
            function: closure.into_js_value().unchecked_into(),
        }
    }

    pub(crate) fn function(&self) -> JsValue {
        self.function.clone().into()
    }

    pub(crate) fn record(&self, value: JsValue) {
        self.got.borrow_mut().push(value);
    }

    pub(crate) fn got(&self) -> Vec<JsValue> {
        self.got.borrow().clone()
    }
}

/// A JavaScript function of one argument.
pub(crate) fn function(body: impl FnMut(JsValue) -> JsValue + 'static) -> JsValue {
    Closure::<dyn FnMut(JsValue) -> JsValue>::new(body).into_js_value()
}
