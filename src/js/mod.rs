//! What JavaScript sees: exported classes and functions, and how Rust values become JavaScript ones.
//!
//! Every exported method takes `&self`, no borrow is held while JavaScript runs, and plain data is handed out
//! as fresh plain objects.

pub(crate) mod call;
pub(crate) mod call_agent;
pub(crate) mod call_client;
mod chat_client;
mod chat_events;
mod chat_models;
mod chat_requests;
mod chat_thread_client;
pub(crate) mod credential;
pub(crate) mod debug_info;
pub(crate) mod device_info;
pub(crate) mod device_manager;
pub(crate) mod end_reason;
pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod features;
pub(crate) mod identifiers;
pub(crate) mod incoming_call;
pub(crate) mod local_video_stream;
pub(crate) mod logger;
pub(crate) mod media_error;
pub(crate) mod object;
mod paged;
pub(crate) mod promise;
pub(crate) mod remote_participant;
pub(crate) mod remote_video_stream;
pub(crate) mod video_stream_renderer;
mod types;
