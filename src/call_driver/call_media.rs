//! The media of one call: its peer connection, its microphone, its camera, and the other side's sound.
//!
//! Made while the call still rings, so that everything slow is under way before it is answered. Released once, at
//! the end; whatever finishes after that is let go of at once.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use openline_protocol::realtime::{IceServer, MediaState};
use web_sys::{MediaStream, MediaStreamTrack};

use super::{
    call_camera::CallCamera,
    devices::{DeviceFollower, Devices},
    local_video::{LocalVideo, live_video_track},
    media_monitor::MediaMonitor,
    participant::Participant,
};
use crate::{
    browser::{
        media_devices::{self, OpenFailure, Wanted},
        media_element::{SoundElement, stream_of},
        peer_connection::{MediaKind, PeerConnection, PeerError, PeerEvent},
    },
    js::promise::spawn,
};

/// The media of one call.
pub(crate) struct CallMedia {
    devices: Rc<Devices>,
    peer: RefCell<Option<Rc<PeerConnection>>>,
    microphone: RefCell<Option<MediaStream>>,
    muted: Cell<bool>,
    camera: CallCamera,
    sound: RefCell<Option<Rc<SoundElement>>>,
    incoming_muted: Cell<bool>,
    held: Cell<bool>,
    participant: RefCell<Option<Rc<Participant>>>,
    on_sound: RefCell<Option<OnSound>>,
    monitor: RefCell<Option<MediaMonitor>>,
    released: Cell<bool>,
}

type OnSound = Rc<dyn Fn(MediaStream)>;

impl CallMedia {
    /// Media that uses the selected devices.
    pub(crate) fn new(devices: Rc<Devices>, muted: bool) -> Rc<Self> {
        let media = Rc::new(Self {
            devices,
            peer: RefCell::default(),
            microphone: RefCell::default(),
            muted: Cell::new(muted),
            camera: CallCamera::default(),
            sound: RefCell::default(),
            incoming_muted: Cell::new(false),
            held: Cell::new(false),
            participant: RefCell::default(),
            on_sound: RefCell::default(),
            monitor: RefCell::default(),
            released: Cell::new(false),
        });
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
        let peer = PeerConnection::new(ice_servers, move |event| match event {
            PeerEvent::RemoteTrack(kind, track) => {
                if let Some(media) = weak.upgrade() {
                    media.on_remote_track(kind, &track);
                }
            }
            PeerEvent::NegotiationNeeded | PeerEvent::Candidate(_) | PeerEvent::ConnectionState(_) => {
                on_event(event)
            }
        })?;
        let peer = Rc::new(peer);
        self.peer.replace(Some(Rc::clone(&peer)));
        self.send(MediaKind::Audio, self.microphone_track());
        self.send(MediaKind::Video, self.camera.track());
        Ok(())
    }

    /// The peer connection, while there is one.
    pub(crate) fn peer(&self) -> Option<Rc<PeerConnection>> {
        self.peer.borrow().clone()
    }

    /// Whom the media that arrives belongs to.
    pub(crate) fn set_participant(&self, participant: Rc<Participant>) {
        self.participant.replace(Some(participant));
    }

    /// Calls back with the other side's sound, once there is a path for it.
    pub(crate) fn when_heard(&self, callback: impl Fn(MediaStream) + 'static) {
        self.on_sound.replace(Some(Rc::new(callback)));
    }

    /// What this side sends, as the other side is told: a picture once there is one.
    pub(crate) fn state(&self) -> MediaState {
        MediaState {
            muted: self.muted.get(),
            video: self.camera.is_sent(),
            // The core's matter.
            held: false,
        }
    }

    /// Opens the selected microphone and sends it. Without a microphone the call is listened to.
    ///
    /// # Errors
    /// See [`OpenFailure`].
    pub(crate) async fn open_microphone(self: &Rc<Self>) -> Result<(), OpenFailure> {
        let selected = self
            .devices
            .microphone()
            .map(|device| device.id)
            .filter(|id| id != "default");
        let mut opened = media_devices::open(&Wanted::Microphone(selected)).await;
        if matches!(opened, Err(OpenFailure::Constraints)) {
            // The selected one is gone.
            opened = media_devices::open(&Wanted::Microphone(None)).await;
        }
        let stream = opened?;
        if self.released.get() {
            media_devices::stop(&stream);
            return Ok(());
        }
        if let Some(former) = self.microphone.replace(Some(stream)) {
            media_devices::stop(&former);
        }
        self.apply_muted();
        self.send(MediaKind::Audio, self.microphone_track());
        Ok(())
    }

    /// Whether a microphone is open.
    pub(crate) fn has_microphone(&self) -> bool {
        self.microphone.borrow().is_some()
    }

    /// Mutes or unmutes the microphone.
    pub(crate) fn set_muted(&self, muted: bool) {
        self.muted.set(muted);
        self.apply_muted();
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

    /// Silences playback, or undoes that.
    pub(crate) fn set_incoming_muted(&self, muted: bool) {
        self.incoming_muted.set(muted);
        self.apply_sound();
    }

    /// Sends and plays nothing, or goes on with what there is.
    pub(crate) fn set_held(&self, held: bool) {
        if self.held.replace(held) != held {
            self.apply_sound();
            self.send(MediaKind::Audio, self.microphone_track());
            self.send(MediaKind::Video, self.camera.track());
        }
    }

    fn apply_sound(&self) {
        if let Some(sound) = &*self.sound.borrow() {
            sound.set_muted(self.incoming_muted.get() || self.held.get());
        }
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
        if let Some(stream) = self.microphone.take() {
            media_devices::stop(&stream);
        }
        if let Some(video) = self.camera.stop().filter(|video| video.ends_with_call()) {
            video.dispose();
        }
        self.sound.replace(None);
        self.on_sound.replace(None);
        self.participant.replace(None);
    }

    fn microphone_track(&self) -> Option<MediaStreamTrack> {
        media_devices::first_track(&self.microphone.borrow().as_ref()?.get_audio_tracks())
    }

    fn apply_muted(&self) {
        if let Some(track) = self.microphone_track() {
            track.set_enabled(!self.muted.get());
        }
    }

    fn send(&self, kind: MediaKind, track: Option<MediaStreamTrack>) {
        let track = track.filter(|_| !self.held.get());
        if let Some(peer) = self.peer() {
            // Fails only once the connection is closed.
            spawn(async move { drop(peer.send_track(kind, track).await) });
        }
    }

    fn on_remote_track(self: &Rc<Self>, kind: MediaKind, track: &MediaStreamTrack) {
        if self.released.get() {
            return;
        }
        match kind {
            MediaKind::Audio => {
                let speaker = self.devices.speaker().map(|device| device.id);
                let sound = SoundElement::play(track, speaker.as_deref());
                self.sound.replace(sound);
                self.apply_sound();
                let on_sound = self.on_sound.borrow().clone();
                if let (Some(on_sound), Some(stream)) = (on_sound, stream_of(track)) {
                    on_sound(stream);
                }
            }
            MediaKind::Video => {
                let participant = self.participant.borrow().clone();
                if let Some(participant) = participant {
                    participant.video().set_media(stream_of(track));
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
    fn microphone_selected(self: Rc<Self>) {
        if self.has_microphone() {
            spawn(async move {
                // Where the new one cannot be opened, the former goes on.
                self.open_microphone().await.ok();
            });
        }
    }

    fn speaker_selected(self: Rc<Self>) {
        if let Some(sound) = &*self.sound.borrow() {
            sound.set_speaker(self.devices.speaker().map(|device| device.id).as_deref());
        }
    }
}

impl Drop for CallMedia {
    fn drop(&mut self) {
        self.release();
    }
}
