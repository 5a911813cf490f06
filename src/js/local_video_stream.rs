//! `LocalVideoStream`: a camera, or a `MediaStream` of the page, to be shown or sent.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::MediaStream;

use super::{
    device_info::{camera_info, read_camera},
    error::services_error,
    events, features,
    media_error::camera_error,
    object::{Plain, get},
    promise::promise,
};
use crate::{
    browser::{media_devices::OpenFailure, media_element::same_stream},
    call_driver::local_video::{LocalVideo, VideoSource},
};

/// A camera, or a `MediaStream` of the page. The camera is turned on when it is first shown or sent, and off when
/// nothing shows or sends it any more.
#[wasm_bindgen(skip_typescript)]
pub struct LocalVideoStream {
    video: Rc<LocalVideo>,
}

#[wasm_bindgen]
impl LocalVideoStream {
    /// A stream of a camera, or of a `MediaStream`.
    ///
    /// # Errors
    /// An argument is of the wrong kind.
    #[wasm_bindgen(constructor)]
    pub fn new(source: &JsValue, options: &JsValue) -> Result<LocalVideoStream, JsValue> {
        let ends_with_call = get(options, "autoDisposeOnCallEnd").is_none_or(|ends| ends.is_truthy());
        let source = read_source(source).ok_or_else(|| {
            services_error(
                "A LocalVideoStream needs a camera from DeviceManager.getCameras(), or a MediaStream.",
                400,
                43004,
            )
        })?;
        Ok(Self {
            video: LocalVideo::new(source, ends_with_call),
        })
    }

    /// Finds the stream from its object.
    #[wasm_bindgen(getter, js_name = _streamKey)]
    pub fn stream_key(&self) -> u32 {
        self.video.key()
    }

    /// The camera.
    #[wasm_bindgen(getter)]
    pub fn source(&self) -> JsValue {
        match self.video.source() {
            VideoSource::Camera { id, name } => camera_info(&id, &name),
            VideoSource::Custom(stream) => Plain::new()
                .with("id", stream.id())
                .with("name", "")
                .with("deviceType", "Virtual")
                .build(),
        }
    }

    /// `Video`, or `RawMedia` for a stream of the page.
    #[wasm_bindgen(getter, js_name = mediaStreamType)]
    pub fn media_stream_type(&self) -> String {
        if self.video.is_custom() {
            "RawMedia"
        } else {
            "Video"
        }
        .to_owned()
    }

    /// Goes over to another camera.
    #[wasm_bindgen(js_name = switchSource)]
    pub fn switch_source(&self, source: &JsValue) -> Promise {
        let video = Rc::clone(&self.video);
        let wanted = read_camera(source);
        promise(async move {
            let (id, name) = wanted.ok_or_else(|| {
                services_error(
                    "switchSource needs a camera from DeviceManager.getCameras().",
                    400,
                    43004,
                )
            })?;
            if matches!(video.source(), VideoSource::Camera { id: current, .. } if current == id) {
                return Err(services_error(
                    "switchSource: this camera is already in use.",
                    400,
                    43005,
                ));
            }
            let changed = change_source(&video, VideoSource::Camera { id, name }).await;
            changed.map_err(|failure| camera_error("LocalVideoStream.switchSource", failure))?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The stream; opens the camera.
    #[wasm_bindgen(js_name = getMediaStream)]
    pub fn get_media_stream(&self) -> Promise {
        let video = Rc::clone(&self.video);
        promise(async move {
            video
                .hand_out()
                .await
                .map_err(|failure| camera_error("LocalVideoStream.getMediaStream", failure))
        })
    }

    /// Goes over to a stream of the page.
    #[wasm_bindgen(js_name = setMediaStream)]
    pub fn set_media_stream(&self, source: &JsValue) -> Promise {
        let video = Rc::clone(&self.video);
        let stream = source.dyn_ref::<MediaStream>().cloned();
        promise(async move {
            let stream =
                stream.ok_or_else(|| services_error("setMediaStream needs a MediaStream.", 400, 43004))?;
            let changed = change_source(&video, VideoSource::Custom(stream)).await;
            changed.map_err(|failure| camera_error("LocalVideoStream.setMediaStream", failure))?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Turns the camera off.
    pub fn dispose(&self) {
        self.video.dispose_by_page();
        events::flush();
    }

    /// Throws: there are no features yet.
    ///
    /// # Errors
    /// Always, or for a feature that does not exist.
    pub fn feature(&self, factory: &JsValue) -> Result<JsValue, JsValue> {
        Err(features::unknown("LocalVideoStream", factory))
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

fn read_source(source: &JsValue) -> Option<VideoSource> {
    if let Some(stream) = source.dyn_ref::<MediaStream>() {
        return Some(VideoSource::Custom(same_stream(stream)));
    }
    read_camera(source).map(|(id, name)| VideoSource::Camera { id, name })
}

/// Goes over to another source, and tells the page.
pub(crate) async fn change_source(video: &Rc<LocalVideo>, source: VideoSource) -> Result<(), OpenFailure> {
    video.switch_to(source).await?;
    let object = video.object().unwrap_or_else(|| {
        let object = JsValue::from(LocalVideoStream {
            video: Rc::clone(video),
        });
        video.remember_object(&object);
        object
    });
    video.events().queue(
        "videoSourceChanged",
        [Plain::new().with("source", object).build()],
    );
    events::flush();
    Ok(())
}
