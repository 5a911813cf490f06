//! Settings of the realtime socket.

use std::time::Duration;

use openline_call::exchange::ExchangeConfig;
use openline_session::ServerSessionConfig;

use crate::{
    config::Config,
    domain::{RateLimit, calls::DEFAULT_STARTS, farewells::DEFAULT_FAREWELLS},
    http::AllowedOrigins,
};

/// Settings of the realtime socket. The defaults are those of `docs/protocol.md`.
#[derive(Debug, Clone)]
pub struct RealtimeSettings {
    /// Heartbeat and grace period.
    pub session: ServerSessionConfig,
    /// Calls: how long they ring.
    pub calls: ExchangeConfig,
    /// How often an identity may start a call; one more ends with 503/0. Default 30 in 60 s.
    pub call_starts: RateLimit,
    /// How often an identity may leave a call without a session, by its ticket. Default 240 in 60 s.
    pub call_farewells: RateLimit,
    /// Whose pages may connect.
    pub allowed_origins: AllowedOrigins,
    /// Sessions of one identity, those within their grace period included. Default 20.
    pub max_sessions_per_identity: usize,
    /// Sockets of the process; one more is closed with 4429. Default 10,000.
    pub max_sockets: usize,
    /// Frames that a socket may send within [`Self::rate_window`]. Default 200.
    pub rate_frames: usize,
    /// Default 10 s.
    pub rate_window: Duration,
    /// How long a socket that closes may take to send what waits and hear the answer. Default 5 s.
    pub close_timeout: Duration,
    /// How long a replay of chat events waits for a client that reads nothing. Default 30 s.
    pub replay_patience: Duration,
}

impl Default for RealtimeSettings {
    fn default() -> Self {
        Self {
            session: ServerSessionConfig::default(),
            calls: ExchangeConfig::default(),
            call_starts: DEFAULT_STARTS,
            call_farewells: DEFAULT_FAREWELLS,
            allowed_origins: AllowedOrigins::any(),
            max_sessions_per_identity: 20,
            max_sockets: 10_000,
            rate_frames: 200,
            rate_window: Duration::from_secs(10),
            close_timeout: Duration::from_secs(5),
            replay_patience: Duration::from_secs(30),
        }
    }
}

impl RealtimeSettings {
    /// The settings that `config` asks for.
    #[must_use]
    pub fn new(config: &Config, allowed_origins: AllowedOrigins) -> Self {
        let session = ServerSessionConfig {
            grace: config.realtime.session_grace(),
            ..ServerSessionConfig::default()
        };
        Self {
            calls: ExchangeConfig {
                ring_timeout: config.calls.ring_timeout(),
                rejoin_patience: session.heartbeat_timeout() + session.grace,
            },
            session,
            call_starts: config.calls.starts(),
            allowed_origins,
            max_sockets: config.limits.max_connections,
            ..Self::default()
        }
    }
}
