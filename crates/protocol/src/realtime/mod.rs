//! The realtime protocol, version 1: JSON text frames over one WebSocket per signed-in client.
//!
//! `docs/protocol.md` says how the frames are used; this module says what they are.

mod call;
mod chat_event;
mod close_code;
mod frame;
pub mod limits;

pub use call::{
    CallCommand, CallNotice, CallPeer, IceCandidate, MediaState, PeerSignal, SessionDescription,
    SessionDescriptionType,
};
pub use chat_event::{
    ChatEvent, ChatEventParticipant, ChatMessageEvent, ChatThreadDeletionReason, ChatThreadEvent,
};
pub use close_code::CloseCode;
pub use frame::{ClientFrame, IceServer, Resume, ServerFrame, Topic};

/// The version this crate describes.
pub const VERSION: u32 = 1;

/// The path of the WebSocket below the endpoint.
pub const PATH: &str = "/realtime";
