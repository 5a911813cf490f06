//! Carries out what the call core asks for: commands to the server, changes that the page sees, and operations on
//! peer connections.

use std::{future::Future, rc::Rc};

use openline_call::agent::{
    CallAgentEvent, CallAgentOutput, CallDirection, MediaInput, MediaOutput, PeerConnectionState, RemotePeer,
};
use openline_protocol::{CallEndReason, CallId};
use wasm_bindgen::JsValue;
use web_sys::RtcPeerConnectionState;

use super::{
    active_call::ActiveCall,
    agent::{AgentDriver, Entry},
    call_media::CallMedia,
    ringing_call::{Invitation, RingingCall},
};
use crate::{
    browser::peer_connection::{PeerError, PeerEvent},
    js::{
        call::{Call, person},
        end_reason,
        events::{self, defer},
        incoming_call::IncomingCall,
        object::{Plain, array},
        promise::spawn,
    },
};

impl AgentDriver {
    pub(super) fn carry_out(&self, output: CallAgentOutput) {
        match output {
            CallAgentOutput::Send(command) => self.send(command),
            CallAgentOutput::Event(event) => self.on_event(event),
            CallAgentOutput::Media { call_id, output } => self.on_media_output(&call_id, output),
        }
    }

    fn on_event(&self, event: CallAgentEvent) {
        match event {
            CallAgentEvent::IncomingCall {
                call_id,
                caller,
                custom_context,
                transferor,
                ..
            } => {
                let invitation = Invitation {
                    caller,
                    custom_context,
                    transferor: transferor.map_or(JsValue::UNDEFINED, |transferor| {
                        person(&transferor.raw_id, transferor.display_name)
                    }),
                };
                self.on_incoming(call_id, invitation);
            }
            CallAgentEvent::IncomingEnded { call_id, reason } => self.on_incoming_ended(&call_id, reason),
            CallAgentEvent::CallAdded {
                call_id,
                direction,
                peer,
            } => self.on_call_added(call_id, direction, peer),
            CallAgentEvent::IdChanged { from, to } => self.with_call(&from, |call| call.set_id(to)),
            CallAgentEvent::StateChanged { call_id, state } => {
                self.with_call(&call_id, |call| call.set_state(state))
            }
            CallAgentEvent::ParticipantStateChanged { call_id, state } => {
                self.with_call(&call_id, |call| call.set_participant_state(state));
            }
            CallAgentEvent::PeerAnswered { call_id, peer } => {
                self.with_call(&call_id, |call| call.answered(peer))
            }
            CallAgentEvent::RemoteMediaChanged { call_id, media } => {
                self.with_call(&call_id, |call| call.set_remote_media(media))
            }
            CallAgentEvent::CallEnded { call_id, reason } => {
                self.with_call(&call_id, |call| call.end(reason))
            }
            CallAgentEvent::TransferAccepted { call_id, into } => self.on_transfer(&call_id, &into),
            CallAgentEvent::TransferFailed { call_id, reason } => self.with_call(&call_id, |call| {
                call.events.queue("transferFailed", [end_reason::to_js(reason)]);
            }),
            CallAgentEvent::CallRemoved { call_id } => self.on_call_removed(&call_id),
            CallAgentEvent::PeerReachable { call_id, reachable } => self.with_call(&call_id, |call| {
                call.later(move |call| call.participant().set_reachable(reachable));
            }),
            // What took the media may have taken the socket, which would not show for half a minute.
            CallAgentEvent::MediaFlowing { flowing: false, .. } => self.look_after_connection(),
            // Nothing for the page to see: no state of a call or a participant means this. It shows in `isReceiving`
            // when pictures stop, and in the call's end if it lasts. The core needs it for its timers.
            CallAgentEvent::MediaFlowing { .. } => {}
        }
    }

    fn with_call(&self, call_id: &CallId, change: impl FnOnce(&ActiveCall)) {
        if let Some(entry) = self.call(call_id) {
            change(&entry.item);
        }
    }

    fn on_incoming(&self, call_id: CallId, invitation: Invitation) {
        let media = self.new_media(false);
        self.prepare_peer(&call_id, &media);
        let ringing = RingingCall::new(self, call_id, invitation, media);
        let object = JsValue::from(IncomingCall::of(Rc::clone(&ringing)));
        self.ringing.borrow_mut().push(Entry {
            item: ringing,
            object: object.clone(),
        });
        self.events.queue(
            "incomingCall",
            [Plain::new().with("incomingCall", object).build()],
        );
    }

    fn on_incoming_ended(&self, call_id: &CallId, reason: CallEndReason) {
        let Some(entry) = self.ringing(call_id) else {
            return;
        };
        self.ringing
            .borrow_mut()
            .retain(|known| known.item.id() != call_id);
        let ringing = entry.item;
        defer(move || {
            ringing.end(reason);
            let ended = Plain::new()
                .with("callEndReason", end_reason::to_js(reason))
                .build();
            ringing.events().emit("callEnded", &[ended]);
            ringing.events().end();
        });
    }

    fn on_call_added(&self, call_id: CallId, direction: CallDirection, peer: RemotePeer) {
        let media = self.upcoming.take().unwrap_or_else(|| self.new_media(false));
        if direction == CallDirection::Outgoing {
            self.prepare_peer(&call_id, &media);
        }
        let call = ActiveCall::new(self, call_id, direction, peer, media);
        let object = JsValue::from(Call::of(Rc::clone(&call)));
        self.calls.borrow_mut().push(Entry {
            item: call,
            object: object.clone(),
        });
        self.queue_calls([object], []);
    }

    /// A call was made in place of another: as loud as that one, without its camera.
    fn on_transfer(&self, call_id: &CallId, into: &CallId) {
        let (Some(former), Some(entry)) = (self.call(call_id), self.call(into)) else {
            return;
        };
        let muted = former.item.media.state().muted;
        entry.item.media.set_muted(muted);
        entry.item.muted.set(muted);
        entry.item.open_devices(None, false);
        let accepted = Plain::new().with("targetCall", entry.object).build();
        former.item.events.queue("transferAccepted", [accepted]);
    }

    fn on_call_removed(&self, call_id: &CallId) {
        let Some(entry) = self.call(call_id) else { return };
        let Some(agent) = self.this.upgrade() else { return };
        defer(move || {
            agent
                .calls
                .borrow_mut()
                .retain(|known| !Rc::ptr_eq(&known.item, &entry.item));
            entry.item.let_go_of_listeners();
            agent.queue_calls([], [entry.object]);
        });
    }

    fn queue_calls(
        &self,
        added: impl IntoIterator<Item = JsValue>,
        removed: impl IntoIterator<Item = JsValue>,
    ) {
        let update = Plain::new()
            .with("added", array(added))
            .with("removed", array(removed))
            .build();
        self.events.queue("callsUpdated", [update]);
    }

    // A failure shows again when the call is answered, and ends it then.
    fn prepare_peer(&self, call_id: &CallId, media: &Rc<CallMedia>) {
        drop(self.make_peer(call_id, media));
    }

    fn make_peer(&self, call_id: &CallId, media: &Rc<CallMedia>) -> Result<(), PeerError> {
        let (agent, call_id) = (self.this.clone(), call_id.clone());
        media.prepare_peer(&self.ice_servers(), move |event| {
            let (Some(agent), Some(input)) = (agent.upgrade(), media_input(event)) else {
                return;
            };
            // The core knows a call by its former ids, too.
            agent.input(|core, now| core.handle_media(&call_id, input, now));
            events::flush();
        })
    }

    fn on_media_output(&self, call_id: &CallId, output: MediaOutput) {
        let Some(entry) = self.call(call_id) else { return };
        let media = &entry.item.media;
        if matches!(output, MediaOutput::CreatePeerConnection { .. })
            && self.make_peer(call_id, media).is_err()
        {
            return self.input(|core, now| core.handle_media(call_id, MediaInput::OperationFailed, now));
        }
        let Some(peer) = media.peer() else { return };
        match output {
            MediaOutput::CreatePeerConnection { offers } => {
                if offers {
                    peer.add_transceivers();
                }
            }
            MediaOutput::SetLocalDescription => {
                let servers = self.ice_servers();
                self.operate(call_id, async move {
                    peer.set_local_description(&servers)
                        .await
                        .map(MediaInput::LocalDescription)
                });
            }
            MediaOutput::SetRemoteDescription(description) => self.operate(call_id, async move {
                peer.set_remote_description(&description)
                    .await
                    .map(|()| MediaInput::RemoteDescriptionApplied)
            }),
            MediaOutput::AddIceCandidate(candidate) => spawn(async move {
                // It may belong to a description that is gone.
                drop(peer.add_candidate(&candidate).await);
            }),
            MediaOutput::RestartIce => peer.restart_ice(),
            MediaOutput::Close => media.release(),
        }
    }

    // Tells the core how an operation of the browser ended.
    fn operate(
        &self,
        call_id: &CallId,
        operation: impl Future<Output = Result<MediaInput, PeerError>> + 'static,
    ) {
        let (agent, call_id) = (self.this.clone(), call_id.clone());
        spawn(async move {
            let result = operation.await;
            let Some(agent) = agent.upgrade() else { return };
            let input = result.unwrap_or_else(|error| {
                agent.warn(&error.to_string());
                MediaInput::OperationFailed
            });
            agent.input(|core, now| core.handle_media(&call_id, input, now));
            events::flush();
        });
    }
}

fn media_input(event: PeerEvent) -> Option<MediaInput> {
    Some(match event {
        PeerEvent::NegotiationNeeded => MediaInput::NegotiationNeeded,
        PeerEvent::Candidate(candidate) => MediaInput::LocalCandidate(candidate),
        PeerEvent::ConnectionState(state) => MediaInput::ConnectionState(match state {
            RtcPeerConnectionState::New => PeerConnectionState::New,
            RtcPeerConnectionState::Connecting => PeerConnectionState::Connecting,
            RtcPeerConnectionState::Connected => PeerConnectionState::Connected,
            RtcPeerConnectionState::Disconnected => PeerConnectionState::Disconnected,
            RtcPeerConnectionState::Failed => PeerConnectionState::Failed,
            RtcPeerConnectionState::Closed => PeerConnectionState::Closed,
            _ => return None,
        }),
        PeerEvent::RemoteTrack(_) => return None,
    })
}
