//! What passes between the agent and the peer connection of a call. The names are those of `RTCPeerConnection`.

use openline_protocol::realtime::{IceCandidate, SessionDescription};

/// Something to do on a call's peer connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaOutput {
    /// Make the peer connection and add what is sent and received. First of all outputs of a call.
    CreatePeerConnection {
        /// Whether this side makes the first offer: it adds the transceivers, the other one takes them from the offer.
        offers: bool,
    },
    /// `setLocalDescription()` without an argument: an offer when stable, else the answer. Ends in
    /// [`MediaInput::LocalDescription`] or [`MediaInput::OperationFailed`]; no other description is touched before.
    SetLocalDescription,
    /// `setRemoteDescription(description)`; rolls back an own offer where there is one. Ends in
    /// [`MediaInput::RemoteDescriptionApplied`] or [`MediaInput::OperationFailed`].
    SetRemoteDescription(SessionDescription),
    /// `addIceCandidate(candidate)`. A failure is not reported: it belongs to an offer
    /// that was ignored, or to a description that is gone.
    AddIceCandidate(IceCandidate),
    /// `restartIce()`. The browser answers with `negotiationneeded`.
    RestartIce,
    /// Close the peer connection. Last of all outputs of a call.
    Close,
}

/// Something a call's peer connection tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaInput {
    /// `negotiationneeded`.
    NegotiationNeeded,
    /// `setLocalDescription()` is done, and this is `localDescription`.
    LocalDescription(SessionDescription),
    /// `setRemoteDescription()` is done.
    RemoteDescriptionApplied,
    /// Making the peer connection, or one of the two above, failed. The call ends with 410/3111.
    OperationFailed,
    /// `icecandidate`; an empty candidate where the event had none.
    LocalCandidate(IceCandidate),
    /// `connectionstatechange`.
    ConnectionState(PeerConnectionState),
}

/// W3C `RTCPeerConnectionState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerConnectionState {
    /// Nothing was tried.
    New,
    /// A path is being looked for, or DTLS is under way.
    Connecting,
    /// Media can flow.
    Connected,
    /// Checks fail at the moment; may recover by itself.
    Disconnected,
    /// Given up; only an ICE restart helps.
    Failed,
    /// Closed.
    Closed,
}
