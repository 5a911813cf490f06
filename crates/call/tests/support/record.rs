//! What the application of a client saw, checked as it comes: nothing out of order, nothing after the end.

use std::collections::BTreeMap;

use openline_call::agent::{CallAgentEvent, CallDirection, CallState, ParticipantState, RemotePeer};
use openline_protocol::{
    CallEndReason, CallId, RawId,
    realtime::{MediaState, Transferor},
};

/// A call as the application knows it.
#[derive(Debug, Clone)]
pub(crate) struct CallRecord {
    pub(crate) direction: CallDirection,
    pub(crate) peer: RemotePeer,
    pub(crate) states: Vec<CallState>,
    pub(crate) participant: Vec<ParticipantState>,
    pub(crate) reachable: Vec<bool>,
    pub(crate) flowing: Vec<bool>,
    /// Transfers that were asked for.
    pub(crate) transfers_asked: usize,
    /// What became of those that failed.
    pub(crate) transfers: Vec<CallEndReason>,
    /// The calls that were to take its place.
    pub(crate) transferred_to: Vec<CallId>,
    pub(crate) end_reason: Option<CallEndReason>,
    pub(crate) removed: bool,
}

impl CallRecord {
    fn new(direction: CallDirection, peer: RemotePeer) -> Self {
        Self {
            direction,
            peer,
            states: vec![CallState::None],
            participant: vec![ParticipantState::Idle],
            reachable: Vec::new(),
            flowing: Vec::new(),
            transfers_asked: 0,
            transfers: Vec::new(),
            transferred_to: Vec::new(),
            end_reason: None,
            removed: false,
        }
    }

    pub(crate) fn state(&self) -> CallState {
        *self.states.last().expect("it begins with one")
    }
}

/// What an incoming call brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) caller: RawId,
    pub(crate) custom_context: Option<String>,
    pub(crate) transferor: Option<Transferor>,
}

/// Everything the application of one client saw.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) calls: BTreeMap<CallId, CallRecord>,
    /// With the reason of the end.
    pub(crate) incoming: BTreeMap<CallId, Option<CallEndReason>>,
    /// What came with each.
    pub(crate) invitations: BTreeMap<CallId, Invitation>,
    /// Former ids.
    pub(crate) ids: BTreeMap<CallId, CallId>,
}

impl Record {
    pub(crate) fn call(&self, call_id: &CallId) -> Option<&CallRecord> {
        self.calls.get(self.ids.get(call_id).unwrap_or(call_id))
    }

    fn live(&mut self, call_id: &CallId) -> &mut CallRecord {
        let record = self
            .calls
            .get_mut(call_id)
            .expect("an event of a call that was never added");
        assert!(!record.removed, "an event after the removal of {call_id}");
        record
    }

    pub(crate) fn on_event(&mut self, event: CallAgentEvent) {
        match event {
            CallAgentEvent::IncomingCall {
                call_id,
                caller,
                custom_context,
                transferor,
                ..
            } => {
                let invitation = Invitation {
                    caller: caller.raw_id,
                    custom_context,
                    transferor,
                };
                self.invitations.insert(call_id.clone(), invitation);
                let rings = self.incoming.insert(call_id.clone(), None);
                assert_ne!(rings, Some(None), "{call_id} was announced twice");
            }
            CallAgentEvent::IncomingEnded { call_id, reason } => {
                check_reason(reason);
                let before = self.incoming.insert(call_id.clone(), Some(reason));
                assert_eq!(before, Some(None), "{call_id} ended without ringing");
            }
            CallAgentEvent::CallAdded {
                call_id,
                direction,
                peer,
            } => {
                let record = CallRecord::new(direction, peer);
                let before = self.calls.insert(call_id.clone(), record);
                assert!(
                    before.is_none_or(|before| before.removed),
                    "{call_id} was added twice"
                );
            }
            CallAgentEvent::IdChanged { from, to } => {
                let record = self.calls.remove(&from).expect("a call changes its id");
                let before = self.calls.insert(to.clone(), record);
                assert!(
                    before.is_none_or(|before| before.removed),
                    "{to} is another call already"
                );
                self.ids.insert(from, to);
            }
            CallAgentEvent::StateChanged { call_id, state } => self.on_state(&call_id, state),
            CallAgentEvent::ParticipantStateChanged { call_id, state } => {
                let states = &mut self.live(&call_id).participant;
                assert_ne!(states.last(), Some(&state), "a change that is none");
                states.push(state);
            }
            CallAgentEvent::PeerAnswered { call_id, peer } => self.live(&call_id).peer = peer,
            CallAgentEvent::RemoteMediaChanged { call_id, media } => self.live(&call_id).peer.media = media,
            CallAgentEvent::PeerReachable { call_id, reachable } => {
                self.live(&call_id).reachable.push(reachable);
            }
            CallAgentEvent::MediaFlowing { call_id, flowing } => self.live(&call_id).flowing.push(flowing),
            CallAgentEvent::TransferAccepted { call_id, into } => {
                assert!(!self.live(&into).removed);
                self.live(&call_id).transferred_to.push(into);
            }
            CallAgentEvent::TransferFailed { call_id, reason } => {
                check_reason(reason);
                self.live(&call_id).transfers.push(reason);
            }
            CallAgentEvent::CallEnded { call_id, reason } => {
                check_reason(reason);
                let record = self.live(&call_id);
                assert_eq!(record.end_reason, None, "a call ends once");
                record.end_reason = Some(reason);
            }
            CallAgentEvent::CallRemoved { call_id } => {
                let record = self.live(&call_id);
                assert_eq!(record.state(), CallState::Disconnected, "removed while live");
                record.removed = true;
            }
        }
    }

    fn on_state(&mut self, call_id: &CallId, state: CallState) {
        let record = self.live(call_id);
        let allowed = match record.state() {
            CallState::None => matches!(state, CallState::Connecting),
            CallState::Connecting => !matches!(state, CallState::None | CallState::Connecting),
            CallState::Ringing => {
                matches!(
                    state,
                    CallState::Connected
                        | CallState::LocalHold
                        | CallState::RemoteHold
                        | CallState::Disconnecting
                        | CallState::Disconnected
                )
            }
            CallState::Connected | CallState::LocalHold | CallState::RemoteHold => !matches!(
                state,
                CallState::None | CallState::Connecting | CallState::Ringing
            ),
            CallState::Disconnecting => matches!(state, CallState::Disconnected),
            CallState::Disconnected => false,
        };
        assert!(allowed, "{call_id}: from {:?} to {state:?}", record.states);
        assert_eq!(
            state == CallState::Disconnected,
            record.end_reason.is_some(),
            "the reason comes first"
        );
        record.states.push(state);
    }

    pub(crate) fn transfer_asked(&mut self, call_id: &CallId) {
        let call_id = self.ids.get(call_id).unwrap_or(call_id).clone();
        self.live(&call_id).transfers_asked += 1;
    }

    pub(crate) fn remote_media(&self, call_id: &CallId) -> Option<MediaState> {
        self.call(call_id).map(|call| call.peer.media)
    }
}

/// Only what `docs/protocol.md` lists.
fn check_reason(reason: CallEndReason) {
    const LISTED: [CallEndReason; 19] = [
        CallEndReason::HUNG_UP,
        CallEndReason::TRANSFERRED,
        CallEndReason::CANCELLED,
        CallEndReason::DECLINED,
        CallEndReason::ANSWERED_ELSEWHERE,
        CallEndReason::NOT_ANSWERED,
        CallEndReason::NOT_REGISTERED,
        CallEndReason::CALLEE_MALFORMED,
        CallEndReason::NOT_ALLOWED,
        CallEndReason::PEER_VANISHED,
        CallEndReason::PEER_UNREACHABLE,
        CallEndReason::NETWORK_LOST,
        CallEndReason::TOKEN_REFUSED,
        CallEndReason::MEDIA_NOT_CONNECTED,
        CallEndReason::MEDIA_LOST,
        CallEndReason::MEDIA_NEGOTIATION_FAILED,
        CallEndReason::SETUP_TIMED_OUT,
        CallEndReason::SERVICE_UNAVAILABLE,
        CallEndReason::UNKNOWN_CALL,
    ];
    assert!(LISTED.contains(&reason), "{reason:?} is not in the list");
}
