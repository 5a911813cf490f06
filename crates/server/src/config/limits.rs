//! Limits that protect the server.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::domain::identity::IdentityLimits;

/// The group `[limits]`. Where a limit can be switched off, 0 does so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Open connections, sockets included, 1 to 1,000,000. Further ones are closed at once. Fewer, with a warning in
    /// the log, if the system allows too few open files.
    /// `OPENLINE_LIMITS__MAX_CONNECTIONS`, default 10,000.
    pub max_connections: usize,
    /// Size of a request's body, in bytes, 1,024 to 10,485,760. `OPENLINE_LIMITS__MAX_BODY_BYTES`, default 262,144.
    pub max_body_bytes: usize,
    /// How long a request may take, in seconds, 1 to 300. `OPENLINE_LIMITS__REQUEST_TIMEOUT_S`, default 30.
    pub request_timeout_s: u64,
    /// How long a connection may take from its beginning until its TLS handshake is done and its first bytes say
    /// which version of HTTP it speaks, in seconds, 1 to 300. `OPENLINE_LIMITS__OPENING_TIMEOUT_S`, default 10.
    pub opening_timeout_s: u64,
    /// How long a client may take to send a request's headers, and how long a connection may be idle, in seconds,
    /// 1 to 300. `OPENLINE_LIMITS__HEADER_TIMEOUT_S`, default 30.
    pub header_timeout_s: u64,
    /// How long a client may take nothing of what is sent to it, in seconds, 1 to 300.
    /// `OPENLINE_LIMITS__SEND_TIMEOUT_S`, default 60.
    pub send_timeout_s: u64,
    /// Identities created per resource and window; 0: no limit. `OPENLINE_LIMITS__CREATE_IDENTITY`, default 1,000.
    pub create_identity: u32,
    /// Tokens issued per resource and window; 0: no limit. `OPENLINE_LIMITS__ISSUE_TOKEN`, default 1,000.
    pub issue_token: u32,
    /// Revocations per resource and window; 0: no limit. `OPENLINE_LIMITS__REVOKE_TOKENS`, default 500.
    pub revoke_tokens: u32,
    /// Identities deleted per resource and window; 0: no limit. `OPENLINE_LIMITS__DELETE_IDENTITY`, default 500.
    pub delete_identity: u32,
    /// The window of the limits above, in seconds, 1 to 3,600. `OPENLINE_LIMITS__WINDOW_S`, default 30.
    pub window_s: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            max_connections: 10_000,
            max_body_bytes: 256 * 1024,
            request_timeout_s: 30,
            opening_timeout_s: 10,
            header_timeout_s: 30,
            send_timeout_s: 60,
            create_identity: 1000,
            issue_token: 1000,
            revoke_tokens: 500,
            delete_identity: 500,
            window_s: 30,
        }
    }
}

impl LimitsConfig {
    /// How long a request may take.
    #[must_use]
    pub const fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_s)
    }

    /// How long a connection may take until it is clear what it speaks.
    #[must_use]
    pub const fn opening_timeout(&self) -> Duration {
        Duration::from_secs(self.opening_timeout_s)
    }

    /// How long a client may take nothing of what is sent to it.
    #[must_use]
    pub const fn send_timeout(&self) -> Duration {
        Duration::from_secs(self.send_timeout_s)
    }

    /// How long a client may take to send a request's headers.
    #[must_use]
    pub const fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_s)
    }

    /// The limits of the identity service.
    #[must_use]
    pub const fn identity(&self) -> IdentityLimits {
        IdentityLimits {
            create: self.create_identity,
            issue: self.issue_token,
            revoke: self.revoke_tokens,
            delete: self.delete_identity,
            window: Duration::from_secs(self.window_s),
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let out_of_range = |setting, range: &str| {
            Err(ConfigError::invalid(
                "limits",
                setting,
                &format!("must be {range}"),
            ))
        };
        if !(1..=1_000_000).contains(&self.max_connections) {
            return out_of_range("max_connections", "1 to 1000000");
        }
        if !(1024..=10_485_760).contains(&self.max_body_bytes) {
            return out_of_range("max_body_bytes", "1024 to 10485760");
        }
        let timeouts = [
            ("request_timeout_s", self.request_timeout_s),
            ("opening_timeout_s", self.opening_timeout_s),
            ("header_timeout_s", self.header_timeout_s),
            ("send_timeout_s", self.send_timeout_s),
        ];
        for (setting, seconds) in timeouts {
            if !(1..=300).contains(&seconds) {
                return out_of_range(setting, "1 to 300");
            }
        }
        if !(1..=3600).contains(&self.window_s) {
            return out_of_range("window_s", "1 to 3600");
        }
        Ok(())
    }
}
