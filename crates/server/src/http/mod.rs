//! HTTP: parses, authorises, calls the domain, maps errors. Decides nothing.

mod api_version;
mod authenticated;
mod chat;
mod cors;
mod demo;
mod error;
#[cfg(feature = "_fuzz")]
pub(crate) mod fuzzing;
mod health;
mod hmac;
mod identity;
mod json;
mod normalise;
mod origin;
mod relay;
mod request_context;
mod router;
mod signed;
mod static_files;
mod unread_body;

pub use self::{
    api_version::{CHAT_API_VERSIONS, IDENTITY_API_VERSIONS, RELAY_API_VERSIONS, versioned},
    authenticated::Authenticated,
    error::ApiError,
    json::{Json, Path, Query},
    origin::AllowedOrigins,
    request_context::RequestId,
    router::{Listener, router},
};
pub(crate) use self::{
    json::{parse, read_body},
    origin::Origin,
};
