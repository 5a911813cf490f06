//! The server's half of the realtime protocol that the published chat client (`@azure/communication-chat`) speaks:
//! `docs/published-chat-client.md`.
//!
//! - [`Frame`] and [`payload`] are the text framing, that of socket.io 0.9, over WebSocket and long polling.
//! - [`Endpoint`] is one client instance over any number of connections: it greets, acknowledges, delivers events,
//!   judges the answers, and knows what is still to be delivered after a break.
//! - [`events`] turns chat events into the client's payloads.
//!
//! No socket, no clock, no signatures: those are the server's.

mod endpoint;
pub mod events;
mod frame;
mod incoming;
mod outgoing;
pub mod payload;

pub use self::{
    endpoint::{
        CloseReason, ConnectionNumber, Delivered, Endpoint, EndpointConfig, EndpointOutput, Full, Ledger,
        MAX_OUTBOX_BYTES, MAX_OUTBOX_EVENTS,
    },
    frame::{BadFrame, Frame, FrameId, FrameKind, MAX_FRAME_BYTES},
};
