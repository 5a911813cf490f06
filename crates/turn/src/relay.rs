//! What all clients share.

use std::{fmt, sync::Arc};

use openline_protocol::{Instant, Timestamp};

use crate::{
    PeerRules, QuotaLimits, Secret, nonce::Nonces, ports::RelayedPorts, quota::Quotas, sources::Sources,
};

/// The time, by both clocks.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// For how long things live.
    pub instant: Instant,
    /// For when credentials expire.
    pub time: Timestamp,
}

/// What a relay is made from.
#[derive(Debug)]
pub struct RelayParts {
    /// Makes the credentials that are taken.
    pub secret: Secret,
    /// Random bytes, for nonces.
    pub nonce_key: [u8; 32],
    /// Whom allocations relay to.
    pub peers: PeerRules,
    /// How many, and how much.
    pub limits: QuotaLimits,
    /// Answers per second for an address that shows no credentials; 0: no limit.
    pub unauthenticated_per_second: u32,
    /// Whether there are relayed addresses of IPv4 and of IPv6.
    pub families: Families,
    /// Now.
    pub now: Instant,
}

/// For which families there are relayed addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Families {
    /// IPv4.
    pub v4: bool,
    /// IPv6.
    pub v6: bool,
}

/// What all clients of a TURN server share. Clients of several threads may use it at a time.
pub struct Relay {
    pub(crate) secret: Secret,
    pub(crate) nonces: Nonces,
    pub(crate) peers: PeerRules,
    pub(crate) quotas: Arc<Quotas>,
    pub(crate) sources: Sources,
    pub(crate) ports: Arc<RelayedPorts>,
    pub(crate) families: Families,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("allocations", &self.allocations())
            .finish_non_exhaustive()
    }
}

impl Relay {
    /// A relay without clients.
    #[must_use]
    pub fn new(parts: RelayParts) -> Self {
        Self {
            secret: parts.secret,
            nonces: Nonces::new(&parts.nonce_key),
            peers: parts.peers,
            quotas: Quotas::new(parts.limits, parts.now),
            sources: Sources::new(parts.unauthenticated_per_second),
            ports: Arc::default(),
            families: parts.families,
        }
    }

    /// Allocations of all clients.
    #[must_use]
    pub fn allocations(&self) -> usize {
        self.quotas.in_use()
    }
}
