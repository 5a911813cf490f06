//! One-shot timers that are cancelled when dropped.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::EventTarget;

use crate::js::promise::deferred;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, millis: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
}

/// The longest delay `setTimeout` takes; a longer one would fire at once.
const MAX_DELAY_MS: f64 = 2_147_483_647.0;

/// A running timer. Dropping it cancels it; it may be dropped from within its own callback.
pub(crate) struct Timer {
    _running: Running,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` once after `delay`, clamped to 24.8 days.
    pub(crate) fn after(delay: Duration, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let running = Running::start(callback.as_ref().unchecked_ref(), delay);
        Self {
            _running: running,
            _callback: callback,
        }
    }
}

/// A timer of the browser's, for as long as anybody waits for it.
struct Running(JsValue);

impl Running {
    fn start(callback: &Function, delay: Duration) -> Self {
        Self(set_timeout(callback, delay_ms(delay)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        clear_timeout(&self.0);
    }
}

/// Waits for `delay`, clamped to 24.8 days.
pub(crate) async fn sleep(delay: Duration) {
    sleep_unless_aborted(delay, None).await;
}

/// The same; an abort ends it early.
pub(crate) async fn sleep_unless_aborted(delay: Duration, abort_signal: Option<&JsValue>) {
    let (promise, wake, _) = deferred();
    let _running = Running::start(&wake, delay);
    let signal: Option<&EventTarget> = abort_signal
        .filter(|signal| signal.is_object())
        .map(JsCast::unchecked_ref);
    if let Some(signal) = signal {
        drop(signal.add_event_listener_with_callback("abort", &wake));
    }
    // The promise has no way to be rejected.
    drop(wasm_bindgen_futures::JsFuture::from(promise).await);
    if let Some(signal) = signal {
        drop(signal.remove_event_listener_with_callback("abort", &wake));
    }
}

fn delay_ms(delay: Duration) -> f64 {
    // Rounded up, so that a core is never woken just before its time is due.
    (delay.as_secs_f64() * 1000.0).ceil().min(MAX_DELAY_MS)
}
