//! Randomness for the cores: back-off jitter and ids.

use js_sys::Math;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// A number in `[0, 1)`. For jitter, not for secrets.
pub(crate) fn unit() -> f64 {
    Math::random()
}

/// 64 random bits. For jitter, not for secrets.
pub(crate) fn bits() -> u64 {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A version 4 UUID, lower case. `crypto.randomUUID` is missing on plain-http pages, hence by hand.
pub(crate) fn uuid() -> String {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for nibble in [byte >> 4, byte & 0x0f] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

fn fill(bytes: &mut [u8]) {
    let drawn = get_random_values(bytes).is_ok_and(|value| value.is_instance_of::<js_sys::Uint8Array>());
    if !drawn {
        // Every browser has `crypto.getRandomValues`; this keeps odd hosts working.
        for byte in bytes {
            *byte = (Math::random() * 256.0) as u8;
        }
    }
}
