//! `RemoteVideoStream`: the other side's camera or screen.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{error::services_error, object::Plain};
use crate::call_driver::remote_video::RemoteVideo;

/// The other side's camera or screen. It is there whether that is on or off, see `isAvailable`.
#[wasm_bindgen(skip_typescript)]
pub struct RemoteVideoStream {
    video: Rc<RemoteVideo>,
}

impl RemoteVideoStream {
    pub(crate) const fn of(video: Rc<RemoteVideo>) -> Self {
        Self { video }
    }
}

#[wasm_bindgen]
impl RemoteVideoStream {
    /// Finds the stream from its object.
    #[wasm_bindgen(getter, js_name = _streamKey)]
    pub fn stream_key(&self) -> u32 {
        self.video.key()
    }

    /// Unique within the call.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> u32 {
        1 + u32::from(self.video.is_screen())
    }

    /// `Video` or `ScreenSharing`.
    #[wasm_bindgen(getter, js_name = mediaStreamType)]
    pub fn media_stream_type(&self) -> String {
        if self.video.is_screen() {
            "ScreenSharing"
        } else {
            "Video"
        }
        .to_owned()
    }

    /// Whether the sender has it on.
    #[wasm_bindgen(getter, js_name = isAvailable)]
    pub fn is_available(&self) -> bool {
        self.video.available()
    }

    /// Whether pictures arrive.
    #[wasm_bindgen(getter, js_name = isReceiving)]
    pub fn is_receiving(&self) -> bool {
        self.video.receiving()
    }

    /// The size of the picture in pixels.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> JsValue {
        let (width, height) = self.video.size();
        Plain::new().with("width", width).with("height", height).build()
    }

    /// The media.
    #[wasm_bindgen(js_name = getMediaStream)]
    pub fn get_media_stream(&self) -> Promise {
        match self.video.media() {
            Some(stream) => Promise::resolve(&JsValue::from(stream)),
            None => Promise::reject(&services_error(
                "The other side sends no picture. Wait for isAvailable before asking for its stream.",
                404,
                43202,
            )),
        }
    }

    /// Registers a listener.
    ///
    /// # Errors
    /// The listener is no function.
    pub fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        self.video.events().on(event, listener)
    }

    /// Removes a listener.
    pub fn off(&self, event: &str, listener: &JsValue) {
        self.video.events().off(event, listener);
    }
}
