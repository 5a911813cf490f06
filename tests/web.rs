//! Tests that run in a browser: `cargo xtask test web`.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

#[path = "web/audio_streams.rs"]
mod audio_streams;
#[path = "web/browser.rs"]
mod browser;
#[path = "web/call_connection.rs"]
mod call_connection;
#[path = "web/call_server.rs"]
mod call_server;
#[path = "web/calling.rs"]
mod calling;
#[path = "web/chat_events.rs"]
mod chat_events;
#[path = "web/chat_files.rs"]
mod chat_files;
#[path = "web/chat_options.rs"]
mod chat_options;
#[path = "web/chat_requests.rs"]
mod chat_requests;
#[path = "web/chat_search.rs"]
mod chat_search;
#[path = "web/credential.rs"]
mod credential;
#[path = "web/device_wishes.rs"]
mod device_wishes;
#[path = "web/devices.rs"]
mod devices;
#[path = "web/freed.rs"]
mod freed;
#[path = "web/history.rs"]
mod history;
#[path = "web/identifiers.rs"]
mod identifiers;
#[path = "web/local_data.rs"]
mod local_data;
#[path = "web/media_quality.rs"]
mod media_quality;
#[path = "web/memory.rs"]
mod memory;
#[path = "web/outbox.rs"]
mod outbox;
#[path = "web/screen.rs"]
mod screen;
#[path = "web/support.rs"]
mod support;
#[path = "web/token_renewal.rs"]
mod token_renewal;
#[path = "web/users.rs"]
mod users;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
