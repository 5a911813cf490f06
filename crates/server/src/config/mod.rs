//! Settings of `openline-server serve`: a TOML file, and an environment variable for each.
//!
//! The variable of a setting is `OPENLINE_`, its group, two underscores, its name:
//! `OPENLINE_SERVER__HTTP_BIND="127.0.0.1:8080"`, `OPENLINE_SERVER__ALLOWED_ORIGINS='["https://app.example.org"]'`.
//! Variables win over the file. `crates/server/openline.toml` shows every setting with its default.

mod attachments;
mod calls;
mod chat;
mod chat_rate_limits;
#[cfg(feature = "_fuzz")]
pub(crate) mod fuzzing;
mod limits;
mod load;
mod log;
mod published_chat;
mod realtime;
mod server;
mod turn;

use serde::{Deserialize, Serialize};

pub use self::{
    attachments::{AttachmentsConfig, S3Config, Secret},
    calls::{CallsConfig, IceServerConfig},
    chat::ChatConfig,
    chat_rate_limits::ChatRateLimitsConfig,
    limits::LimitsConfig,
    load::{ConfigError, from_environment, load},
    log::{LogConfig, LogFormat},
    published_chat::PublishedChatConfig,
    realtime::RealtimeConfig,
    server::ServerConfig,
    turn::{ExternalRelayConfig, TurnConfig},
};

/// All settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens and what it serves.
    pub server: ServerConfig,
    /// Logs.
    pub log: LogConfig,
    /// Calls.
    pub calls: CallsConfig,
    /// TURN and STUN.
    pub turn: TurnConfig,
    /// Realtime sessions.
    pub realtime: RealtimeConfig,
    /// Chat.
    pub chat: ChatConfig,
    /// The published chat client.
    pub published_chat: PublishedChatConfig,
    /// Files of messages.
    pub attachments: AttachmentsConfig,
    /// Limits that protect the server.
    pub limits: LimitsConfig,
}
