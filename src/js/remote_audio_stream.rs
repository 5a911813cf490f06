//! `RemoteAudioStream`: the other side's sound. The call plays it by itself; this is for meters and recorders.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::MediaStream;

use crate::browser::media_element::same_stream;

/// The other side's sound.
#[wasm_bindgen(skip_typescript)]
pub struct RemoteAudioStream {
    stream: MediaStream,
}

impl RemoteAudioStream {
    pub(crate) const fn of(stream: MediaStream) -> Self {
        Self { stream }
    }
}

#[wasm_bindgen]
impl RemoteAudioStream {
    /// The media. Stopping its track ends the call's sound.
    #[wasm_bindgen(js_name = getMediaStream)]
    pub fn get_media_stream(&self) -> Promise {
        Promise::resolve(&JsValue::from(same_stream(&self.stream)))
    }
}
