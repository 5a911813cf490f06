//! The Openline SDK: what JavaScript sees (`js`), adapters over the browser (`browser`), and the drivers that
//! feed the state machines of `openline-session`, `openline-call`, `openline-chat` and `openline-identity`.
#![cfg_attr(
    not(all(feature = "calling", feature = "chat")),
    allow(dead_code, reason = "what both use has parts that only one of them does")
)]

mod browser;
#[cfg(feature = "calling")]
mod call_driver;
mod driver;
mod js;
#[cfg(feature = "chat")]
mod rest;
mod text;

pub use js::*;
#[cfg(feature = "chat")]
pub use rest::provide_pipeline;
use wasm_bindgen::prelude::wasm_bindgen;

/// Two kilobytes smaller after gzip than the allocator of the standard library, and faster.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Runs once when the module is instantiated: turns a panic into a readable console message, nothing else.
#[wasm_bindgen(start, skip_typescript)]
fn start() {
    console_error_panic_hook::set_once();
}
