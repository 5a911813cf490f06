//! The realtime protocol, version 1: JSON text frames over one WebSocket per signed-in client.
//!
//! `docs/protocol.md` says how the frames are used; this module says what they are.

mod call;
mod chat_event;
mod close_code;
mod custom_context;
mod frame;
pub mod limits;

pub use call::{
    CallCommand, CallNotice, CallPeer, IceCandidate, MediaState, PeerSignal, SessionDescription,
    SessionDescriptionType, Transferor,
};
pub use chat_event::{
    ChatEvent, ChatEventParticipant, ChatMessageEvent, ChatThreadDeletionReason, ChatThreadEvent,
};
pub use close_code::CloseCode;
pub use custom_context::{
    CustomContext, CustomHeader, MAX_CUSTOM_CONTEXT_CHARS, MAX_HEADER_KEY_CHARS, MAX_SIP_HEADERS,
    MAX_USER_TO_USER_CHARS, MAX_VOIP_HEADER_VALUE_CHARS, MAX_VOIP_HEADERS,
};
pub use frame::{ClientFrame, IceServer, Resume, ServerFrame, Topic};

/// The version this crate describes.
pub const VERSION: u32 = 1;

/// The level ([`ServerFrame::Welcome`]) of a server with `rejoin`.
pub const LEVEL_REJOIN: u32 = 1;

/// The level of a server with `transfer`.
pub const LEVEL_TRANSFER: u32 = 2;

/// The level of this crate.
pub const LEVEL: u32 = LEVEL_TRANSFER;

/// The path of the WebSocket below the endpoint.
pub const PATH: &str = "/realtime";

/// The path below the endpoint where a client leaves that has no socket to say goodbye on.
pub const LEAVE_PATH: &str = "/realtime/leave";
