//! How many connections an address has that had no allocation yet: who shows no credentials takes so many places, and
//! leaves the others to others.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// The connections of all addresses. There are no more entries than connections.
#[derive(Debug, Clone)]
pub(super) struct Addresses {
    most: usize,
    unallocated: Arc<Mutex<HashMap<u128, usize>>>,
}

impl Addresses {
    /// So many for each address; 0: no limit.
    pub(super) fn new(most: usize) -> Self {
        let most = if most == 0 { usize::MAX } else { most };
        Self {
            most,
            unallocated: Arc::default(),
        }
    }

    /// A place for one more connection of the address.
    pub(super) fn enter(&self, address: IpAddr) -> Option<AddressPlace> {
        let network = network(address);
        let mut unallocated = self.unallocated.lock().unwrap_or_else(PoisonError::into_inner);
        let count = unallocated.entry(network).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(AddressPlace {
            addresses: self.clone(),
            network,
        })
    }
}

/// A connection's place, given back when dropped.
#[derive(Debug)]
pub(super) struct AddressPlace {
    addresses: Addresses,
    network: u128,
}

impl Drop for AddressPlace {
    fn drop(&mut self) {
        let mut unallocated = self
            .addresses
            .unallocated
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = unallocated.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                unallocated.remove(&self.network);
            }
        }
    }
}

/// What one customer has: an address of IPv4, a /64 of IPv6.
fn network(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_customer_and_given_back() {
        let addresses = Addresses::new(2);
        let enter = |address: &str| addresses.enter(address.parse().unwrap());
        let kept = [enter("2001:db8::1").unwrap(), enter("2001:db8::ffff:1").unwrap()];
        assert!(enter("2001:db8::2").is_none());
        assert!(enter("2001:db8:0:1::1").is_some() && enter("192.0.2.1").is_some());
        drop(kept);
        assert!(enter("2001:db8::2").is_some());
        assert!(addresses.unallocated.lock().unwrap().is_empty());
        let unlimited = Addresses::new(0);
        let kept: Vec<_> = (0..1000)
            .map(|_| unlimited.enter([192, 0, 2, 1].into()))
            .collect();
        assert!(kept.iter().all(Option::is_some));
    }
}
