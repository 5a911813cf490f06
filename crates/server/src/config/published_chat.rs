//! Limits of the published chat client.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::domain::RateLimit;

const MINUTE: Duration = Duration::from_secs(60);

/// The group `[published_chat]`: how much a user of the published chat client may have and do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PublishedChatConfig {
    /// Clients (tabs) of a user at once, 1 to 1,000. `OPENLINE_PUBLISHED_CHAT__MAX_CLIENTS`, default 20.
    pub max_clients: usize,
    /// Clients of a user that are remembered while they are away, [`Self::max_clients`] to 10,000.
    /// `OPENLINE_PUBLISHED_CHAT__MAX_REMEMBERED_CLIENTS`, default 64.
    pub max_remembered_clients: u32,
    /// Requests by which the clients of a user connect (allocations, handshakes, registrations) within a minute, 0 to
    /// 100,000; 0: no limit. `OPENLINE_PUBLISHED_CHAT__CONNECTS_PER_MINUTE`, default 240.
    pub connects_per_minute: u32,
    /// Frames that a client may send at once, its answers aside, 20 to 10,000; a tenth of it comes back each second.
    /// `OPENLINE_PUBLISHED_CHAT__BURST_FRAMES`, default 200.
    pub burst_frames: u32,
}

impl Default for PublishedChatConfig {
    fn default() -> Self {
        Self {
            max_clients: 20,
            max_remembered_clients: 64,
            connects_per_minute: 240,
            burst_frames: 200,
        }
    }
}

impl PublishedChatConfig {
    /// How often the clients of a user may connect.
    #[must_use]
    pub const fn connects(&self) -> RateLimit {
        RateLimit {
            count: self.connects_per_minute,
            window: MINUTE,
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let out_of_range = |setting, range: &str| {
            let problem = format!("must be {range}");
            Err(ConfigError::invalid("published_chat", setting, &problem))
        };
        if !(1..=1000).contains(&self.max_clients) {
            return out_of_range("max_clients", "1 to 1000");
        }
        let remembered = usize::try_from(self.max_remembered_clients).unwrap_or(usize::MAX);
        if !(self.max_clients..=10_000).contains(&remembered) {
            return out_of_range("max_remembered_clients", "max_clients to 10000");
        }
        if self.connects_per_minute > 100_000 {
            return out_of_range("connects_per_minute", "0 to 100000");
        }
        if !(20..=10_000).contains(&self.burst_frames) {
            return out_of_range("burst_frames", "20 to 10000");
        }
        Ok(())
    }
}
