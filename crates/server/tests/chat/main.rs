//! Chat: its REST through the real router, and its log through the use cases.

mod api;
mod log;
mod messages;
mod paging;
mod participants;
mod permissions;
mod receipts;
mod threads;
mod world;
