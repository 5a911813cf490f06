//! Relays and credentials for them (`acs-rest/relay.md`).

use serde::{Deserialize, Serialize};

/// `POST /networkTraversal/:issueRelayConfiguration`. Absent body: all defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelayConfigurationRequest {
    /// The identity that will use the credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `any` or `nearest`; absent: both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route_type: Option<String>,
    /// How long the credentials are good, in seconds, 0 to 172,800, which is the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
}

/// The answer to [`RelayConfigurationRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelayConfiguration {
    /// When the credentials expire, ISO 8601.
    pub expires_on: String,
    /// The relays.
    pub ice_servers: Vec<RelayServer>,
}

/// Relays with credentials, by the way to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelayServer {
    /// `stun:` and `turn:` URLs.
    pub urls: Vec<String>,
    /// The user.
    pub username: String,
    /// The credential.
    pub credential: String,
    /// `any` or `nearest`.
    pub route_type: String,
}
