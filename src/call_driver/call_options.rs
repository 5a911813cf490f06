//! What the page says about sound and picture when it starts or accepts a call.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MediaStream;

use super::{local_video::LocalVideo, stream_registry};
use crate::js::{
    error::services_error,
    object::{get, get_string},
};

/// A local stream and the page's object for it.
#[derive(Clone)]
pub(crate) struct VideoArgument {
    pub(crate) video: Rc<LocalVideo>,
    pub(crate) object: JsValue,
}

/// `JoinCallOptions`, read.
pub(crate) struct CallOptions {
    pub(crate) muted: bool,
    /// What takes the microphone's place.
    pub(crate) sound: Option<MediaStream>,
    pub(crate) video: Option<VideoArgument>,
    /// `VideoConstraints`.
    pub(crate) constraints: Option<JsValue>,
    pub(crate) custom_context: Option<String>,
}

impl VideoArgument {
    /// Reads a `LocalVideoStream`; `operation` names what it was given to.
    pub(crate) fn read(object: &JsValue, operation: &str) -> Result<Self, JsValue> {
        let video = stream_registry::find_local(object).ok_or_else(|| {
            services_error(
                &format!("{operation}: this is not a LocalVideoStream. Make one of a camera."),
                400,
                41025,
            )
        })?;
        Ok(Self {
            video,
            object: object.clone(),
        })
    }
}

impl CallOptions {
    /// Reads the options; everything is optional, and `undefined` members are as good as absent ones.
    pub(crate) fn read(options: &JsValue, operation: &str) -> Result<Self, JsValue> {
        let audio = get(options, "audioOptions").unwrap_or_default();
        let given = get(options, "videoOptions").unwrap_or_default();
        let first = get(&given, "localVideoStreams")
            .and_then(|streams| streams.dyn_into::<Array>().ok())
            .map(|streams| streams.get(0));
        let video = match first {
            Some(stream) if !stream.is_undefined() => Some(VideoArgument::read(&stream, operation)?),
            _ => None,
        };
        Ok(Self {
            muted: get(&audio, "muted").is_some_and(|muted| muted.is_truthy()),
            // Put there by `pkg/local_audio.js`.
            sound: get(&audio, "given").map(JsCast::unchecked_into),
            video,
            constraints: get(&given, "constraints"),
            // Checked and written by the members of the package.
            custom_context: get_string(options, "customContext"),
        })
    }
}
