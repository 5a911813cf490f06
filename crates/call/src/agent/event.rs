//! What the agent tells the application, and the states it tells of.

use std::time::Duration;

use openline_protocol::{
    CallEndReason, CallId, EndpointId, RawId,
    realtime::{CallCommand, CallPeer, MediaState, Transferor},
};

use super::MediaOutput;

/// Something the edge carries out, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallAgentOutput {
    /// Goes into the session's queue of commands.
    Send(CallCommand),
    /// Becomes a change of an exported object, and a JavaScript event.
    Event(CallAgentEvent),
    /// Is done on the peer connection of the call.
    Media {
        /// The call.
        call_id: CallId,
        /// What to do.
        output: MediaOutput,
    },
}

/// Who began a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallDirection {
    /// This client.
    Outgoing,
    /// The other side.
    Incoming,
}

/// The state of a call as applications see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// Just made.
    None,
    /// Asked for, and for the callee also: accepted. Media is not up.
    Connecting,
    /// The other side rings, or has answered and media is not up yet.
    Ringing,
    /// Media was up; a loss of media that may still be repaired does not change it.
    Connected,
    /// Connected, and put on hold here: nothing is sent and nothing is heard.
    LocalHold,
    /// Connected, and put on hold by the other side.
    RemoteHold,
    /// This side hung up and waits for the server to confirm.
    Disconnecting,
    /// Over.
    Disconnected,
}

/// The state of the other side of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParticipantState {
    /// Just made.
    Idle,
    /// Being reached, or setting up media.
    Connecting,
    /// Rings.
    Ringing,
    /// Media was up.
    Connected,
    /// Has put the call on hold.
    Hold,
    /// Has left.
    Disconnected,
}

/// What is known of the other side of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePeer {
    /// The identity.
    pub raw_id: RawId,
    /// The client instance, once there is one.
    pub endpoint_id: Option<EndpointId>,
    /// The name it chose.
    pub display_name: Option<String>,
    /// What it sends.
    pub media: MediaState,
}

impl From<CallPeer> for RemotePeer {
    fn from(peer: CallPeer) -> Self {
        Self {
            raw_id: peer.raw_id,
            endpoint_id: Some(peer.endpoint_id),
            display_name: peer.display_name,
            media: peer.media,
        }
    }
}

/// Something that happened to a call. Nothing about a call follows its [`CallAgentEvent::CallRemoved`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallAgentEvent {
    /// Somebody calls. Answered by [`accept`](super::CallAgent::accept) or [`reject`](super::CallAgent::reject), or
    /// ended by [`CallAgentEvent::IncomingEnded`], which always comes. Not raised for a caller whom this client is
    /// calling itself, until the server has decided which of the two calls it is.
    IncomingCall {
        /// The call.
        call_id: CallId,
        /// Who.
        caller: CallPeer,
        /// For how long it rings at most.
        ring_timeout: Duration,
        /// From the caller's application.
        custom_context: Option<String>,
        /// Who handed the caller over.
        transferor: Option<Transferor>,
    },
    /// An incoming call does not ring any more.
    IncomingEnded {
        /// The call.
        call_id: CallId,
        /// Why: 0/0 where it was accepted here.
        reason: CallEndReason,
    },
    /// A call of this client's begins, in state [`CallState::None`].
    CallAdded {
        /// The call.
        call_id: CallId,
        /// Who began it.
        direction: CallDirection,
        /// The other side, in state [`ParticipantState::Idle`].
        peer: RemotePeer,
    },
    /// The call goes on under another id, since the callee had been calling at the same time.
    IdChanged {
        /// The id until now. Operations go on to accept it.
        from: CallId,
        /// The id from here on.
        to: CallId,
    },
    /// The state of the call. [`CallState::Disconnected`] follows [`CallAgentEvent::CallEnded`].
    StateChanged {
        /// The call.
        call_id: CallId,
        /// The new state.
        state: CallState,
    },
    /// The state of the other side.
    ParticipantStateChanged {
        /// The call.
        call_id: CallId,
        /// The new state.
        state: ParticipantState,
    },
    /// The call was answered: the other side's client, name and media are known.
    PeerAnswered {
        /// The call.
        call_id: CallId,
        /// The other side.
        peer: RemotePeer,
    },
    /// What the other side sends from now on.
    RemoteMediaChanged {
        /// The call.
        call_id: CallId,
        /// The whole state.
        media: MediaState,
    },
    /// The server lost the other side's socket, or has it back. Media may flow all the same.
    PeerReachable {
        /// The call.
        call_id: CallId,
        /// Whether the server reaches it.
        reachable: bool,
    },
    /// Media was lost after it had been up, or is there again.
    MediaFlowing {
        /// The call.
        call_id: CallId,
        /// Whether the path is up.
        flowing: bool,
    },
    /// The other side has this client call somebody else in its place: that call was added before. This one ends when
    /// that one is answered, and is there again otherwise.
    TransferAccepted {
        /// The call that is transferred.
        call_id: CallId,
        /// The one that takes its place.
        into: CallId,
    },
    /// A transfer that was asked for here did not come about: the call goes on. One that did ends the call with 0/7015.
    TransferFailed {
        /// The call.
        call_id: CallId,
        /// Why, as the other side saw it; 490/4502 where the session was lost before that was known.
        reason: CallEndReason,
    },
    /// Why the call ends: `callEndReason` is set before the state is [`CallState::Disconnected`].
    CallEnded {
        /// The call.
        call_id: CallId,
        /// Why.
        reason: CallEndReason,
    },
    /// The call is not one of the agent's any more.
    CallRemoved {
        /// The call.
        call_id: CallId,
    },
}
