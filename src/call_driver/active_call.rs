//! One call, as the page sees it. What the page reads changes at the moment when the event of it is fired, so that
//! a listener sees what it is told of.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::{Function, Promise};
use openline_call::agent::{CallDirection, CallState, ParticipantState, RemotePeer};
use openline_protocol::{CallEndReason, CallId, realtime::MediaState};
use wasm_bindgen::{JsCast as _, JsValue};

use super::{agent::AgentDriver, call_info, call_media::CallMedia, participant::Participant};
use crate::js::{
    events::{EventEmitter, defer},
    object::{Plain, array},
    remote_audio_stream::RemoteAudioStream,
    remote_participant::RemoteParticipant,
    video_stream_renderer::close_ended,
};

/// A picture that is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SentVideo {
    Camera,
    Screen,
}

/// A call.
pub(crate) struct ActiveCall {
    pub(super) this: Weak<Self>,
    pub(crate) agent: Weak<AgentDriver>,
    call_id: Rc<RefCell<CallId>>,
    direction: CallDirection,
    state: Cell<CallState>,
    end_reason: Cell<Option<CallEndReason>>,
    info: JsValue,
    transferor: RefCell<JsValue>,
    participant: Rc<Participant>,
    participant_objects: RefCell<Vec<JsValue>>,
    /// The other side's sounds: of its microphone, and of its screen, once there is a path for them.
    sounds: [RefCell<Option<JsValue>>; 2],
    /// Those that are listed.
    heard: RefCell<Vec<JsValue>>,
    pub(crate) media: Rc<CallMedia>,
    pub(super) muted: Cell<bool>,
    pub(super) incoming_muted: Cell<bool>,
    /// The page's objects for the camera and the screen that are sent.
    pub(super) sent: [RefCell<Option<JsValue>>; 2],
    pub(super) events: Rc<EventEmitter>,
    ended: RefCell<Vec<Function>>,
}

impl ActiveCall {
    /// A call that begins.
    pub(super) fn new(
        agent: &AgentDriver,
        call_id: CallId,
        direction: CallDirection,
        peer: RemotePeer,
        media: Rc<CallMedia>,
    ) -> Rc<Self> {
        let participant = Participant::new(peer);
        media.set_participant(Rc::clone(&participant));
        let call_id = Rc::new(RefCell::new(call_id));
        let info = call_info::new(agent.endpoint_id(), Rc::clone(&call_id));
        let call = Rc::new_cyclic(|this| Self {
            this: this.clone(),
            agent: agent.this.clone(),
            call_id,
            direction,
            state: Cell::new(CallState::None),
            end_reason: Cell::new(None),
            info,
            transferor: RefCell::default(),
            participant,
            participant_objects: RefCell::default(),
            sounds: Default::default(),
            heard: RefCell::default(),
            muted: Cell::new(media.state().muted),
            media,
            incoming_muted: Cell::new(false),
            sent: Default::default(),
            events: EventEmitter::new(),
            ended: RefCell::default(),
        });
        let weak = Rc::downgrade(&call);
        call.media.when_heard(move |place, stream| {
            if let Some(call) = weak.upgrade() {
                call.later(move |call| {
                    call.sounds[place].replace(Some(RemoteAudioStream::of(stream).into()));
                    call.look_for_sounds();
                });
            }
        });
        let weak = Rc::downgrade(&call);
        call.media.when_muted(move |muted| {
            if let Some(call) = weak.upgrade() {
                call.microphone_changed(muted);
            }
        });
        call
    }

    /// Its id; may change once while it is set up.
    pub(crate) fn id(&self) -> CallId {
        self.call_id.borrow().clone()
    }

    /// Who began it.
    pub(crate) const fn direction(&self) -> CallDirection {
        self.direction
    }

    /// Its state.
    pub(crate) fn state(&self) -> CallState {
        self.state.get()
    }

    /// Why it ended.
    pub(crate) fn end_reason(&self) -> Option<CallEndReason> {
        self.end_reason.get()
    }

    /// Its ids, as the page sees them.
    pub(crate) fn info(&self) -> JsValue {
        self.info.clone()
    }

    /// Who handed the caller over.
    pub(crate) fn transferor(&self) -> JsValue {
        self.transferor.borrow().clone()
    }

    /// It rang here with that.
    pub(super) fn set_transferor(&self, transferor: JsValue) {
        self.transferor.replace(transferor);
    }

    /// The other side.
    pub(crate) const fn participant(&self) -> &Rc<Participant> {
        &self.participant
    }

    /// The other side's object, once it is in the call and until it left.
    pub(crate) fn participant_objects(&self) -> JsValue {
        array(self.participant_objects.borrow().iter().cloned())
    }

    /// The other side's sounds, while they are heard.
    pub(crate) fn heard_objects(&self) -> JsValue {
        array(self.heard.borrow().iter().cloned())
    }

    /// The streams that are sent.
    pub(crate) fn sent_objects(&self) -> JsValue {
        array(self.sent.iter().filter_map(|sent| sent.borrow().clone()))
    }

    /// Whether it is sent.
    pub(crate) fn sends(&self, what: SentVideo) -> bool {
        self.sent[what as usize].borrow().is_some()
    }

    /// Whether the microphone is muted.
    pub(crate) fn muted(&self) -> bool {
        self.muted.get()
    }

    /// Whether playback is silenced.
    pub(crate) fn incoming_muted(&self) -> bool {
        self.incoming_muted.get()
    }

    /// Its events.
    pub(crate) const fn events(&self) -> &Rc<EventEmitter> {
        &self.events
    }

    /// Resolves once the call is over.
    pub(super) fn over(&self) -> Promise {
        if self.state.get() == CallState::Disconnected {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        Promise::new(&mut |resolve, _reject| self.ended.borrow_mut().push(resolve.unchecked_into()))
    }

    /// It goes on under another id.
    pub(super) fn set_id(&self, call_id: CallId) {
        self.call_id.replace(call_id);
        self.events.queue("idChanged", []);
    }

    /// It is in another state.
    pub(super) fn set_state(&self, state: CallState) {
        if matches!(state, CallState::Disconnecting | CallState::Disconnected) {
            self.media.release();
        }
        let held = matches!(state, CallState::LocalHold | CallState::RemoteHold);
        if held || state == CallState::Connected {
            self.media.set_held(held);
        }
        self.later(move |call| {
            call.state.set(state);
            call.participant.set_held(held);
            call.look_for_sounds();
            call.events.emit("stateChanged", &[]);
            if state == CallState::Disconnected {
                for resolve in call.ended.take() {
                    // Resolving cannot throw.
                    drop(resolve.call0(&JsValue::UNDEFINED));
                }
            }
        });
    }

    /// The other side is in another state. It is listed from its first state to its last.
    pub(super) fn set_participant_state(&self, state: ParticipantState) {
        self.later(move |call| {
            call.participant.set_state(state);
            let listed = !call.participant_objects.borrow().is_empty();
            if state == ParticipantState::Disconnected {
                let removed = call.participant_objects.take();
                call.emit_update("remoteParticipantsUpdated", [], removed);
            } else if !listed {
                let object = JsValue::from(RemoteParticipant::of(Rc::clone(&call.participant)));
                call.participant_objects.replace(vec![object.clone()]);
                call.emit_update("remoteParticipantsUpdated", [object], []);
            }
        });
    }

    /// It was answered.
    pub(super) fn answered(&self, peer: RemotePeer) {
        self.later(move |call| {
            call.participant.answered(&peer);
            call.look_for_sounds();
        });
    }

    /// It ends.
    pub(super) fn end(&self, reason: CallEndReason) {
        self.media.release();
        self.later(move |call| {
            call.end_reason.set(Some(reason));
            call.participant.leave(reason);
            for sound in &call.sounds {
                sound.replace(None);
            }
            call.look_for_sounds();
            close_ended();
        });
    }

    /// Nothing happens to it any more.
    pub(super) fn let_go_of_listeners(&self) {
        self.events.end();
        self.participant.events().end();
        for video in self.participant.videos() {
            video.events().end();
        }
    }

    /// Does something after the events that were queued before.
    pub(super) fn later(&self, action: impl FnOnce(&Self) + 'static) {
        if let Some(call) = self.this.upgrade() {
            defer(move || action(&call));
        }
    }

    /// The other side sends something else.
    pub(super) fn set_remote_media(&self, media: MediaState) {
        self.later(move |call| {
            call.participant.set_media(media);
            call.look_for_sounds();
        });
    }

    // A screen's place stays for the next one: it is heard while a screen is shared.
    fn look_for_sounds(&self) {
        // Where nothing is sent, as without a microphone, nothing is lost either.
        let muted = self.participant.muted();
        self.media.quality().tell("peerMuted", &muted.into());
        let [microphone, screen] = &self.sounds;
        let [_, picture] = self.participant.videos();
        let screen = screen.borrow().clone().filter(|_| picture.available());
        let sounds: Vec<JsValue> = microphone.borrow().iter().cloned().chain(screen).collect();
        let before = self.heard.replace(sounds.clone());
        let missing_in = |list: &[JsValue], from: &[JsValue]| -> Vec<JsValue> {
            from.iter()
                .filter(|sound| !list.contains(sound))
                .cloned()
                .collect()
        };
        let (added, removed) = (missing_in(&before, &sounds), missing_in(&sounds, &before));
        if !added.is_empty() || !removed.is_empty() {
            self.emit_update("remoteAudioStreamsUpdated", added, removed);
        }
    }

    /// Fires the event of a list that changed.
    pub(super) fn emit_update(
        &self,
        event: &str,
        added: impl IntoIterator<Item = JsValue>,
        removed: impl IntoIterator<Item = JsValue>,
    ) {
        let update = Plain::new()
            .with("added", array(added))
            .with("removed", array(removed))
            .build();
        self.events.emit(event, &[update]);
    }
}
