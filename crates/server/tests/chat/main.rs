//! Chat: its REST through the real router, and its log through the use cases.

#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod api;
mod event_sequence;
mod files;
mod forgotten_text;
mod log;
mod messages;
mod paging;
mod participants;
mod permissions;
mod rate_limits;
mod receipts;
mod repeated_requests;
mod retention;
#[path = "../common/s3.rs"]
mod s3;
mod search;
mod shared_history;
mod threads;
mod versions;
mod world;
