//! The server's foundation: the router with a clock that stands still, and the real binary.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

#[path = "../common/mod.rs"]
mod common;

mod config;
mod connections;
mod demo;
mod dev;
mod durability;
mod envelope;
mod files_in_s3;
mod identities;
mod open_files;
mod page;
#[cfg(target_os = "linux")]
mod readiness;
mod relay;
#[path = "../common/s3.rs"]
mod s3;
mod serve;
mod signatures;
mod silence;
mod stopping;
mod tokens;
