//! The media of one call: its peer connection, its microphone, its camera, and the other side's sound.
//!
//! Made while the call still rings, so that everything slow is under way before it is answered. Released once, at
//! the end; whatever finishes after that is let go of at once.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use openline_protocol::realtime::{IceServer, MediaState};
use wasm_bindgen::JsValue;
use web_sys::{MediaStream, MediaStreamTrack};

use super::{
    call_camera::CallCamera,
    call_microphone::CallMicrophone,
    devices::{DeviceFollower, Devices, Switching},
    local_video::{LocalVideo, live_video_track},
    media_monitor::MediaMonitor,
    participant::Participant,
};
use crate::{
    browser::{
        media_devices::OpenFailure,
        media_element::{SoundElement, same_stream, stream_of},
        media_quality::MediaQuality,
        peer_connection::{MediaKind, PeerConnection, PeerError, PeerEvent, RemoteTrack},
    },
    js::{events, promise::spawn},
};

/// The media of one call.
pub(crate) struct CallMedia {
    devices: Rc<Devices>,
    quality: Rc<MediaQuality>,
    peer: RefCell<Option<Rc<PeerConnection>>>,
    microphone: CallMicrophone,
    /// What the page sends in the selected microphone's place.
    given: RefCell<Option<MediaStream>>,
    camera: CallCamera,
    /// Whether a screen is sent, by `pkg/screen_share.js`.
    screen: Cell<bool>,
    /// The other side's microphone, and what its screen plays.
    sounds: [RefCell<Option<Rc<SoundElement>>>; 2],
    incoming_muted: Cell<bool>,
    held: Cell<bool>,
    participant: RefCell<Option<Rc<Participant>>>,
    on_sound: RefCell<Option<OnSound>>,
    on_muted: RefCell<Option<OnMuted>>,
    monitor: RefCell<Option<MediaMonitor>>,
    released: Cell<bool>,
}

type OnSound = Rc<dyn Fn(usize, MediaStream)>;
type OnMuted = Rc<dyn Fn(bool)>;

impl CallMedia {
    /// Media that uses the selected devices.
    pub(crate) fn new(devices: Rc<Devices>, quality: MediaQuality, muted: bool) -> Rc<Self> {
        let media = Rc::new(Self {
            devices,
            quality: Rc::new(quality),
            peer: RefCell::default(),
            microphone: CallMicrophone::default(),
            given: RefCell::default(),
            camera: CallCamera::default(),
            screen: Cell::new(false),
            sounds: Default::default(),
            incoming_muted: Cell::new(false),
            held: Cell::new(false),
            participant: RefCell::default(),
            on_sound: RefCell::default(),
            on_muted: RefCell::default(),
            monitor: RefCell::default(),
            released: Cell::new(false),
        });
        media.microphone.set_muted(muted);
        let follower: Weak<Self> = Rc::downgrade(&media);
        media.devices.follow(follower);
        media
    }

    /// Makes the peer connection, which begins to gather candidates. A second time it does nothing.
    pub(crate) fn prepare_peer(
        self: &Rc<Self>,
        ice_servers: &[IceServer],
        on_event: impl Fn(PeerEvent) + 'static,
    ) -> Result<(), PeerError> {
        if self.released.get() || self.peer.borrow().is_some() {
            return Ok(());
        }
        let weak = Rc::downgrade(self);
        let peer = PeerConnection::new(ice_servers, Rc::clone(&self.quality), move |event| match event {
            PeerEvent::RemoteTrack(remote) => {
                if let Some(media) = weak.upgrade() {
                    media.on_remote_track(&remote);
                }
            }
            PeerEvent::NegotiationNeeded | PeerEvent::Candidate(_) | PeerEvent::ConnectionState(_) => {
                on_event(event)
            }
        })?;
        let peer = Rc::new(peer);
        self.peer.replace(Some(Rc::clone(&peer)));
        self.send(MediaKind::Audio, self.microphone.track());
        self.send(MediaKind::Video, self.camera.track());
        Ok(())
    }

    /// The peer connection, while there is one.
    pub(crate) fn peer(&self) -> Option<Rc<PeerConnection>> {
        self.peer.borrow().clone()
    }

    /// How it is sent.
    pub(crate) fn quality(&self) -> &MediaQuality {
        &self.quality
    }

    /// Limits what is sent, for as long as the call lasts.
    ///
    /// # Errors
    /// These are no `VideoConstraints`.
    pub(crate) fn limit(&self, constraints: Option<&JsValue>) -> Result<(), JsValue> {
        constraints.map_or(Ok(()), |constraints| {
            self.quality.ask("limit", constraints).map(drop)
        })
    }

    /// Whom the media that arrives belongs to.
    pub(crate) fn set_participant(&self, participant: Rc<Participant>) {
        self.participant.replace(Some(participant));
    }

    /// Calls back with each of the other side's sounds, once there is a path for it: 0 is of its microphone, 1 of its screen.
    pub(crate) fn when_heard(&self, callback: impl Fn(usize, MediaStream) + 'static) {
        self.on_sound.replace(Some(Rc::new(callback)));
    }

    /// Calls back when the microphone was muted because there is none any more, and when it is back.
    pub(crate) fn when_muted(&self, callback: impl Fn(bool) + 'static) {
        self.on_muted.replace(Some(Rc::new(callback)));
    }

    /// What this side sends, as the other side is told: a picture once there is one.
    pub(crate) fn state(&self) -> MediaState {
        MediaState {
            muted: self.microphone.muted(),
            video: self.camera.is_sent(),
            screen: self.screen.get(),
            // The rest is the core's matter.
            ..MediaState::default()
        }
    }

    /// Opens the selected microphone for a call that begins. Where there is none, or it is refused, the call is muted.
    pub(crate) async fn start_microphone(self: &Rc<Self>) {
        if let Err(failure) = self.open_microphone().await {
            self.lose_microphone(failure);
        }
    }

    /// What is sent in the selected microphone's place once that is opened next; nothing is that microphone again.
    pub(crate) fn give(&self, given: Option<MediaStream>) {
        self.given.replace(given);
    }

    /// The stream of the microphone, or of what takes its place.
    pub(crate) fn sound(&self) -> Option<MediaStream> {
        self.microphone.stream()
    }

    /// Sends that in the selected microphone's place, or the microphone again. Where there is none, or it is refused, the
    /// call is muted: what was given before is not sent any more.
    pub(crate) async fn use_sound(self: Rc<Self>, given: Option<MediaStream>) -> Result<JsValue, JsValue> {
        if given.is_none() {
            self.microphone.close();
            self.send(MediaKind::Audio, None);
        }
        self.give(given);
        self.start_microphone().await;
        self.regain();
        Ok(JsValue::UNDEFINED)
    }

    /// Opens the selected microphone, or the system's where that one is gone, and sends it.
    ///
    /// # Errors
    /// See [`OpenFailure`].
    pub(crate) async fn open_microphone(self: &Rc<Self>) -> Result<(), OpenFailure> {
        loop {
            let selected = self.devices.microphone();
            let id = selected.as_ref().map(|device| device.id.clone());
            let opened = match self.send_microphone(id).await {
                Err(OpenFailure::Constraints) => self.send_microphone(None).await,
                opened => opened,
            };
            // Another one may have been chosen while it opened.
            if self.released.get() || selected.is_none() || self.devices.microphone() == selected {
                return opened;
            }
        }
    }

    /// Whether a microphone is on.
    pub(crate) fn has_microphone(&self) -> bool {
        self.microphone.is_live()
    }

    /// Mutes or unmutes the microphone.
    pub(crate) fn set_muted(&self, muted: bool) {
        self.microphone.set_muted(muted);
    }

    /// The stream that shall be sent; it may still be opening.
    pub(crate) fn wanted_camera(&self) -> Option<Rc<LocalVideo>> {
        self.camera.wanted()
    }

    /// Opens the camera and sends it until [`stop_camera`](Self::stop_camera). `on_lost` is called when the stream
    /// ends by itself. Gives whether it is sent: it is not when it was stopped, or the call ended, while it opened.
    ///
    /// # Errors
    /// See [`OpenFailure`].
    pub(crate) async fn start_camera(
        self: &Rc<Self>,
        video: Rc<LocalVideo>,
        on_lost: impl Fn() + 'static,
    ) -> Result<bool, OpenFailure> {
        let Some((usage, stream)) = self.camera.open(&video).await? else {
            return Ok(false);
        };
        if self.released.get() {
            return Ok(false);
        }
        let weak = Rc::downgrade(self);
        let observation = video.observe(move |stream| {
            let Some(media) = weak.upgrade() else { return };
            match stream {
                Some(stream) => media.send(MediaKind::Video, live_video_track(&stream)),
                None => on_lost(),
            }
        });
        self.camera.send(video, usage, observation);
        self.send(MediaKind::Video, live_video_track(&stream));
        Ok(true)
    }

    /// Sends no picture any more. The camera is turned off unless it is shown somewhere.
    pub(crate) fn stop_camera(&self) {
        if self.camera.stop().is_some() {
            self.send(MediaKind::Video, None);
        }
    }

    /// A screen is sent, or not any more.
    pub(crate) fn set_screen(&self, sent: bool) {
        self.screen.set(sent);
    }

    /// Silences playback, or undoes that.
    pub(crate) fn set_incoming_muted(&self, muted: bool) {
        self.incoming_muted.set(muted);
        self.apply_sound();
    }

    /// Sends and plays nothing, or goes on with what there is.
    pub(crate) fn set_held(&self, held: bool) {
        if self.held.replace(held) != held {
            self.quality.tell("held", &held.into());
            self.apply_sound();
            self.send(MediaKind::Audio, self.microphone.track());
            self.send(MediaKind::Video, self.camera.track());
        }
    }

    fn apply_sound(&self) {
        self.each_sound(|sound| sound.set_muted(self.incoming_muted.get() || self.held.get()));
    }

    /// Lets go of everything.
    pub(crate) fn release(&self) {
        if self.released.replace(true) {
            return;
        }
        self.monitor.replace(None);
        if let Some(peer) = self.peer.take() {
            peer.close();
        }
        self.microphone.close();
        if let Some(video) = self.camera.stop().filter(|video| video.ends_with_call()) {
            video.dispose();
        }
        for sound in &self.sounds {
            sound.replace(None);
        }
        self.on_sound.replace(None);
        self.on_muted.replace(None);
        self.participant.replace(None);
    }

    async fn send_microphone(self: &Rc<Self>, id: Option<String>) -> Result<(), OpenFailure> {
        let weak = Rc::downgrade(self);
        let on_ended = move || {
            if let Some(media) = weak.upgrade() {
                spawn(async move { media.replace_microphone().await });
            }
        };
        let given = self.given.borrow().as_ref().map(same_stream);
        let former = self.microphone.open(given, id, on_ended).await;
        if self.released.get() {
            self.microphone.close();
            return Ok(());
        }
        let former = former?;
        if let (Some(_), Some(peer)) = (&former, self.peer()) {
            // Fails only once the connection is closed.
            let track = self.microphone.track().filter(|_| !self.held.get());
            drop(peer.send_track(MediaKind::Audio, track).await);
        }
        self.tell_muted();
        Ok(())
    }

    // It ended by itself: unplugged, or taken by the system. What is selected then takes its place; but nobody who sends a
    // stream of the page expects to be heard through a microphone.
    async fn replace_microphone(self: Rc<Self>) {
        self.devices.refresh().await;
        if !self.released.get() && !self.microphone.is_live() {
            let opened = if self.given.take().is_some() {
                Err(OpenFailure::Denied)
            } else if self.microphone.may_be_replaced() {
                self.open_microphone().await
            } else {
                Err(OpenFailure::Failed)
            };
            if let Err(failure) = opened {
                self.lose_microphone(failure);
            }
        }
        events::flush();
    }

    fn lose_microphone(&self, failure: OpenFailure) {
        if self.released.get() || self.microphone.is_live() {
            return;
        }
        self.microphone.lose(failure.is_refusal());
        self.send(MediaKind::Audio, None);
        self.tell_muted();
    }

    // Who is muted only for want of a microphone is heard again.
    fn regain(&self) {
        if self.microphone.is_lost() && self.microphone.is_open() {
            self.microphone.set_muted(false);
            self.tell_muted();
            events::flush();
        }
    }

    // Also of another microphone.
    fn tell_muted(&self) {
        let callback = self.on_muted.borrow().clone();
        if let Some(callback) = callback {
            callback(self.microphone.muted());
        }
    }

    fn send(&self, kind: MediaKind, track: Option<MediaStreamTrack>) {
        let track = track.filter(|_| !self.held.get());
        if let Some(peer) = self.peer() {
            // Fails only once the connection is closed.
            spawn(async move { drop(peer.send_track(kind, track).await) });
        }
    }

    fn each_sound(&self, change: impl Fn(&SoundElement)) {
        for sound in &self.sounds {
            if let Some(sound) = &*sound.borrow() {
                change(sound);
            }
        }
    }

    fn on_remote_track(self: &Rc<Self>, RemoteTrack { kind, screen, track }: &RemoteTrack) {
        if self.released.get() {
            return;
        }
        let place = usize::from(*screen);
        match kind {
            MediaKind::Audio => {
                let speaker = self.devices.speaker().map(|device| device.id);
                let sound = SoundElement::play(track, speaker.as_deref());
                self.sounds[place].replace(sound);
                self.apply_sound();
                let on_sound = self.on_sound.borrow().clone();
                if let (Some(on_sound), Some(stream)) = (on_sound, stream_of(track)) {
                    on_sound(place, stream);
                }
            }
            MediaKind::Video => {
                let participant = self.participant.borrow().clone();
                if let Some(participant) = participant {
                    participant.videos()[place].set_media(stream_of(track));
                }
            }
        }
        let (peer, participant) = (self.peer(), self.participant.borrow().clone());
        let monitored = self.monitor.borrow().is_some();
        if let (Some(peer), Some(participant), false) = (peer, participant, monitored) {
            self.monitor.replace(Some(MediaMonitor::start(peer, participant)));
        }
    }
}

impl DeviceFollower for CallMedia {
    fn use_microphone(self: Rc<Self>, id: Option<String>, anew: bool) -> Switching {
        Box::pin(async move {
            let lost = self.microphone.is_lost();
            // One that opens first sees to it itself.
            let wanted = self.microphone.is_open() || self.microphone.is_switching();
            if !lost && (!wanted || (!anew && self.microphone.is_of(id.as_deref()))) {
                return Ok(());
            }
            let switched = self.send_microphone(id).await;
            if switched.is_err() && !lost && !self.microphone.is_live() {
                // The former one had to go first, or is gone.
                self.replace_microphone().await;
            } else {
                self.regain();
            }
            switched
        })
    }

    fn use_speaker(&self, id: Option<&str>) {
        self.each_sound(|sound| sound.set_speaker(id));
    }
}

impl Drop for CallMedia {
    fn drop(&mut self) {
        self.release();
    }
}
