//! The Openline server: identities and tokens, chat, and signalling for calls, over HTTP and one WebSocket per client.

pub mod bus;
pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod shutdown;
pub mod state;
pub mod storage;
pub mod telemetry;
pub mod ws;
