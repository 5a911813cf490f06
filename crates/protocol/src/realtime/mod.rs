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

/// The level ([`ServerFrame::Welcome`]) of a server with `rejoin`.
pub const LEVEL_REJOIN: u32 = 1;

/// The level of this crate.
pub const LEVEL: u32 = LEVEL_REJOIN;

/// The path of the WebSocket below the endpoint.
pub const PATH: &str = "/realtime";
