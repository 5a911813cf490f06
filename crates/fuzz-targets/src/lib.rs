//! What is fuzzed: one function for each reader of input from the network, or from an operator.
//!
//! A function gets any bytes. It panics where something is wrong: the reader itself panics, or what it read is not
//! what was written, or what holds of everything that is read does not hold. `fuzz/` calls them with what libFuzzer
//! makes up, `tests/seeds.rs` with the inputs that are kept in `fuzz/seeds/`.

mod calls;
mod files;
mod realtime;
mod requests;
mod rest;
mod search;
mod settings;
mod signed;
mod tokens;
mod trouter;
mod turn;

use serde::{Serialize, de::DeserializeOwned};

pub use self::{
    calls::{call_commands, call_notices},
    files::{attachment_headers, image},
    realtime::{realtime_client_frames, realtime_server_frames},
    requests::{page_tokens, request_target},
    rest::{chat_bodies, identifiers, identity_bodies},
    search::search,
    settings::settings,
    signed::signed_request,
    tokens::{client_token, server_token},
    trouter::{trouter_events, trouter_frames, trouter_payload},
    turn::{turn_client, turn_stream},
};

/// A target's name, and what runs it once.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("attachment_headers", attachment_headers),
    ("call_commands", call_commands),
    ("call_notices", call_notices),
    ("chat_bodies", chat_bodies),
    ("client_token", client_token),
    ("identifiers", identifiers),
    ("identity_bodies", identity_bodies),
    ("image", image),
    ("page_tokens", page_tokens),
    ("realtime_client_frames", realtime_client_frames),
    ("realtime_server_frames", realtime_server_frames),
    ("request_target", request_target),
    ("search", search),
    ("server_token", server_token),
    ("settings", settings),
    ("signed_request", signed_request),
    ("trouter_events", trouter_events),
    ("trouter_frames", trouter_frames),
    ("trouter_payload", trouter_payload),
    ("turn_client", turn_client),
    ("turn_stream", turn_stream),
];

/// The input as lines, where it is text: most targets take several inputs, one a line.
fn lines(data: &[u8]) -> impl Iterator<Item = &str> {
    std::str::from_utf8(data).unwrap_or_default().lines()
}

/// Asserts that a value is read as it was written.
fn assert_written_and_read<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_string(value).expect("what was read from JSON can be written");
    let read: T = serde_json::from_str(&json).expect("what was written can be read");
    assert_eq!(read, *value, "{json}");
}
