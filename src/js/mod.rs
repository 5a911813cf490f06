//! What JavaScript sees: exported classes and functions, and how Rust values become JavaScript ones.
//!
//! Every exported method takes `&self`, no borrow is held while JavaScript runs, and plain data is handed out
//! as fresh plain objects.
#![allow(rustdoc::bare_urls, reason = "examples are code in TypeScript")]
#![expect(
    clippy::doc_markdown,
    clippy::missing_errors_doc,
    reason = "the docs of exported items are written for TypeScript, where `@throws` stands for errors"
)]

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
mod local_data;
pub(crate) mod local_video_stream;
pub(crate) mod logger;
pub(crate) mod media_error;
pub(crate) mod object;
mod paged;
pub(crate) mod promise;
pub(crate) mod remote_audio_stream;
pub(crate) mod remote_participant;
pub(crate) mod remote_video_stream;
mod types;
pub(crate) mod video_stream_renderer;

pub use self::{
    call::Call,
    call_agent::CallAgent,
    call_client::CallClient,
    chat_client::ChatClient,
    chat_thread_client::ChatThreadClient,
    credential::CommunicationTokenCredential,
    debug_info::DebugInfoFeature,
    device_manager::DeviceManager,
    identifiers::{
        create_identifier_from_raw_id, get_identifier_kind, get_identifier_raw_id,
        is_communication_user_identifier, is_microsoft_teams_app_identifier,
        is_microsoft_teams_user_identifier, is_phone_number_identifier, is_teams_extension_user_identifier,
        is_unknown_identifier,
    },
    incoming_call::IncomingCall,
    local_data::{LocalDataHost, provide_local_data},
    local_video_stream::LocalVideoStream,
    paged::{PagedAsyncIterableIterator, PagedAsyncIterableIteratorPages},
    remote_audio_stream::RemoteAudioStream,
    remote_participant::RemoteParticipant,
    remote_video_stream::RemoteVideoStream,
    video_stream_renderer::{VideoStreamRenderer, VideoStreamRendererView},
};
