//! The published chat client's realtime protocol: over the real router and, where processes end, the real binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]

#[expect(dead_code, reason = "shared with other tests")]
#[path = "../common/binary.rs"]
mod binary;
#[path = "../common/signing.rs"]
mod signing;

mod client;
mod delivery;
mod doors;
mod ends;
mod handshake;
mod limits;
mod processes;
mod world;
