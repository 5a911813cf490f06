//! What clients ask of a call and what the server tells them. The server owns the truth about a call.

use serde::{Deserialize, Serialize};

use crate::{CallEndReason, CallId, EndpointId, RawId};

/// Something a client asks of a call. Each is answered by notices, a refusal by [`CallNotice::Ended`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CallCommand {
    /// Rings somebody. Starting a call of the same id again changes nothing.
    Start {
        /// The id the caller drew.
        call_id: CallId,
        /// Whom to ring.
        callee: RawId,
        /// The caller's name as the callee sees it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
        /// What the caller will send.
        media: MediaState,
        /// For the callee's application: the JSON text of a [`CustomContext`](super::CustomContext).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        custom_context: Option<String>,
    },
    /// Answers a ringing call on this endpoint.
    Accept {
        /// The call.
        call_id: CallId,
        /// The callee's name as the caller sees it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_name: Option<String>,
        /// What the callee will send.
        media: MediaState,
    },
    /// Declines a ringing call for all endpoints of the user.
    Reject {
        /// The call.
        call_id: CallId,
    },
    /// Leaves, or cancels while it still rings.
    HangUp {
        /// The call.
        call_id: CallId,
    },
    /// Ends a call that cannot go on, with the reason the other side shall see.
    Fail {
        /// The call.
        call_id: CallId,
        /// Why.
        reason: CallEndReason,
    },
    /// Something for the other endpoint's peer connection.
    Signal {
        /// The call.
        call_id: CallId,
        /// What.
        signal: PeerSignal,
    },
    /// What this endpoint sends from now on.
    Media {
        /// The call.
        call_id: CallId,
        /// The whole state, not a difference.
        media: MediaState,
    },
    /// This endpoint's media path is up (first time or again after a loss).
    Connected {
        /// The call.
        call_id: CallId,
    },
    /// Goes on with an answered call in a new session: the server was restarted, or has forgotten the former one. Only
    /// where `welcome.level` is [`LEVEL_REJOIN`](super::LEVEL_REJOIN) or more.
    Rejoin {
        /// The call.
        call_id: CallId,
        /// The last one that this side of the call was given.
        ticket: String,
        /// What this endpoint sends.
        media: MediaState,
    },
    /// Hands an answered call over: the other side calls somebody else instead. The call ends when that one answers.
    /// Only where `welcome.level` is [`LEVEL_TRANSFER`](super::LEVEL_TRANSFER) or more.
    Transfer {
        /// The call.
        call_id: CallId,
        /// The id of the call that takes its place, drawn by whoever transfers.
        into: CallId,
        /// Whom the other side is to call.
        target: RawId,
        /// For the target's application: the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        custom_context: Option<String>,
    },
}

impl CallCommand {
    /// The call the command is about.
    #[must_use]
    pub const fn call_id(&self) -> &CallId {
        match self {
            Self::Start { call_id, .. }
            | Self::Accept { call_id, .. }
            | Self::Reject { call_id }
            | Self::HangUp { call_id }
            | Self::Fail { call_id, .. }
            | Self::Signal { call_id, .. }
            | Self::Media { call_id, .. }
            | Self::Connected { call_id }
            | Self::Rejoin { call_id, .. }
            | Self::Transfer { call_id, .. } => call_id,
        }
    }
}

/// Something that happened in a call, for one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CallNotice {
    /// To the callee's endpoints: somebody calls.
    Incoming {
        /// The call.
        call_id: CallId,
        /// Who.
        caller: CallPeer,
        /// For how long it rings at most, in milliseconds.
        ring_timeout_ms: u64,
        /// From the caller's application: the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        custom_context: Option<String>,
        /// Who handed the caller over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transferor: Option<Transferor>,
    },
    /// To the caller: at least one endpoint of the callee rings.
    Ringing {
        /// The call.
        call_id: CallId,
    },
    /// To the caller: the callee had already been calling. `call_id` goes on as `into`, which counts as answered.
    Merged {
        /// The call that was started.
        call_id: CallId,
        /// The call it became.
        into: CallId,
    },
    /// To both: the call was answered, and media is negotiated from here on. Again for the same call: an endpoint of it
    /// is in a new session, and what was under way between the two is lost.
    Answered {
        /// The call.
        call_id: CallId,
        /// The other side.
        peer: CallPeer,
        /// Whether this endpoint gives way when both offer at once (perfect negotiation). The other one does not,
        /// and makes the first offer.
        polite: bool,
        /// What lets this side go on with the call in a new session. Signed, for this identity alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<String>,
    },
    /// From the other endpoint's peer connection.
    Signal {
        /// The call.
        call_id: CallId,
        /// What.
        signal: PeerSignal,
    },
    /// What the other endpoint sends from now on.
    Media {
        /// The call.
        call_id: CallId,
        /// The whole state, not a difference.
        media: MediaState,
    },
    /// The other endpoint lost its socket, or has it back. The call goes on until the grace period is over.
    PeerReachable {
        /// The call.
        call_id: CallId,
        /// Whether the server has a socket of the other endpoint.
        reachable: bool,
    },
    /// To the other side of a call that is being transferred: it now calls somebody else, without a `start`.
    Transfer {
        /// The call that is transferred. It goes on until the target answers.
        call_id: CallId,
        /// The call that takes its place.
        into: CallId,
        /// Whom that one rings.
        target: RawId,
    },
    /// The call is over for this endpoint. Nothing about it follows. To whoever transfers a call, about the one that was
    /// to take its place: the transfer failed.
    Ended {
        /// The call.
        call_id: CallId,
        /// Why.
        reason: CallEndReason,
    },
}

impl CallNotice {
    /// The call the notice is about.
    #[must_use]
    pub const fn call_id(&self) -> &CallId {
        match self {
            Self::Incoming { call_id, .. }
            | Self::Ringing { call_id }
            | Self::Merged { call_id, .. }
            | Self::Answered { call_id, .. }
            | Self::Signal { call_id, .. }
            | Self::Media { call_id, .. }
            | Self::PeerReachable { call_id, .. }
            | Self::Transfer { call_id, .. }
            | Self::Ended { call_id, .. } => call_id,
        }
    }
}

/// The other side of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallPeer {
    /// The client instance.
    pub endpoint_id: EndpointId,
    /// The identity.
    pub raw_id: RawId,
    /// The name it chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it sends.
    pub media: MediaState,
}

/// Who handed a call over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transferor {
    /// The identity.
    pub raw_id: RawId,
    /// The name it chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// What an endpoint sends in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaState {
    /// Whether the microphone is muted.
    pub muted: bool,
    /// Whether camera video is sent.
    pub video: bool,
    /// Whether this side has put the call on hold: then neither side sends anything.
    #[serde(default, skip_serializing_if = "is_false")]
    pub held: bool,
    /// Whether a screen is sent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub screen: bool,
    /// What this side's diagnostics say, where it tells them: two bits for each, see `docs/protocol.md`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub diagnostics: u64,
}

/// Something one peer connection has for the other. The server passes it on unread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum PeerSignal {
    /// An offer or an answer.
    Description(SessionDescription),
    /// A trickled candidate.
    Candidate(IceCandidate),
    /// The polite side has no path: the other one is to look for another, in an offer of its own.
    RestartIce,
}

/// An SDP description (W3C `RTCSessionDescriptionInit`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionDescription {
    /// Offer or answer.
    pub description_type: SessionDescriptionType,
    /// The SDP.
    pub sdp: String,
    /// Counts the offers of a side. An answer has that of the offer it answers: to an earlier one it is of no use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<u32>,
}

/// The two descriptions that cross the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionDescriptionType {
    /// Proposes.
    Offer,
    /// Agrees.
    Answer,
}

/// A candidate (W3C `RTCIceCandidateInit`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IceCandidate {
    /// The candidate line; empty: no more follow.
    pub candidate: String,
    /// The `mid` of its media section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    /// The index of its media section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_m_line_index: Option<u16>,
    /// The ICE user fragment it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username_fragment: Option<String>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for this signature; where pointers have 32 bits it is a reference to more"
)]
const fn is_zero(value: &u64) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
const fn is_false(value: &bool) -> bool {
    !*value
}
