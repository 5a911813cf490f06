//! Devices as plain objects. Ids carry the kind in front (`camera:…`), so that one id names one device.

use wasm_bindgen::JsValue;
use web_sys::MediaDeviceKind;

use super::object::{Plain, get_string};
use crate::browser::media_devices::ListedDevice;

const CAMERA: &str = "camera:";
const MICROPHONE: &str = "microphone:";
const SPEAKER: &str = "speaker:";

/// What stands for a camera in the page's hands.
pub(crate) fn camera_info(id: &str, name: &str) -> JsValue {
    Plain::new()
        .with("id", format!("{CAMERA}{id}"))
        .with("name", name)
        .with("deviceType", "Unknown")
        .build()
}

/// A device of the list, fresh.
pub(crate) fn device_info(device: &ListedDevice) -> JsValue {
    let (prefix, device_type) = match device.kind {
        MediaDeviceKind::Audioinput => (MICROPHONE, "Microphone"),
        MediaDeviceKind::Audiooutput => (SPEAKER, "Speaker"),
        MediaDeviceKind::Videoinput | _ => return camera_info(&device.id, &device.label),
    };
    Plain::new()
        .with("id", format!("{prefix}{}", device.id))
        .with("name", device.label.as_str())
        .with("isSystemDefault", is_system_default(device))
        .with("deviceType", device_type)
        .build()
}

/// Whether it is the entry that follows the system's choice.
pub(crate) fn is_system_default(device: &ListedDevice) -> bool {
    device.id == "default"
}

/// The browser's id and the name of a camera that the page handed in.
pub(crate) fn read_camera(info: &JsValue) -> Option<(String, String)> {
    let id = get_string(info, "id")?.strip_prefix(CAMERA)?.to_owned();
    Some((id, get_string(info, "name").unwrap_or_default()))
}

/// The browser's id of a microphone that the page handed in.
pub(crate) fn read_microphone(info: &JsValue) -> Option<String> {
    Some(get_string(info, "id")?.strip_prefix(MICROPHONE)?.to_owned())
}

/// The browser's id of a loudspeaker that the page handed in.
pub(crate) fn read_speaker(info: &JsValue) -> Option<String> {
    Some(get_string(info, "id")?.strip_prefix(SPEAKER)?.to_owned())
}
