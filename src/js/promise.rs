//! Futures as promises.

use std::future::Future;

use js_sys::Promise;
use wasm_bindgen::JsValue;

/// Starts `future` and hands out the promise of its result. The future owns what it needs (clone the inner
/// `Rc` first) and holds no borrow across an await.
pub(crate) fn promise<T: Into<JsValue>>(
    future: impl Future<Output = Result<T, JsValue>> + 'static,
) -> Promise {
    wasm_bindgen_futures::future_to_promise(async move { future.await.map(Into::into) })
}

/// Awaits whatever JavaScript returned: a promise, another thenable, or a value.
pub(crate) async fn resolved(value: &JsValue) -> Result<JsValue, JsValue> {
    wasm_bindgen_futures::JsFuture::from(Promise::resolve(value)).await
}
