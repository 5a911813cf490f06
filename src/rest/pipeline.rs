//! What an application puts between the client and the network: an HTTP client and policies of its own. The way to
//! `pkg/pipeline.js`, which carries them out and is loaded where a client has some.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

use crate::js::object::get;

thread_local! {
    static PROVIDED: RefCell<Option<[Function; 2]>> = const { RefCell::new(None) };
}

/// Says how `pipeline.js` is reached: `send` makes a `fetch` of a client's options, `readable` makes headers that
/// applications can read. The package calls it when it starts; applications have no use for it.
#[wasm_bindgen(js_name = providePipeline, skip_typescript)]
pub fn provide_pipeline(send: Function, readable: Function) {
    PROVIDED.set(Some([send, readable]));
}

/// What takes the place of `fetch`; `None` where the client's options do not ask for it.
pub(super) fn custom_fetch(options: &JsValue) -> Option<Function> {
    get(options, "httpClient").or_else(|| get(options, "additionalPolicies"))?;
    let [send, _] = PROVIDED.with_borrow(Clone::clone)?;
    send.call1(&JsValue::UNDEFINED, options).ok()?.dyn_into().ok()
}

/// Headers as applications get them, without the token.
pub(super) fn readable(headers: &JsValue) -> JsValue {
    let readable = PROVIDED.with_borrow(Clone::clone).map(|[_, readable]| readable);
    let made = readable.and_then(|readable| readable.call1(&JsValue::UNDEFINED, headers).ok());
    made.unwrap_or_else(|| headers.clone())
}
