//! Settings of the published client's protocol.

use std::time::Duration;

use openline_trouter::EndpointConfig;

use crate::{config::Config, domain::RateLimit, http::AllowedOrigins};

/// Settings of the published client's protocol. They are those of `docs/published-chat-client.md`.
#[derive(Debug, Clone)]
pub struct TrouterSettings {
    /// Delivery, silence, and how much a client may send.
    pub endpoint: EndpointConfig,
    /// Whose pages may open a WebSocket.
    pub allowed_origins: AllowedOrigins,
    /// Client instances (tabs) of one identity at the same time: `published_chat.max_clients`.
    pub max_instances_per_identity: usize,
    /// Client instances of one identity that are remembered: `published_chat.max_remembered_clients`.
    pub max_remembered_per_identity: u32,
    /// Connections of the process, expected ones included: `limits.max_connections`.
    pub max_connections: usize,
    /// How often an identity may allocate, shake hands, register and unregister, together:
    /// `published_chat.connects_per_minute`.
    pub connects: RateLimit,
    /// How long after the handshake a connection may begin: 60 s.
    pub handshake_lifetime: Duration,
    /// How long a poll waits for something to say: 20 s, and not longer than two thirds of what a request may take.
    pub poll_hold: Duration,
    /// After how much silence of the server a WebSocket is pinged: 25 s.
    pub ping_interval: Duration,
    /// How long a client instance stays in memory after its last connection: 120 s.
    pub grace: Duration,
    /// How long it is remembered on disk: twice as long as events are, so that who comes back when its events are gone
    /// is told so.
    pub retention: Duration,
    /// How long a server that stops waits for answers: 1 s.
    pub stop_patience: Duration,
    /// How long a WebSocket that closes may take to send what waits and hear the answer: 5 s.
    pub close_timeout: Duration,
}

impl TrouterSettings {
    /// The settings that `config` asks for.
    #[must_use]
    pub fn new(config: &Config, allowed_origins: AllowedOrigins) -> Self {
        let limits = &config.published_chat;
        Self {
            endpoint: EndpointConfig {
                burst_frames: limits.burst_frames,
                ..EndpointConfig::default()
            },
            allowed_origins,
            max_instances_per_identity: limits.max_clients,
            max_remembered_per_identity: limits.max_remembered_clients,
            max_connections: config.limits.max_connections,
            connects: limits.connects(),
            handshake_lifetime: Duration::from_secs(60),
            poll_hold: Duration::from_secs(20).min(config.limits.request_timeout() * 2 / 3),
            ping_interval: Duration::from_secs(25),
            grace: Duration::from_secs(120),
            retention: 2 * config.chat.event_retention(),
            stop_patience: Duration::from_secs(1),
            close_timeout: Duration::from_secs(5),
        }
    }
}
