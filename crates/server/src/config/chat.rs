//! Chat.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ChatRateLimitsConfig, ConfigError};

/// The group `[chat]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChatConfig {
    /// How long events are kept for clients that were away, in days, 1 to 365. Messages are kept regardless.
    /// `OPENLINE_CHAT__EVENT_RETENTION_DAYS`, default 30.
    pub event_retention_days: u64,
    /// How often it may be used.
    pub rate_limits: ChatRateLimitsConfig,
}

impl Default for ChatConfig {
    fn default() -> Self {
        Self {
            event_retention_days: 30,
            rate_limits: ChatRateLimitsConfig::default(),
        }
    }
}

impl ChatConfig {
    /// How long events are kept.
    #[must_use]
    pub const fn event_retention(&self) -> Duration {
        Duration::from_secs(self.event_retention_days * 24 * 60 * 60)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(1..=365).contains(&self.event_retention_days) {
            return Err(ConfigError::invalid(
                "chat",
                "event_retention_days",
                "must be 1 to 365",
            ));
        }
        self.rate_limits.check()
    }
}
