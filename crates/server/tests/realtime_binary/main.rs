//! The realtime socket of the real binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a page ignores what it does not know"
)]

#[expect(dead_code, reason = "shared with other tests")]
#[path = "../common/binary.rs"]
mod binary;
#[path = "../common/signing.rs"]
mod signing;

mod call_starts;
mod client;
mod ends;
mod kills;
mod page;
mod registration;
mod secrecy;
