//! `DeviceManager`: permission, the lists of devices, and which of them are used.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::MediaDeviceKind;

use super::{
    device_info::{device_info, read_microphone, read_speaker},
    error::services_error,
    events,
    media_error::microphone_error,
    object::{Plain, array, get},
    promise::promise,
};
use crate::{
    browser::{
        media_devices::{self, ListedDevice, OpenFailure, Wanted},
        media_element::can_choose_speaker,
    },
    call_driver::devices::Devices,
};

/// Cameras, microphones and loudspeakers. One per call client.
#[wasm_bindgen(skip_typescript)]
pub struct DeviceManager {
    devices: Rc<Devices>,
}

impl DeviceManager {
    pub(crate) const fn of(devices: Rc<Devices>) -> Self {
        Self { devices }
    }

    fn list(&self, kind: MediaDeviceKind) -> Promise {
        let devices = Rc::clone(&self.devices);
        promise(async move {
            let found = devices.refresh().await;
            events::flush();
            Ok(array(
                found.iter().filter(|device| device.kind == kind).map(device_info),
            ))
        })
    }

    fn select(&self, id: Option<String>, kind: MediaDeviceKind) -> Promise {
        let devices = Rc::clone(&self.devices);
        promise(async move {
            not_disposed(&devices)?;
            let mut device = None;
            if let Some(mut id) = id {
                device = find(&devices, kind, &id).await;
                if device.is_none()
                    && kind == MediaDeviceKind::Audiooutput
                    && let Some(chosen) = media_devices::ask_speaker(&id).await
                {
                    id = chosen;
                    device = find(&devices, kind, &id).await;
                }
            }
            let device = device.ok_or_else(|| {
                services_error(
                    "There is no such device. Take one from the lists of the device manager.",
                    400,
                    43004,
                )
            })?;
            let chosen = devices.choose(device).await;
            events::flush();
            chosen.map_err(|failure| microphone_error("DeviceManager.selectMicrophone", failure))?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

#[wasm_bindgen]
impl DeviceManager {
    /// The cameras.
    #[wasm_bindgen(js_name = getCameras)]
    pub fn get_cameras(&self) -> Promise {
        self.list(MediaDeviceKind::Videoinput)
    }

    /// The microphones.
    #[wasm_bindgen(js_name = getMicrophones)]
    pub fn get_microphones(&self) -> Promise {
        self.list(MediaDeviceKind::Audioinput)
    }

    /// The loudspeakers.
    #[wasm_bindgen(js_name = getSpeakers)]
    pub fn get_speakers(&self) -> Promise {
        if can_choose_speaker() {
            return self.list(MediaDeviceKind::Audiooutput);
        }
        Promise::reject(&services_error(
            "This browser does not let a page list loudspeakers.",
            405,
            40606,
        ))
    }

    /// Uses that microphone, also in calls that are running.
    #[wasm_bindgen(js_name = selectMicrophone)]
    pub fn select_microphone(&self, microphone_device: &JsValue) -> Promise {
        self.select(read_microphone(microphone_device), MediaDeviceKind::Audioinput)
    }

    /// Uses that loudspeaker, also in calls that are running.
    #[wasm_bindgen(js_name = selectSpeaker)]
    pub fn select_speaker(&self, speaker_device: &JsValue) -> Promise {
        if can_choose_speaker() {
            return self.select(read_speaker(speaker_device), MediaDeviceKind::Audiooutput);
        }
        Promise::reject(&services_error(
            "This browser does not let a page choose the loudspeaker.",
            405,
            40606,
        ))
    }

    /// The microphone that calls use.
    #[wasm_bindgen(getter, js_name = selectedMicrophone)]
    pub fn selected_microphone(&self) -> JsValue {
        info_or_undefined(self.devices.microphone())
    }

    /// The loudspeaker that calls use.
    #[wasm_bindgen(getter, js_name = selectedSpeaker)]
    pub fn selected_speaker(&self) -> JsValue {
        info_or_undefined(self.devices.speaker())
    }

    /// Whether the browser lets a page choose the loudspeaker.
    #[wasm_bindgen(getter, js_name = isSpeakerSelectionAvailable)]
    pub fn is_speaker_selection_available(&self) -> bool {
        can_choose_speaker()
    }

    /// Asks the person for what may be used.
    #[wasm_bindgen(js_name = askDevicePermission)]
    pub fn ask_device_permission(&self, permission_constraints: &JsValue) -> Promise {
        let wants = |kind| get(permission_constraints, kind).is_some_and(|wanted| wanted.is_truthy());
        let (audio, video) = (wants("audio"), wants("video"));
        let devices = Rc::clone(&self.devices);
        promise(async move {
            not_disposed(&devices)?;
            let found = devices.refresh().await;
            let ask_audio = audio && !is_usable(&found, MediaDeviceKind::Audioinput).await;
            let ask_video = video && !is_usable(&found, MediaDeviceKind::Videoinput).await;
            let (audio_given, video_given) = ask(ask_audio, ask_video).await?;
            let (audio, video) = (
                audio && (!ask_audio || audio_given),
                video && (!ask_video || video_given),
            );
            if ask_audio || ask_video {
                devices.refresh().await;
            }
            events::flush();
            Ok(Plain::new().with("audio", audio).with("video", video).build())
        })
    }

    /// Registers a listener.
    ///
    /// # Errors
    /// The listener is no function.
    pub fn on(&self, event: &str, listener: &JsValue) -> Result<(), JsValue> {
        self.devices.events().on(event, listener)
    }

    /// Removes a listener.
    pub fn off(&self, event: &str, listener: &JsValue) {
        self.devices.events().off(event, listener);
    }
}

fn not_disposed(devices: &Devices) -> Result<(), JsValue> {
    if devices.is_disposed() {
        return Err(services_error(
            "DeviceManager: the client was disposed. Make another.",
            412,
            0,
        ));
    }
    Ok(())
}

fn info_or_undefined(device: Option<ListedDevice>) -> JsValue {
    device.as_ref().map_or(JsValue::UNDEFINED, device_info)
}

async fn find(devices: &Rc<Devices>, kind: MediaDeviceKind, id: &str) -> Option<ListedDevice> {
    let found = devices.refresh().await;
    found
        .into_iter()
        .find(|device| device.kind == kind && device.id == id)
}

// What may be used already is not opened to find out: on phones that takes it from whoever uses it.
async fn is_usable(found: &[ListedDevice], kind: MediaDeviceKind) -> bool {
    let (track, permission) = if kind == MediaDeviceKind::Audioinput {
        ("audio", "microphone")
    } else {
        ("video", "camera")
    };
    let named = || {
        found
            .iter()
            .any(|device| device.kind == kind && !device.label.is_empty())
    };
    media_devices::is_capturing(track) || (named() && media_devices::granted(permission).await)
}

// One prompt for both; where that fails, each by itself, since one of the two may be missing.
async fn ask(audio: bool, video: bool) -> Result<(bool, bool), JsValue> {
    if !audio && !video {
        return Ok((false, false));
    }
    let opened = try_open(audio, video).await;
    if opened.is_ok() {
        return Ok((audio, video));
    }
    if audio && video && opened != Err(OpenFailure::Unanswered) {
        return Ok((
            is_granted(try_open(true, false).await)?,
            is_granted(try_open(false, true).await)?,
        ));
    }
    let granted = is_granted(opened)?;
    Ok((audio && granted, video && granted))
}

async fn try_open(audio: bool, video: bool) -> Result<(), OpenFailure> {
    let opened = media_devices::open(&Wanted::Any { audio, video }).await;
    opened.map(|stream| media_devices::stop(&stream))
}

fn is_granted(opened: Result<(), OpenFailure>) -> Result<bool, JsValue> {
    match opened {
        // In use by another program: the permission was given all the same.
        Ok(()) | Err(OpenFailure::Busy | OpenFailure::Failed | OpenFailure::Constraints) => Ok(true),
        Err(
            OpenFailure::Denied
            | OpenFailure::Unanswered
            | OpenFailure::DeniedBySystem
            | OpenFailure::NotFound,
        ) => Ok(false),
        Err(OpenFailure::Unsupported) => Err(services_error(
            "Devices cannot be used on this page. Open it over https or on localhost, in a current browser.",
            500,
            40614,
        )),
        Err(OpenFailure::Other | OpenFailure::NoPicture) => Err(services_error(
            "The browser could not ask for permission. Try again.",
            500,
            40614,
        )),
    }
}
