//! Device failures as errors of the calling interface.

use wasm_bindgen::JsValue;

use super::error::services_error;
use crate::browser::media_devices::OpenFailure;

/// The camera could not be opened for `operation`, for example `Call.startVideo`.
pub(crate) fn camera_error(operation: &str, failure: OpenFailure) -> JsValue {
    let (code, sub_code, fact, advice) = match failure {
        OpenFailure::Busy => (
            412,
            43000,
            "SourceUnavailableError",
            "Close other programs that use the camera and try again.",
        ),
        OpenFailure::Denied => (
            403,
            43001,
            "permissionDeniedError",
            "Allow the camera next to the address bar.",
        ),
        OpenFailure::NotFound => (412, 43013, "DeviceNotFoundError", "Connect a camera."),
        OpenFailure::Failed => (
            412,
            43014,
            "RequestFailedError",
            "Connect the camera anew and try again.",
        ),
        OpenFailure::Unanswered => (
            412,
            43015,
            "PromptTimedOutError",
            "Answer the browser's question and try again.",
        ),
        OpenFailure::Other => (500, 43002, "UnknownError", "Try again, or restart the browser."),
        OpenFailure::DeniedBySystem => (
            412,
            43016,
            "permissionDeniedBySystemError",
            "Allow the browser to use the camera in the system's privacy settings.",
        ),
        OpenFailure::Unsupported => (
            412,
            43017,
            "UnsupportedError",
            "Open the page over https or on localhost, in a current browser.",
        ),
        OpenFailure::NoPicture => (
            412,
            43019,
            "NoVideoSourceError",
            "The stream was disposed, or has no live video track.",
        ),
        OpenFailure::Constraints => (
            412,
            43018,
            "ConstraintsError",
            "Choose a camera from DeviceManager.getCameras().",
        ),
    };
    services_error(
        &format!("{operation}: Video operation failure {fact}. {advice}"),
        code,
        sub_code,
    )
}

/// The microphone could not be opened for `operation`, for example `Call.unmute`.
pub(crate) fn microphone_error(operation: &str, failure: OpenFailure) -> JsValue {
    let (sub_code, advice) = match failure {
        OpenFailure::Denied | OpenFailure::Unanswered => (
            40613,
            "was refused. Allow it next to the address bar and try again.",
        ),
        OpenFailure::DeniedBySystem => (
            40613,
            "was refused. Allow the browser to use it in the system's privacy settings.",
        ),
        OpenFailure::NotFound | OpenFailure::Constraints => (41016, "is missing. Connect one and try again."),
        OpenFailure::Busy => (
            41016,
            "is in use. Close other programs that use it and try again.",
        ),
        OpenFailure::Unsupported | OpenFailure::Failed | OpenFailure::NoPicture | OpenFailure::Other => {
            (41016, "did not start. Try again, or restart the browser.")
        }
    };
    services_error(&format!("{operation}: the microphone {advice}"), 400, sub_code)
}
