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

/// Users that are kept before those are looked for that may be forgotten.
const FEW_USERS: usize = 64;

/// What is in use.
#[derive(Debug)]
pub(crate) struct Quotas {
    limits: QuotaLimits,
    in_use: AtomicUsize,
    users: Mutex<Users>,
    total: [Bucket; 2],
}

/// Users with an allocation, and those whose buckets have not refilled since: who comes back finds its own.
#[derive(Debug)]
struct Users {
    by_id: HashMap<Box<str>, Arc<User>>,
    /// With so many, those are looked for that may be forgotten.
    sweep_at: usize,
}

impl Users {
    /// Forgets who has nothing and would get no less anew. That costs a look at each, once for as many new ones.
    fn sweep(&mut self, now: Instant) {
        self.by_id.retain(|_, user| {
            let in_use = user.allocations.load(Ordering::Relaxed) > 0;
            in_use || !user.rates.iter().all(|rate| rate.is_full(now))
        });
        self.sweep_at = FEW_USERS.max(2 * self.by_id.len());
    }
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
            users: Mutex::new(Users {
                by_id: HashMap::new(),
                sweep_at: FEW_USERS,
            }),
            total: [(); 2].map(|()| Bucket::new(limits.bytes_per_second, now)),
        })
    }

    /// A place for one more allocation of the user.
    pub(crate) fn lease(self: &Arc<Self>, id: &str, now: Instant) -> Result<Lease, Refusal> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if self.in_use.load(Ordering::Relaxed) >= self.limits.allocations {
            return Err(Refusal::Total);
        }
        let most = FEW_USERS.max(2 * self.limits.allocations);
        if users.by_id.len() >= users.sweep_at.min(most) {
            users.sweep(now);
            if users.by_id.len() >= most && !users.by_id.contains_key(id) {
                return Err(Refusal::Total);
            }
        }
        let rate = self.limits.user_bytes_per_second;
        let user = users.by_id.entry(id.into()).or_insert_with(|| {
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
        let _users = self.quotas.users.lock().unwrap_or_else(PoisonError::into_inner);
        self.quotas.in_use.fetch_sub(1, Ordering::Relaxed);
        self.user.allocations.fetch_sub(1, Ordering::Relaxed);
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
    }

    #[test]
    fn users_are_forgotten_once_they_would_get_no_less_anew() {
        let at = Instant::from_millis;
        let limits = QuotaLimits {
            bytes_per_second: 0,
            ..LIMITS
        };
        let quotas = Quotas::new(limits, at(0));
        let kept = quotas.lease("kept", at(0)).unwrap();
        for number in 0..1000_u64 {
            let lease = quotas.lease(&number.to_string(), at(2 * number)).unwrap();
            // Gone within a hundredth of a second, and so are at most five at a time.
            assert!(lease.passes(Direction::ToClient, 10, at(2 * number)));
        }
        assert!(quotas.users.lock().unwrap().by_id.len() <= FEW_USERS);
        assert!(!kept.passes(Direction::ToClient, 1001, at(2000)));
        drop(kept);
        // Where nobody's bucket refills, no more are taken.
        let crowd = (0..1000).filter(|number| {
            let lease = quotas.lease(&format!("new {number}"), at(9000));
            lease.is_ok_and(|lease| lease.passes(Direction::ToClient, 1, at(9000)))
        });
        assert!(crowd.count() <= 2 * FEW_USERS);
    }

    #[test]
    fn an_allocation_made_anew_brings_no_bytes() {
        use Direction::FromClient;
        let at = Instant::from_millis;
        let quotas = Quotas::new(LIMITS, at(0));
        let first = quotas.lease("a", at(0)).unwrap();
        assert!(first.passes(FromClient, 1000, at(0)));
        drop(first);
        let second = quotas.lease("a", at(400)).unwrap();
        assert!(!second.passes(FromClient, 401, at(400)));
        assert!(second.passes(FromClient, 400, at(400)));
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
