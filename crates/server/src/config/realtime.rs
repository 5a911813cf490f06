//! Realtime sessions.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;

/// The group `[realtime]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RealtimeConfig {
    /// How long a session outlives its socket, in seconds, 1 to 300; one that ended without a close frame 15 s at most.
    /// `OPENLINE_REALTIME__SESSION_GRACE_S`, default 30.
    pub session_grace_s: u64,
}

impl Default for RealtimeConfig {
    fn default() -> Self {
        Self {
            session_grace_s: openline_protocol::realtime::limits::SESSION_GRACE.as_secs(),
        }
    }
}

impl RealtimeConfig {
    /// How long a session outlives its socket.
    #[must_use]
    pub const fn session_grace(&self) -> Duration {
        Duration::from_secs(self.session_grace_s)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if (1..=300).contains(&self.session_grace_s) {
            return Ok(());
        }
        Err(ConfigError::invalid(
            "realtime",
            "session_grace_s",
            "must be 1 to 300",
        ))
    }
}
