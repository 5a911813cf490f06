//! What the page asks of a call.

use std::rc::Rc;

use openline_call::agent::{CallOver, CallState, TransferCall};
use openline_protocol::{CallId, RawId};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{
    active_call::{ActiveCall, SentVideo},
    call_options::VideoArgument,
};
use crate::{
    browser::{media_devices::OpenFailure, random},
    js::{
        error::services_error,
        events,
        media_error::{camera_error, microphone_error},
        promise::spawn,
    },
};

/// Another microphone is sent, or none: for `pkg/local_audio.js`.
const SOUND_EVENT: &str = "_sound";

impl ActiveCall {
    /// Opens the microphone, unless that was tried, and the camera in the background. Without a microphone the call goes
    /// on muted, without a camera it goes on without video.
    pub(super) fn open_devices(self: &Rc<Self>, video: Option<VideoArgument>, microphone_tried: bool) {
        if self.is_ending() {
            return;
        }
        if !microphone_tried {
            let media = Rc::clone(&self.media);
            spawn(async move {
                media.start_microphone().await;
                events::flush();
            });
        }
        let Some(argument) = video else { return };
        let call = Rc::clone(self);
        spawn(async move {
            // The diagnostics tell what became of it.
            call.send_camera(argument).await.ok();
            events::flush();
        });
    }

    /// Leaves, and waits until the call is over.
    pub(crate) async fn hang_up(self: Rc<Self>) -> Result<JsValue, JsValue> {
        self.request_hang_up();
        drop(JsFuture::from(self.over()).await);
        Ok(JsValue::UNDEFINED)
    }

    /// Mutes or unmutes the microphone.
    pub(crate) async fn set_muted(self: Rc<Self>, muted: bool) -> Result<JsValue, JsValue> {
        let (operation, code, sub_code) = if muted {
            ("Call.mute", 500, 41015)
        } else {
            ("Call.unmute", 400, 41016)
        };
        let over = || services_error(&format!("{operation}: the call is over."), code, sub_code);
        if self.is_ending() {
            return Err(over());
        }
        if !muted && !self.media.has_microphone() {
            let opened = self.media.open_microphone().await;
            opened.map_err(|failure| microphone_error(operation, failure))?;
        }
        self.media.set_muted(muted);
        self.tell_media().map_err(|CallOver| over())?;
        self.show_muted(muted);
        Ok(JsValue::UNDEFINED)
    }

    /// The microphone was muted, or not any more, by what happened to the device.
    pub(super) fn microphone_changed(&self, muted: bool) {
        // A call that is over needs to be told nothing.
        self.tell_media().ok();
        self.show_muted(muted);
        self.events.queue(SOUND_EVENT, []);
    }

    fn show_muted(&self, muted: bool) {
        self.later(move |call| {
            if call.muted.replace(muted) != muted {
                call.events.emit("isMutedChanged", &[]);
            }
        });
    }

    /// Puts the call on hold, or takes it off.
    pub(crate) fn set_held(&self, held: bool) -> Result<JsValue, JsValue> {
        let (operation, sub_code) = if held {
            ("Call.hold", 41033)
        } else {
            ("Call.resume", 41034)
        };
        let done = self.agent.upgrade().map(|agent| {
            let id = self.id();
            agent.input(|core, _now| if held { core.hold(&id) } else { core.resume(&id) })
        });
        match done {
            Some(Ok(())) => Ok(JsValue::UNDEFINED),
            Some(Err(_)) | None => Err(services_error(
                &format!("{operation}: the call is not connected."),
                500,
                sub_code,
            )),
        }
    }

    /// Has the other side call somebody else.
    pub(crate) fn transfer(&self, target: RawId, custom_context: Option<String>) -> Result<(), JsValue> {
        let transfer = TransferCall {
            into: CallId::new(random::uuid()),
            target,
            custom_context,
        };
        let asked = self
            .agent
            .upgrade()
            .map(|agent| agent.input(|core, _now| core.transfer(&self.id(), transfer)));
        if let Some(Ok(())) = asked {
            return Ok(());
        }
        let message = "Transfer.transfer: the call is not connected, or is being transferred already.";
        Err(services_error(message, 412, 0))
    }

    /// Silences playback on this side, or undoes that.
    pub(crate) fn set_incoming_muted(&self, muted: bool) {
        self.media.set_incoming_muted(muted);
        self.later(move |call| {
            if call.incoming_muted.replace(muted) != muted {
                call.events.emit("isIncomingAudioMutedChanged", &[]);
            }
        });
    }

    /// Sends a camera.
    pub(crate) async fn start_video(self: Rc<Self>, stream: JsValue) -> Result<JsValue, JsValue> {
        let operation = "Call.startVideo";
        let argument = VideoArgument::read(&stream, operation)?;
        if self.is_ending() {
            return Err(services_error("Call.startVideo: the call is over.", 500, 43002));
        }
        if self.media.wanted_camera().is_some() {
            return Err(services_error(
                "Call.startVideo: video is already on. Stop it first.",
                400,
                41027,
            ));
        }
        let started = self.send_camera(argument).await;
        started.map_err(|failure| camera_error(operation, failure))?;
        Ok(JsValue::UNDEFINED)
    }

    /// Stops sending that camera, also while it still opens: then whoever started it is told nothing.
    pub(crate) fn stop_video(&self, stream: &JsValue) -> Result<(), JsValue> {
        let argument = VideoArgument::read(stream, "Call.stopVideo")?;
        let Some(wanted) = self.media.wanted_camera() else {
            return Err(services_error(
                "Call.stopVideo: video is already off.",
                400,
                41030,
            ));
        };
        if !Rc::ptr_eq(&wanted, &argument.video) {
            let message = "Call.stopVideo: this stream is not sent. Take it from localVideoStreams.";
            return Err(services_error(message, 400, 41032));
        }
        self.stop_camera();
        Ok(())
    }

    /// Whether the call is over, or about to be.
    pub(crate) fn is_ending(&self) -> bool {
        let state = self
            .agent
            .upgrade()
            .and_then(|agent| agent.core.borrow().call_state(&self.id()));
        matches!(
            state,
            None | Some(CallState::Disconnecting | CallState::Disconnected)
        )
    }

    /// Hangs up without waiting.
    pub(crate) fn request_hang_up(&self) {
        if let Some(agent) = self.agent.upgrade() {
            // A call that is over needs no hang-up.
            agent.input(|core, now| core.hang_up(&self.id(), now)).ok();
        }
    }

    async fn send_camera(self: &Rc<Self>, argument: VideoArgument) -> Result<(), OpenFailure> {
        let weak = self.this.clone();
        let on_lost = move || {
            if let Some(call) = weak.upgrade() {
                call.stop_camera();
            }
        };
        let video = Rc::clone(&argument.video);
        let started = self.media.start_camera(video, on_lost).await;
        // For the diagnostics; pages have the promise of `startVideo`.
        let failure = started
            .err()
            .map(|failure| camera_error("Call.startVideo", failure));
        self.events.queue("cameraTried", [failure.into()]);
        if started? {
            // A call that ended meanwhile needs to be told nothing.
            self.tell_media().ok();
            self.show_sent(SentVideo::Camera, Some(argument.object));
        }
        Ok(())
    }

    fn stop_camera(&self) {
        self.media.stop_camera();
        // A call that is over needs to be told nothing.
        self.tell_media().ok();
        self.show_sent(SentVideo::Camera, None);
    }

    fn tell_media(&self) -> Result<(), CallOver> {
        let agent = self.agent.upgrade().ok_or(CallOver)?;
        agent.input(|core, _now| core.set_media(&self.id(), self.media.state()))
    }

    /// A screen is sent, or none any more; `pkg/screen_share.js` does that.
    pub(crate) fn show_screen(&self, screen: Option<JsValue>) {
        self.media.set_screen(screen.is_some());
        // A call that is over needs to be told nothing.
        self.tell_media().ok();
        self.show_sent(SentVideo::Screen, screen);
        events::flush();
    }

    /// Tells the other side what is diagnosed here, in the form of the wire.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "of the package's own: whole, and below 2^53"
    )]
    pub(crate) fn set_diagnostics(&self, diagnostics: f64) {
        if let Some(agent) = self.agent.upgrade() {
            // A call that is over needs to tell nothing.
            agent
                .input(|core, _now| core.set_diagnostics(&self.id(), diagnostics as u64))
                .ok();
        }
    }

    fn show_sent(&self, what: SentVideo, added: Option<JsValue>) {
        self.later(move |call| {
            let removed = call.sent[what as usize].replace(added.clone());
            if added.is_none() && removed.is_none() {
                return;
            }
            let started_changed = added.is_some() != removed.is_some();
            call.emit_update("localVideoStreamsUpdated", added, removed);
            if started_changed {
                let event = match what {
                    SentVideo::Camera => "isLocalVideoStartedChanged",
                    SentVideo::Screen => "isScreenSharingOnChanged",
                };
                call.events.emit(event, &[]);
            }
        });
    }
}
