//! The other side of a call, as the page sees it. Changed from the event queue only, so that events are fired at
//! once.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use openline_call::agent::{ParticipantState, RemotePeer};
use openline_protocol::{CallEndReason, EndpointId, RawId, realtime::MediaState};
use wasm_bindgen::JsValue;

use super::remote_video::RemoteVideo;
use crate::js::{
    events::EventEmitter,
    object::{Plain, array},
    remote_video_stream::RemoteVideoStream,
};

/// The other side.
pub(crate) struct Participant {
    raw_id: RawId,
    display_name: RefCell<Option<String>>,
    endpoint_id: RefCell<Option<EndpointId>>,
    state: Cell<ParticipantState>,
    media: Cell<MediaState>,
    held: Cell<bool>,
    reachable: Cell<bool>,
    speaking: Cell<bool>,
    end_reason: Cell<Option<CallEndReason>>,
    videos: [Rc<RemoteVideo>; 2],
    video_objects: [JsValue; 2],
    events: Rc<EventEmitter>,
}

impl Participant {
    /// The other side as it is known when the call begins.
    pub(crate) fn new(peer: RemotePeer) -> Rc<Self> {
        let videos = [false, true].map(RemoteVideo::new);
        let video_objects =
            [&videos[0], &videos[1]].map(|video| RemoteVideoStream::of(Rc::clone(video)).into());
        Rc::new(Self {
            raw_id: peer.raw_id,
            display_name: RefCell::new(peer.display_name),
            endpoint_id: RefCell::new(peer.endpoint_id),
            state: Cell::new(ParticipantState::Idle),
            media: Cell::new(MediaState {
                muted: peer.media.muted,
                ..MediaState::default()
            }),
            held: Cell::new(false),
            reachable: Cell::new(true),
            speaking: Cell::new(false),
            end_reason: Cell::new(None),
            videos,
            video_objects,
            events: EventEmitter::new(),
        })
    }

    /// The identity.
    pub(crate) const fn raw_id(&self) -> &RawId {
        &self.raw_id
    }

    /// The name it chose.
    pub(crate) fn display_name(&self) -> Option<String> {
        self.display_name.borrow().clone()
    }

    /// The client instance, once there is one.
    pub(crate) fn endpoint_id(&self) -> Option<EndpointId> {
        self.endpoint_id.borrow().clone()
    }

    /// Its state.
    pub(crate) fn state(&self) -> ParticipantState {
        self.state.get()
    }

    /// Whether its microphone is muted.
    pub(crate) fn muted(&self) -> bool {
        self.media.get().muted
    }

    /// Whether it is heard.
    pub(crate) fn speaking(&self) -> bool {
        self.speaking.get()
    }

    /// Why it left.
    pub(crate) fn end_reason(&self) -> Option<CallEndReason> {
        self.end_reason.get()
    }

    /// Its camera and its screen.
    pub(crate) const fn videos(&self) -> &[Rc<RemoteVideo>; 2] {
        &self.videos
    }

    /// Its streams, a fresh array of the same objects.
    pub(crate) fn video_streams(&self) -> JsValue {
        array(self.video_objects.iter().cloned())
    }

    /// Its events.
    pub(crate) const fn events(&self) -> &Rc<EventEmitter> {
        &self.events
    }

    /// It answered: its client, name and media are known.
    pub(crate) fn answered(&self, peer: &RemotePeer) {
        self.endpoint_id.replace(peer.endpoint_id.clone());
        let before = self.display_name.replace(peer.display_name.clone());
        if before != peer.display_name {
            let change = Plain::new()
                .with("newValue", peer.display_name.clone())
                .with("oldValue", before)
                .build();
            self.events.emit("displayNameChanged", &[change]);
        }
        self.set_media(peer.media);
    }

    /// What its diagnostics say, as far as it tells them.
    pub(crate) fn diagnostics(&self) -> u64 {
        self.media.get().diagnostics
    }

    /// Whether the server reaches it.
    pub(crate) fn reachable(&self) -> bool {
        self.reachable.get()
    }

    /// The server lost it, or has it back.
    pub(crate) fn set_reachable(&self, reachable: bool) {
        if self.reachable.replace(reachable) != reachable {
            self.events.emit("diagnosed", &[]);
        }
    }

    /// What it sends from now on.
    pub(crate) fn set_media(&self, media: MediaState) {
        let before = self.media.replace(media);
        if before.muted != media.muted {
            self.events.emit("isMutedChanged", &[]);
        }
        if before.diagnostics != media.diagnostics {
            self.events.emit("diagnosed", &[]);
        }
        self.show_videos();
    }

    /// The call is on hold, on either side.
    pub(crate) fn set_held(&self, held: bool) {
        self.held.set(held);
        self.show_videos();
    }

    fn show_videos(&self) {
        let MediaState { video, screen, .. } = self.media.get();
        for (stream, sent) in self.videos.iter().zip([video, screen]) {
            stream.set_available(sent && !self.held.get());
        }
    }

    /// Its state changed.
    pub(crate) fn set_state(&self, state: ParticipantState) {
        if self.state.replace(state) != state {
            self.events.emit("stateChanged", &[]);
        }
    }

    /// It is heard, or not any more.
    pub(crate) fn set_speaking(&self, speaking: bool) {
        if self.speaking.replace(speaking) != speaking {
            self.events.emit("isSpeakingChanged", &[]);
        }
    }

    /// It has left for good.
    pub(crate) fn leave(&self, reason: CallEndReason) {
        self.end_reason.set(Some(reason));
        self.set_speaking(false);
        for video in &self.videos {
            video.end();
        }
    }
}
