//! Calls.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;

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
}

impl Default for CallsConfig {
    fn default() -> Self {
        Self {
            ice_servers: Vec::new(),
            ring_timeout_s: 60,
        }
    }
}

impl CallsConfig {
    /// How long a call rings.
    #[must_use]
    pub const fn ring_timeout(&self) -> Duration {
        Duration::from_secs(self.ring_timeout_s)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(1..=600).contains(&self.ring_timeout_s) {
            return Err(ConfigError::invalid(
                "calls",
                "ring_timeout_s",
                "must be 1 to 600",
            ));
        }
        let known = ["stun:", "stuns:", "turn:", "turns:"];
        let unknown = |url: &&String| !known.iter().any(|scheme| url.starts_with(scheme));
        if let Some(url) = self
            .ice_servers
            .iter()
            .flat_map(|server| &server.urls)
            .find(unknown)
        {
            let problem = format!("has \"{url}\"; an address begins with stun:, stuns:, turn: or turns:");
            return Err(ConfigError::invalid("calls", "ice_servers", &problem));
        }
        Ok(())
    }
}
