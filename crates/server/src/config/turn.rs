//! TURN and STUN inside the server, and relays beside it.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;
use openline_turn::QuotaLimits;
use serde::{Deserialize, Serialize};

use super::{ConfigError, Secret, calls::is_ice_url};

/// The group `[turn]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TurnConfig {
    /// Addresses and ports for TURN and STUN over UDP, such as `["0.0.0.0:3478", "[::]:3478"]`.
    /// `OPENLINE_TURN__UDP_BIND`, default none.
    pub udp_bind: Vec<SocketAddr>,
    /// Addresses and ports for TURN over TCP. `OPENLINE_TURN__TCP_BIND`, default none.
    pub tcp_bind: Vec<SocketAddr>,
    /// Addresses and ports for TURN over TLS, with the certificate of the group `[server]`.
    /// `OPENLINE_TURN__TLS_BIND`, default none.
    pub tls_bind: Vec<SocketAddr>,
    /// The addresses at which the internet reaches this machine, one of IPv4, one of IPv6, or both: relayed addresses
    /// are told with them. Required where the server listens for TURN. `OPENLINE_TURN__PUBLIC_ADDRESSES`.
    pub public_addresses: Vec<IpAddr>,
    /// What clients are told to use, such as `["turn:turn.example.org:3478?transport=udp"]`, in the order in which
    /// they should try. `OPENLINE_TURN__URLS`, default: the host of `server.public_endpoint` with the ports above.
    pub urls: Vec<String>,
    /// The first port of relayed addresses, 1,024 to 65,535. `OPENLINE_TURN__MIN_PORT`, default 49,152.
    pub min_port: u16,
    /// The last port of relayed addresses. `OPENLINE_TURN__MAX_PORT`, default 65,535.
    pub max_port: u16,
    /// Networks that are relayed to although they are not the internet, such as `["10.0.0.0/8"]`.
    /// `OPENLINE_TURN__ALLOWED_PEERS`, default none.
    pub allowed_peers: Vec<IpNet>,
    /// How long the credentials of a signed-in client are good for new allocations, in seconds, 600 to 86,400.
    /// `OPENLINE_TURN__CREDENTIAL_LIFETIME_S`, default 3,600.
    pub credential_lifetime_s: u64,
    /// Allocations at a time, 1 to 60,000. `OPENLINE_TURN__MAX_ALLOCATIONS`, default 4,000.
    pub max_allocations: usize,
    /// Allocations of a user at a time, 1 to 1,000. `OPENLINE_TURN__MAX_ALLOCATIONS_PER_USER`, default 40.
    pub max_allocations_per_user: usize,
    /// What is relayed for a user, each way, in kilobits per second, 0 to 10,000,000; 0: no limit.
    /// `OPENLINE_TURN__USER_KILOBITS_PER_SECOND`, default 20,000.
    pub user_kilobits_per_second: u64,
    /// What is relayed for all, each way, likewise. `OPENLINE_TURN__TOTAL_KILOBITS_PER_SECOND`, default 0.
    pub total_kilobits_per_second: u64,
    /// Connections over TCP and TLS at a time, 1 to 100,000. `OPENLINE_TURN__MAX_CONNECTIONS`, default 2,000.
    pub max_connections: usize,
    /// Connections over TCP and TLS of an address (of IPv6: a /64) that had no allocation yet, at a time, 0 to 100,000;
    /// 0: no limit. `OPENLINE_TURN__MAX_UNALLOCATED_PER_ADDRESS`, default 100.
    pub max_unallocated_per_address: usize,
    /// How long a connection may be without an allocation, in seconds, 1 to 60.
    /// `OPENLINE_TURN__ALLOCATION_TIMEOUT_S`, default 10.
    pub allocation_timeout_s: u64,
    /// Requests without credentials that are answered per second and address, 0 to 1,000,000; 0: no limit.
    /// `OPENLINE_TURN__UNAUTHENTICATED_PER_SECOND`, default 200.
    pub unauthenticated_per_second: u32,
    /// The secret that credentials are made with, for other servers that are to take them, 16 characters at least.
    /// `OPENLINE_TURN__SECRET`, default: one that is made and kept in the data directory.
    pub secret: Option<Secret>,
    /// Other relays that clients are told of. `OPENLINE_TURN__EXTERNAL`, default none.
    pub external: Vec<ExternalRelayConfig>,
}

/// A relay that takes ephemeral credentials, such as coturn with `use-auth-secret`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalRelayConfig {
    /// `turn:host:port?transport=udp`, `turns:...`, `stun:...`.
    pub urls: Vec<String>,
    /// The relay's secret: `static-auth-secret` of coturn.
    pub secret: Secret,
}

impl Default for TurnConfig {
    fn default() -> Self {
        Self {
            udp_bind: Vec::new(),
            tcp_bind: Vec::new(),
            tls_bind: Vec::new(),
            public_addresses: Vec::new(),
            urls: Vec::new(),
            min_port: 49_152,
            max_port: 65_535,
            allowed_peers: Vec::new(),
            credential_lifetime_s: 3600,
            max_allocations: 4000,
            max_allocations_per_user: 40,
            user_kilobits_per_second: 20_000,
            total_kilobits_per_second: 0,
            max_connections: 2000,
            max_unallocated_per_address: 100,
            allocation_timeout_s: 10,
            unauthenticated_per_second: 200,
            secret: None,
            external: Vec::new(),
        }
    }
}

impl TurnConfig {
    /// Whether the server listens for TURN at all.
    #[must_use]
    pub const fn listens(&self) -> bool {
        !(self.udp_bind.is_empty() && self.tcp_bind.is_empty() && self.tls_bind.is_empty())
    }

    /// How long the credentials of a signed-in client are good.
    #[must_use]
    pub const fn credential_lifetime(&self) -> Duration {
        Duration::from_secs(self.credential_lifetime_s)
    }

    /// How long a connection may be without an allocation.
    #[must_use]
    pub const fn allocation_timeout(&self) -> Duration {
        Duration::from_secs(self.allocation_timeout_s)
    }

    /// How many allocations, and how much through them.
    #[must_use]
    pub const fn quotas(&self) -> QuotaLimits {
        QuotaLimits {
            allocations: self.max_allocations,
            user_allocations: self.max_allocations_per_user,
            user_bytes_per_second: self.user_kilobits_per_second * 125,
            bytes_per_second: self.total_kilobits_per_second * 125,
        }
    }

    pub(super) fn check(&self, has_certificate: bool) -> Result<(), ConfigError> {
        let invalid = |setting: &str, problem: &str| Err(ConfigError::invalid("turn", setting, problem));
        if self.listens() && self.public_addresses.is_empty() {
            return invalid(
                "public_addresses",
                "is required where the server listens for TURN, for example [\"203.0.113.5\"]",
            );
        }
        let of_family = |v4: bool| {
            self.public_addresses
                .iter()
                .filter(|address| address.is_ipv4() == v4)
                .count()
        };
        if of_family(true) > 1 || of_family(false) > 1 {
            return invalid(
                "public_addresses",
                "has two addresses of one kind; one of IPv4 and one of IPv6 is the most",
            );
        }
        if self
            .public_addresses
            .iter()
            .any(|address| address.is_unspecified() || address.is_multicast())
        {
            return invalid(
                "public_addresses",
                "has an address that is nobody's; clients are told it",
            );
        }
        if !self.tls_bind.is_empty() && !has_certificate {
            return invalid("tls_bind", "needs `server.certificate` and `server.private_key`");
        }
        if self.min_port < 1024 || self.min_port > self.max_port {
            return invalid("min_port", "must be 1024 to `turn.max_port`");
        }
        let external = self.external.iter().flat_map(|relay| &relay.urls);
        if let Some(url) = self.urls.iter().chain(external).find(|url| !is_ice_url(url)) {
            let problem = format!("has \"{url}\"; an address begins with stun:, stuns:, turn: or turns:");
            return invalid("urls", &problem);
        }
        if self
            .secret
            .as_ref()
            .is_some_and(|secret| secret.expose().len() < 16)
        {
            return invalid("secret", "must have 16 characters at least");
        }
        self.check_limits()
    }

    fn check_limits(&self) -> Result<(), ConfigError> {
        let ranges = [
            ("credential_lifetime_s", self.credential_lifetime_s, 600, 86_400),
            ("max_allocations", self.max_allocations as u64, 1, 60_000),
            (
                "max_allocations_per_user",
                self.max_allocations_per_user as u64,
                1,
                1000,
            ),
            (
                "user_kilobits_per_second",
                self.user_kilobits_per_second,
                0,
                10_000_000,
            ),
            (
                "total_kilobits_per_second",
                self.total_kilobits_per_second,
                0,
                10_000_000,
            ),
            ("max_connections", self.max_connections as u64, 1, 100_000),
            (
                "max_unallocated_per_address",
                self.max_unallocated_per_address as u64,
                0,
                100_000,
            ),
            ("allocation_timeout_s", self.allocation_timeout_s, 1, 60),
            (
                "unauthenticated_per_second",
                self.unauthenticated_per_second.into(),
                0,
                1_000_000,
            ),
        ];
        for (setting, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(ConfigError::invalid(
                    "turn",
                    setting,
                    &format!("must be {least} to {most}"),
                ));
            }
        }
        Ok(())
    }
}
