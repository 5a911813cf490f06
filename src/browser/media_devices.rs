//! `navigator.mediaDevices`: the list of devices, and opening one of them.

use std::{cell::RefCell, time::Duration};

use futures_util::future::{Either, select};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack,
    MediaStreamTrackState,
};

use super::{
    listener::Listener,
    rtc_bindings::{Permissions, SpeakerChoice},
    timer::sleep,
};
use crate::{js::promise::spawn, text::contains};

/// How long a device may take to open. While the browser asks the person, no time counts.
const OPEN_TIMEOUT: Duration = Duration::from_secs(60);

/// How many times that the question may take: Firefox says that it would ask while it does not, too.
const MAX_QUESTIONS: u32 = 10;

/// A camera, microphone or loudspeaker as the browser lists it. Before permission was given `id` and `label` may
/// be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedDevice {
    pub(crate) kind: MediaDeviceKind,
    pub(crate) id: String,
    pub(crate) label: String,
}

thread_local! {
    // What this page opened; tracks that ended go when the next one is opened.
    static OPENED: RefCell<Vec<MediaStreamTrack>> = const { RefCell::new(Vec::new()) };
}

/// Why a device could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenFailure {
    /// The person or the browser's settings refused.
    Denied,
    /// The person closed the browser's question without an answer, or nothing came within a minute in which nobody was asked.
    Unanswered,
    /// The operating system refused the browser.
    DeniedBySystem,
    /// There is none.
    NotFound,
    /// Another program has it, or it is broken.
    Busy,
    /// It did not start.
    Failed,
    /// It cannot do what was asked, or the chosen device is gone.
    Constraints,
    /// The stream was disposed, or is the page's own and has no picture.
    NoPicture,
    /// The page is not secure (`https` or `localhost`), or the browser too old.
    Unsupported,
    /// The browser gave up for another reason.
    Other,
}

/// The browser's device interface; `None` on pages that are not secure.
pub(crate) fn media_devices() -> Option<MediaDevices> {
    let devices = web_sys::window()?.navigator().media_devices().ok()?;
    (!devices.is_undefined()).then_some(devices)
}

/// Every device that the page may know of.
pub(crate) async fn list() -> Vec<ListedDevice> {
    let Some(Ok(listing)) = media_devices().map(|devices| devices.enumerate_devices()) else {
        return Vec::new();
    };
    let Ok(found) = JsFuture::from(listing).await else {
        return Vec::new();
    };
    found
        .unchecked_into::<Array>()
        .iter()
        .map(|device| {
            let device: MediaDeviceInfo = device.unchecked_into();
            ListedDevice {
                kind: device.kind(),
                id: device.device_id(),
                label: device.label(),
            }
        })
        .collect()
}

/// Calls `callback` whenever a device comes or goes.
pub(crate) fn on_change(callback: impl Fn() + 'static) -> Option<Listener> {
    media_devices().map(|devices| Listener::new(&devices, "devicechange", move |_| callback()))
}

/// What to open.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    /// A microphone: that one, or the system's.
    Microphone(Option<String>),
    /// A camera: that one, or any.
    Camera(Option<String>),
    /// Any of each, as far as asked for.
    Any { audio: bool, video: bool },
}

/// Opens devices, asking for permission if need be. The tracks are the caller's to stop.
///
/// # Errors
/// See [`OpenFailure`].
pub(crate) async fn open(wanted: &Wanted) -> Result<MediaStream, OpenFailure> {
    let devices = media_devices().ok_or(OpenFailure::Unsupported)?;
    let opening = devices
        .get_user_media_with_constraints(&constraints(wanted))
        .map_err(|error| OpenFailure::of(&error))?;
    let opened = match select(JsFuture::from(opening), Box::pin(lateness(wanted))).await {
        Either::Left((opened, _)) => opened,
        Either::Right(((), late)) => {
            // It may still open when nobody waits any more.
            spawn(async {
                if let Ok(stream) = late.await {
                    stop(stream.unchecked_ref());
                }
            });
            return Err(OpenFailure::Unanswered);
        }
    };
    match opened {
        Ok(stream) => {
            let stream: MediaStream = stream.unchecked_into();
            OPENED.with_borrow_mut(|opened| {
                opened.retain(is_live);
                opened.extend(
                    stream
                        .get_tracks()
                        .iter()
                        .map(|track| track.unchecked_into::<MediaStreamTrack>()),
                );
            });
            Ok(stream)
        }
        Err(error) => Err(OpenFailure::of(&error)),
    }
}

// Until a time has passed in which nobody was asked, neither at its beginning nor at its end.
async fn lateness(wanted: &Wanted) {
    for _ in 0..MAX_QUESTIONS {
        let asked = asks(wanted).await;
        sleep(OPEN_TIMEOUT).await;
        if !asked && !asks(wanted).await {
            return;
        }
    }
}

/// Whether the browser would ask the person, or is asking; `false` where it does not tell.
async fn asks(wanted: &Wanted) -> bool {
    let (microphone, camera) = match wanted {
        Wanted::Microphone(_) => (true, false),
        Wanted::Camera(_) => (false, true),
        Wanted::Any { audio, video } => (*audio, *video),
    };
    (microphone && permission("microphone", "prompt").await)
        || (camera && permission("camera", "prompt").await)
}

/// Whether a microphone (`audio`) or a camera (`video`) is on that was opened here.
pub(crate) fn is_capturing(kind: &str) -> bool {
    OPENED.with_borrow(|opened| opened.iter().any(|track| is_live(track) && track.kind() == kind))
}

/// Whether the track still delivers.
pub(crate) fn is_live(track: &MediaStreamTrack) -> bool {
    track.ready_state() == MediaStreamTrackState::Live
}

/// Has the person choose a loudspeaker in the browser's own list, or takes that one if it was chosen before; gives its
/// id. `None` where the browser has no such list, or nothing was chosen.
pub(crate) async fn ask_speaker(id: &str) -> Option<String> {
    let wanted = Object::new();
    set(&wanted, "deviceId", &id.into());
    let devices: SpeakerChoice = media_devices()?.unchecked_into();
    let asking = devices.select_audio_output(&wanted).ok()?;
    let chosen = JsFuture::from(asking).await.ok()?;
    super::text_of(&chosen, "deviceId")
}

/// Whether the browser would open a `microphone` or `camera` without asking the person; `false` where it does not tell.
pub(crate) async fn granted(name: &str) -> bool {
    permission(name, "granted").await
}

async fn permission(name: &str, wanted: &str) -> bool {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return false;
    };
    let Ok(permissions) = Reflect::get(&navigator, &"permissions".into()) else {
        return false;
    };
    if permissions.is_undefined() {
        return false;
    }
    let descriptor = Object::new();
    set(&descriptor, "name", &name.into());
    let asking = permissions.unchecked_into::<Permissions>().query(&descriptor);
    let Ok(asking) = asking else { return false };
    let Ok(status) = JsFuture::from(asking).await else {
        return false;
    };
    super::text_of(&status, "state").is_some_and(|state| state == wanted)
}

/// Turns every device of the stream off.
pub(crate) fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// The first track of the stream.
pub(crate) fn first_track(tracks: &Array) -> Option<MediaStreamTrack> {
    tracks.get(0).dyn_into().ok()
}

impl OpenFailure {
    /// Whether somebody has to allow it first; asking again would be refused again, or disturb.
    pub(crate) const fn is_refusal(self) -> bool {
        matches!(self, Self::Denied | Self::Unanswered | Self::DeniedBySystem)
    }

    fn of(error: &JsValue) -> Self {
        let name = super::text_of(error, "name").unwrap_or_default();
        match name.as_str() {
            // Chromium tells the system's refusal from the person's in the message only.
            "NotAllowedError" | "PermissionDeniedError" | "SecurityError" => {
                let message = super::text_of(error, "message").unwrap_or_default();
                if contains(&message, "system") {
                    Self::DeniedBySystem
                } else if contains(&message, "dismissed") {
                    Self::Unanswered
                } else {
                    Self::Denied
                }
            }
            "NotFoundError" | "DevicesNotFoundError" => Self::NotFound,
            "NotReadableError" | "TrackStartError" => Self::Busy,
            "AbortError" => Self::Failed,
            "OverconstrainedError" | "ConstraintNotSatisfiedError" => Self::Constraints,
            "NotSupportedError" | "TypeError" => Self::Unsupported,
            _ => Self::Other,
        }
    }
}

fn constraints(wanted: &Wanted) -> MediaStreamConstraints {
    let constraints = MediaStreamConstraints::new();
    match wanted {
        Wanted::Microphone(id) => constraints.set_audio(&audio_constraints(id.as_deref())),
        Wanted::Camera(id) => constraints.set_video(&video_constraints(id.as_deref())),
        Wanted::Any { audio, video } => {
            if *audio {
                constraints.set_audio(&audio_constraints(None));
            }
            if *video {
                constraints.set_video(&video_constraints(None));
            }
        }
    }
    constraints
}

fn audio_constraints(id: Option<&str>) -> Object {
    let audio = Object::new();
    for feature in ["echoCancellation", "noiseSuppression", "autoGainControl"] {
        set(&audio, feature, &true.into());
    }
    set_device(&audio, id);
    audio
}

fn video_constraints(id: Option<&str>) -> Object {
    let video = Object::new();
    for (name, ideal) in [("width", 1280), ("height", 720), ("frameRate", 30)] {
        let range = Object::new();
        set(&range, "ideal", &ideal.into());
        set(&video, name, &range);
    }
    set_device(&video, id);
    video
}

fn set_device(constraints: &Object, id: Option<&str>) {
    if let Some(id) = id.filter(|id| !id.is_empty()) {
        let exact = Object::new();
        set(&exact, "exact", &id.into());
        set(constraints, "deviceId", &exact);
    }
}

fn set(target: &Object, name: &str, value: &JsValue) {
    // The object is fresh and extensible.
    drop(Reflect::set(target, &name.into(), value));
}
