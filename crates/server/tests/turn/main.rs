//! TURN of the real binary, with sockets of the tests and with coturn's own client.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

#[expect(dead_code, reason = "shared with other tests")]
#[path = "../common/binary.rs"]
mod binary;
#[path = "../common/signing.rs"]
mod signing;

mod abuse;
mod coturn_client;
mod datagrams;
mod server;
mod streams;
mod wire;
