//! Adapters over the browser's own interfaces. No decisions; everything they hold is let go of on drop.

pub(crate) mod clock;
#[cfg(feature = "calling")]
pub(crate) mod device_memory;
pub(crate) mod endpoint;
#[cfg(feature = "chat")]
pub(crate) mod fetch;
#[cfg(feature = "calling")]
pub(crate) mod leaving;
pub(crate) mod listener;
#[cfg(feature = "calling")]
pub(crate) mod media_devices;
#[cfg(feature = "calling")]
pub(crate) mod media_element;
#[cfg(feature = "calling")]
pub(crate) mod media_quality;
#[cfg(feature = "calling")]
pub(crate) mod peer_connection;
pub(crate) mod random;
#[cfg(feature = "calling")]
mod rtc_bindings;
pub(crate) mod timer;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The text in a field of a browser's object.
fn text_of(target: &JsValue, field: &str) -> Option<String> {
    Reflect::get(target, &JsValue::from_str(field)).ok()?.as_string()
}
pub(crate) mod web_socket;
