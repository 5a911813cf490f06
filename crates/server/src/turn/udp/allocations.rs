//! The clients over UDP that have an allocation, found by their address and by their place.

use std::{
    collections::HashMap,
    net::{SocketAddr, UdpSocket},
};

use openline_protocol::Instant;
use openline_turn::Client;
use slab::Slab;

/// A client, as its datagrams tell: where they came in, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ClientKey {
    pub(super) listener: usize,
    pub(super) address: SocketAddr,
}

/// A client with the socket of its relayed address.
pub(super) struct Allocated {
    pub(super) key: ClientKey,
    pub(super) client: Client,
    pub(super) socket: UdpSocket,
    /// The relayed address, as peers know it.
    pub(super) relayed: SocketAddr,
}

#[derive(Default)]
pub(super) struct Allocations {
    places: Slab<Allocated>,
    by_key: HashMap<ClientKey, usize>,
    by_relayed: HashMap<SocketAddr, usize>,
}

impl Allocations {
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(super) fn find(&self, key: ClientKey) -> Option<usize> {
        self.by_key.get(&key).copied()
    }

    /// The place of the allocation that has this relayed address.
    pub(super) fn find_relayed(&self, relayed: SocketAddr) -> Option<usize> {
        self.by_relayed.get(&relayed).copied()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Allocated> {
        self.places.get(index)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Allocated> {
        self.places.get_mut(index)
    }

    /// The place that the next one gets.
    pub(super) fn vacant(&self) -> usize {
        self.places.vacant_key()
    }

    pub(super) fn insert(&mut self, allocated: Allocated) {
        let (key, relayed) = (allocated.key, allocated.relayed);
        let index = self.places.insert(allocated);
        self.by_key.insert(key, index);
        self.by_relayed.insert(relayed, index);
    }

    pub(super) fn remove(&mut self, index: usize) -> Option<Allocated> {
        let allocated = self.places.try_remove(index)?;
        self.by_key.remove(&allocated.key);
        self.by_relayed.remove(&allocated.relayed);
        Some(allocated)
    }

    /// The places of those that have expired.
    pub(super) fn expired(&self, now: Instant) -> Vec<usize> {
        self.places
            .iter()
            .filter(|(_, allocated)| !allocated.client.is_allocated(now))
            .map(|(index, _)| index)
            .collect()
    }
}
