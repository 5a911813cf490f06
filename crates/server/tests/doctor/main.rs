//! `openline-server doctor` of the real binary, against the real binary and against what stands in its place.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

#[expect(dead_code, reason = "shared with other tests")]
#[path = "../common/binary.rs"]
mod binary;
#[path = "../common/signing.rs"]
mod signing;

mod deployment;
mod examination;
mod healthy;
mod impostors;
mod on_machine;
mod relays;
mod wrong;
