//! How often who has shown no credentials is answered, by address: a forged address gets no more than this, and a
//! flood costs a look into a table of a fixed size.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use openline_protocol::Instant;

/// Addresses that fall into the same place share it, which errs on the side of silence.
const PLACES: usize = 4096;

#[derive(Debug)]
pub(crate) struct Sources {
    per_second: u32,
    hasher: RandomState,
    places: Mutex<Box<[Place]>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    second: u64,
    answered: u32,
}

impl Sources {
    /// So many answers per second and address; 0: no limit.
    pub(crate) fn new(per_second: u32) -> Self {
        Self {
            per_second,
            hasher: RandomState::new(),
            places: Mutex::new(vec![Place::default(); PLACES].into_boxed_slice()),
        }
    }

    /// Whether this address is answered once more.
    pub(crate) fn admits(&self, source: IpAddr, now: Instant) -> bool {
        if self.per_second == 0 {
            return true;
        }
        let hash = self.hasher.hash_one(network(source));
        let index = usize::try_from(hash % PLACES as u64).unwrap_or_default();
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = places.get_mut(index) else {
            return false;
        };
        let second = now.as_millis() / 1000;
        if place.second != second {
            *place = Place { second, answered: 0 };
        }
        place.answered = place.answered.saturating_add(1);
        place.answered <= self.per_second
    }
}

/// What one customer has: an address of IPv4, a /64 of IPv6.
fn network(source: IpAddr) -> u128 {
    match source {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_answered_so_often_within_a_second() {
        let sources = Sources::new(2);
        let at = Instant::from_millis;
        let [one, same_network, v4] =
            ["2001:db8::1", "2001:db8::2", "192.0.2.1"].map(|text| text.parse().unwrap());
        assert!(sources.admits(one, at(1000)) && sources.admits(same_network, at(1000)));
        assert!(!sources.admits(one, at(1999)));
        assert!(sources.admits(one, at(2000)));
        let other = Sources::new(1);
        assert!(other.admits(v4, at(0)) && !other.admits(v4, at(0)));
        let unlimited = Sources::new(0);
        assert!((0..10_000).all(|_| unlimited.admits(one, at(0))));
    }
}
