//! How many allocations a user and all users may have, and how much may pass through them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use openline_protocol::Instant;

use crate::bucket::Bucket;

/// Limits of allocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaLimits {
    /// Allocations of all users.
    pub allocations: usize,
    /// Allocations of a user.
    pub user_allocations: usize,
    /// Bytes that a user may have relayed within a second, each way; 0: no limit.
    pub user_bytes_per_second: u64,
    /// Bytes that all users may have relayed within a second, each way; 0: no limit.
    pub bytes_per_second: u64,
}

/// Which way data goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    FromClient,
    ToClient,
}

/// What is in use.
#[derive(Debug)]
pub(crate) struct Quotas {
    limits: QuotaLimits,
    in_use: AtomicUsize,
    users: Mutex<HashMap<Box<str>, Arc<User>>>,
    total: [Bucket; 2],
}

#[derive(Debug)]
struct User {
    /// Changed under the lock of `users` alone.
    allocations: AtomicUsize,
    rates: [Bucket; 2],
}

/// Why there is no lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    User,
    Total,
}

impl Quotas {
    pub(crate) fn new(limits: QuotaLimits, now: Instant) -> Arc<Self> {
        Arc::new(Self {
            limits,
            in_use: AtomicUsize::new(0),
            users: Mutex::default(),
            total: [(); 2].map(|()| Bucket::new(limits.bytes_per_second, now)),
        })
    }

    /// A place for one more allocation of the user.
    pub(crate) fn lease(self: &Arc<Self>, id: &str, now: Instant) -> Result<Lease, Refusal> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if self.in_use.load(Ordering::Relaxed) >= self.limits.allocations {
            return Err(Refusal::Total);
        }
        let rate = self.limits.user_bytes_per_second;
        let user = users.entry(id.into()).or_insert_with(|| {
            Arc::new(User {
                allocations: AtomicUsize::new(0),
                rates: [(); 2].map(|()| Bucket::new(rate, now)),
            })
        });
        if user.allocations.load(Ordering::Relaxed) >= self.limits.user_allocations {
            return Err(Refusal::User);
        }
        user.allocations.fetch_add(1, Ordering::Relaxed);
        self.in_use.fetch_add(1, Ordering::Relaxed);
        Ok(Lease {
            user: Arc::clone(user),
            quotas: Arc::clone(self),
            id: id.into(),
        })
    }

    /// Allocations of all users.
    pub(crate) fn in_use(&self) -> usize {
        self.in_use.load(Ordering::Relaxed)
    }
}

/// An allocation's place, given back when dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    user: Arc<User>,
    quotas: Arc<Quotas>,
    id: Box<str>,
}

impl Lease {
    /// Whether so many bytes may pass now.
    pub(crate) fn passes(&self, direction: Direction, bytes: usize, now: Instant) -> bool {
        let buckets = |buckets: &[Bucket; 2]| {
            let [from_client, to_client] = buckets;
            match direction {
                Direction::FromClient => from_client.take(bytes, now),
                Direction::ToClient => to_client.take(bytes, now),
            }
        };
        buckets(&self.user.rates) && buckets(&self.quotas.total)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut users = self.quotas.users.lock().unwrap_or_else(PoisonError::into_inner);
        self.quotas.in_use.fetch_sub(1, Ordering::Relaxed);
        if self.user.allocations.fetch_sub(1, Ordering::Relaxed) == 1 {
            users.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: QuotaLimits = QuotaLimits {
        allocations: 3,
        user_allocations: 2,
        user_bytes_per_second: 1000,
        bytes_per_second: 1500,
    };

    #[test]
    fn places_are_counted_per_user_and_in_all_and_given_back() {
        let now = Instant::default();
        let quotas = Quotas::new(LIMITS, now);
        let first = quotas.lease("a", now).unwrap();
        let _second = quotas.lease("a", now).unwrap();
        assert_eq!(quotas.lease("a", now).unwrap_err(), Refusal::User);
        let third = quotas.lease("b", now).unwrap();
        assert_eq!(quotas.lease("c", now).unwrap_err(), Refusal::Total);
        drop(first);
        drop(third);
        assert!(quotas.lease("a", now).is_ok());
        assert_eq!(quotas.in_use(), 1);
        assert_eq!(
            quotas.users.lock().unwrap().len(),
            1,
            "users without an allocation are forgotten"
        );
    }

    #[test]
    fn bytes_are_counted_each_way_per_user_and_in_all() {
        use Direction::{FromClient, ToClient};
        let now = Instant::default();
        let quotas = Quotas::new(LIMITS, now);
        let [one, another] = [(); 2].map(|()| quotas.lease("a", now).unwrap());
        let other = quotas.lease("b", now).unwrap();
        assert!(one.passes(FromClient, 600, now));
        assert!(
            !another.passes(FromClient, 600, now),
            "the user's rate is one for both"
        );
        assert!(another.passes(ToClient, 1000, now));
        assert!(other.passes(FromClient, 900, now));
        assert!(!other.passes(FromClient, 100, now), "the rate of all is used up");
    }
}
