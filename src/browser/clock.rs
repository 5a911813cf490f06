//! The two clocks that the cores are given.

use openline_protocol::{Instant, Timestamp};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic_millis() -> f64;
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn wall_millis() -> f64;
}

/// The monotonic clock. It may stand still while the machine sleeps.
pub(crate) fn now() -> Instant {
    Instant::from_millis(millis(monotonic_millis()))
}

/// The wall clock.
pub(crate) fn wall() -> Timestamp {
    Timestamp::from_millis(millis(wall_millis()))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped, and whole milliseconds are meant"
)]
fn millis(value: f64) -> u64 {
    value.max(0.0) as u64
}
