//! Futures as promises, and futures that nobody waits for.
//!
//! Both box the future: the glue around it is generated once and not for every future, which halves the size of
//! a small one.

use std::{future::Future, pin::Pin};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};

/// Starts `future` and hands out the promise of its result. The future owns what it needs (clone the inner
/// `Rc` first) and holds no borrow across an await.
pub(crate) fn promise<T: Into<JsValue>>(
    future: impl Future<Output = Result<T, JsValue>> + 'static,
) -> Promise {
    boxed_promise(Box::pin(async move { future.await.map(Into::into) }))
}

fn boxed_promise(future: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
    wasm_bindgen_futures::future_to_promise(future)
}

/// A promise, and what resolves and rejects it.
pub(crate) fn deferred() -> (Promise, Function, Function) {
    let (mut resolve, mut reject) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
    let promise = Promise::new(&mut |resolves, rejects| {
        resolve = resolves.into();
        reject = rejects.into();
    });
    (promise, resolve.unchecked_into(), reject.unchecked_into())
}

/// Starts `future`; nobody waits for it.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    spawn_boxed(Box::pin(future));
}

fn spawn_boxed(future: Pin<Box<dyn Future<Output = ()>>>) {
    wasm_bindgen_futures::spawn_local(future);
}

/// Awaits whatever JavaScript returned: a promise, another thenable, or a value.
pub(crate) async fn resolved(value: &JsValue) -> Result<JsValue, JsValue> {
    wasm_bindgen_futures::JsFuture::from(Promise::resolve(value)).await
}
