//! The realtime socket over the real router, with raw clients.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]

#[path = "../common/people.rs"]
mod people;
#[path = "../common/shifted_clock.rs"]
mod shifted_clock;

mod calls;
mod chat;
mod client;
mod close_codes;
mod leaving;
mod notices;
mod processes;
mod rejoin;
mod relays;
mod sessions;
mod slow_client;
mod tokens;
mod world;
