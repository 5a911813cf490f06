//! Settings of the published client's protocol.

use std::time::Duration;

use openline_trouter::EndpointConfig;

use crate::{config::Config, domain::RateLimit, http::AllowedOrigins};

/// Settings of the published client's protocol. The defaults are those of `docs/published-chat-client.md`.
#[derive(Debug, Clone)]
pub struct TrouterSettings {
    /// Delivery, silence, and how much a client may send.
    pub endpoint: EndpointConfig,
    /// Whose pages may open a WebSocket.
    pub allowed_origins: AllowedOrigins,
    /// Client instances (tabs) of one identity at the same time. Default 20.
    pub max_instances_per_identity: usize,
    /// Client instances of one identity that are remembered. Default 64.
    pub max_remembered_per_identity: u32,
    /// Connections of the process, expected ones included. Default 10,000.
    pub max_connections: usize,
    /// How often an identity may allocate, shake hands, register and unregister, together. Default 240 in 60 s.
    pub connects: RateLimit,
    /// How long after the handshake a connection may begin. Default 60 s.
    pub handshake_lifetime: Duration,
    /// How long a poll waits for something to say. Default 20 s; not longer than two thirds of what a request may take.
    pub poll_hold: Duration,
    /// After how much silence of the server a WebSocket is pinged. Default 25 s.
    pub ping_interval: Duration,
    /// How long a client instance stays in memory after its last connection. Default 120 s.
    pub grace: Duration,
    /// How long it is remembered on disk: as long as events are. Default 30 days.
    pub retention: Duration,
    /// How long a server that stops waits for answers. Default 1 s.
    pub stop_patience: Duration,
    /// How long a WebSocket that closes may take to send what waits and hear the answer. Default 5 s.
    pub close_timeout: Duration,
}

impl Default for TrouterSettings {
    fn default() -> Self {
        Self {
            endpoint: EndpointConfig::default(),
            allowed_origins: AllowedOrigins::any(),
            max_instances_per_identity: 20,
            max_remembered_per_identity: 64,
            max_connections: 10_000,
            connects: RateLimit {
                count: 240,
                window: Duration::from_secs(60),
            },
            handshake_lifetime: Duration::from_secs(60),
            poll_hold: Duration::from_secs(20),
            ping_interval: Duration::from_secs(25),
            grace: Duration::from_secs(120),
            retention: Duration::from_secs(30 * 24 * 60 * 60),
            stop_patience: Duration::from_secs(1),
            close_timeout: Duration::from_secs(5),
        }
    }
}

impl TrouterSettings {
    /// The settings that `config` asks for.
    #[must_use]
    pub fn new(config: &Config, allowed_origins: AllowedOrigins) -> Self {
        let default = Self::default();
        Self {
            allowed_origins,
            max_connections: config.limits.max_connections,
            retention: config.chat.event_retention(),
            poll_hold: default.poll_hold.min(config.limits.request_timeout() * 2 / 3),
            ..default
        }
    }
}
