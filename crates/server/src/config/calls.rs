//! Calls.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::domain::{RateLimit, calls::DEFAULT_STARTS};

/// A STUN or TURN server that clients are told of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IceServerConfig {
    /// `stun:host:port`, `turn:host:port?transport=udp`, `turns:...`.
    pub urls: Vec<String>,
    /// User name for TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Password for TURN. Every client learns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

impl std::fmt::Debug for IceServerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceServerConfig")
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}

/// The group `[calls]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallsConfig {
    /// STUN and TURN servers for clients, as `[[calls.ice_servers]]`. `OPENLINE_CALLS__ICE_SERVERS`, default none:
    /// clients that see each other directly need none.
    pub ice_servers: Vec<IceServerConfig>,
    /// How long a call rings, in seconds, 1 to 600. `OPENLINE_CALLS__RING_TIMEOUT_S`, default 60.
    pub ring_timeout_s: u64,
    /// Calls that an identity may start within a minute, from all its clients and whatever becomes of them, 0 to
    /// 10,000; 0: no limit. `OPENLINE_CALLS__STARTS_PER_MINUTE`, default 30.
    pub starts_per_minute: u32,
}

impl Default for CallsConfig {
    fn default() -> Self {
        Self {
            ice_servers: Vec::new(),
            ring_timeout_s: 60,
            starts_per_minute: DEFAULT_STARTS.count,
        }
    }
}

impl CallsConfig {
    /// How long a call rings.
    #[must_use]
    pub const fn ring_timeout(&self) -> Duration {
        Duration::from_secs(self.ring_timeout_s)
    }

    /// How often an identity may start a call.
    #[must_use]
    pub const fn starts(&self) -> RateLimit {
        RateLimit {
            count: self.starts_per_minute,
            ..DEFAULT_STARTS
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(1..=600).contains(&self.ring_timeout_s) {
            return Err(ConfigError::invalid(
                "calls",
                "ring_timeout_s",
                "must be 1 to 600",
            ));
        }
        if self.starts_per_minute > 10_000 {
            return Err(ConfigError::invalid(
                "calls",
                "starts_per_minute",
                "must be 0 to 10000",
            ));
        }
        if let Some(url) = self
            .ice_servers
            .iter()
            .flat_map(|server| &server.urls)
            .find(|url| !is_ice_url(url))
        {
            let problem = format!("has \"{url}\"; an address begins with stun:, stuns:, turn: or turns:");
            return Err(ConfigError::invalid("calls", "ice_servers", &problem));
        }
        Ok(())
    }
}

/// Whether a browser can make something of the address.
pub(super) fn is_ice_url(url: &str) -> bool {
    ["stun:", "stuns:", "turn:", "turns:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
}
