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

#[cfg(feature = "calling")]
pub(crate) mod call;
#[cfg(feature = "calling")]
pub(crate) mod call_agent;
#[cfg(feature = "calling")]
pub(crate) mod call_client;
#[cfg(feature = "chat")]
mod chat_client;
#[cfg(feature = "chat")]
mod chat_events;
#[cfg(feature = "chat")]
mod chat_models;
#[cfg(feature = "chat")]
mod chat_requests;
#[cfg(feature = "chat")]
mod chat_thread_client;
pub(crate) mod credential;
#[cfg(feature = "calling")]
pub(crate) mod device_info;
#[cfg(feature = "calling")]
pub(crate) mod device_manager;
#[cfg(feature = "calling")]
pub(crate) mod end_reason;
pub(crate) mod error;
pub(crate) mod events;
#[cfg(feature = "calling")]
pub(crate) mod features;
pub(crate) mod identifiers;
#[cfg(feature = "calling")]
pub(crate) mod incoming_call;
#[cfg(feature = "chat")]
mod local_data;
#[cfg(feature = "calling")]
pub(crate) mod local_video_stream;
pub(crate) mod logger;
#[cfg(feature = "calling")]
pub(crate) mod media_error;
pub(crate) mod object;
#[cfg(feature = "chat")]
mod paged;
pub(crate) mod promise;
#[cfg(feature = "calling")]
pub(crate) mod remote_audio_stream;
#[cfg(feature = "calling")]
pub(crate) mod remote_participant;
#[cfg(feature = "calling")]
pub(crate) mod remote_video_stream;
mod types;
#[cfg(feature = "calling")]
pub(crate) mod video_stream_renderer;

#[cfg(feature = "calling")]
pub use self::{
    call::Call,
    call_agent::CallAgent,
    call_client::CallClient,
    device_manager::DeviceManager,
    features::{CallHost, ClientHost},
    incoming_call::IncomingCall,
    local_video_stream::LocalVideoStream,
    remote_audio_stream::RemoteAudioStream,
    remote_participant::RemoteParticipant,
    remote_video_stream::RemoteVideoStream,
    video_stream_renderer::{VideoStreamRenderer, VideoStreamRendererView},
};
#[cfg(feature = "chat")]
pub use self::{
    chat_client::ChatClient,
    chat_thread_client::ChatThreadClient,
    local_data::{LocalDataHost, provide_local_data},
    paged::{PagedAsyncIterableIterator, PagedAsyncIterableIteratorPages},
};
pub use self::{
    credential::CommunicationTokenCredential,
    identifiers::{
        create_identifier_from_raw_id, get_identifier_kind, get_identifier_raw_id,
        is_communication_user_identifier, is_microsoft_teams_app_identifier,
        is_microsoft_teams_user_identifier, is_phone_number_identifier, is_teams_extension_user_identifier,
        is_unknown_identifier,
    },
};
