//! The realtime session: sequence, acknowledgement, heartbeat, resume and back-off, without a socket.
//!
//! Both halves of `docs/protocol.md`: [`ClientSession`] for the SDK, [`ServerHandshake`] and [`ServerSession`] for
//! the server. They decide what is sent and when; the edges own sockets, timers and tokens. Time is an argument
//! of every input, and what is to be done is polled:
//!
//! 1. feed an input (`connect`, `frame_received`, `handle_timeout`, ..),
//! 2. carry out `poll_output()` until it is empty,
//! 3. arm one timer for `poll_timeout()`.

mod backoff;
mod client;
mod random;
mod sequence;
mod server;

pub use backoff::Backoff;
pub use client::{
    ClientConfig, ClientEvent, ClientOutput, ClientSession, ClientState, CommandRefused, DisconnectReason,
    InThread, TokenFailure, thread_key,
};
pub use sequence::{AckInvalid, QueueFull, Received, Receiver, Sender};
pub use server::{
    Hello, IceGrant, MAX_UNACKNOWLEDGED_BYTES, ServerHandshake, ServerOutput, ServerSession,
    ServerSessionConfig, SessionEnd, negotiate_version, notice_weight,
};
