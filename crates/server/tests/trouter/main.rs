//! The published chat client's realtime protocol: over the real router and, where processes end, the real binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]

#[expect(dead_code, reason = "shared with other tests")]
#[path = "../common/binary.rs"]
mod binary;
#[path = "../common/people.rs"]
mod people;
#[path = "../common/shifted_clock.rs"]
mod shifted_clock;
#[path = "../common/signing.rs"]
mod signing;

mod client;
mod delivery;
mod doors;
mod ends;
mod gaps;
mod handshake;
mod limits;
mod log;
mod processes;
mod storage_failures;
mod time;
mod tokens;
mod world;
