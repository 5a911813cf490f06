//! The Openline server: identities and tokens, chat, and signalling for calls, over HTTP and one WebSocket per client.

pub mod bus;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
mod connection;
pub mod data_dir;
pub mod doctor;
pub mod domain;
#[cfg(feature = "_fuzz")]
pub mod fuzzing;
pub mod http;
pub mod listen;
mod open_files;
pub mod run;
mod servers;
pub mod shutdown;
pub mod state;
pub mod storage;
pub mod telemetry;
pub mod tls;
pub mod trouter;
pub mod turn;
pub mod ws;
