//! How many transfers go on at the same time, in all and for one user. Further ones wait a while.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use openline_protocol::{RawId, ResourceId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{domain::DomainError, storage::StorageError};

/// How long a transfer waits for a place.
const PATIENCE: Duration = Duration::from_secs(20);

/// Users remembered at most. A forgotten one gets new places, which errs on the side of allowing.
const MAX_USERS: u64 = 100_000;

/// How long a user without transfers is remembered. Longer than any transfer takes to get its place.
const REMEMBERED: Duration = Duration::from_secs(3600);

/// Places for transfers.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    per_user: usize,
    users: Cache<(ResourceId, RawId), Arc<Semaphore>>,
}

/// A place, held until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _of_user: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(all: usize, per_user: usize) -> Self {
        let users = Cache::builder()
            .max_capacity(MAX_USERS)
            .time_to_idle(REMEMBERED)
            .build();
        Self {
            all: Arc::new(Semaphore::new(all)),
            per_user,
            users,
        }
    }

    /// Waits for a place.
    ///
    /// # Errors
    ///
    /// [`StorageError::Busy`] if none becomes free.
    pub(super) async fn take(&self, resource_id: &ResourceId, raw_id: &RawId) -> Result<Place, DomainError> {
        let user = (resource_id.clone(), raw_id.clone());
        let of_user = self
            .users
            .get_with(user, || Arc::new(Semaphore::new(self.per_user)));
        let both = async {
            let of_user = of_user.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Place {
                _of_user: of_user,
                _of_all: of_all,
            })
        };
        let place = tokio::time::timeout(PATIENCE, both).await.ok().flatten();
        place.ok_or(DomainError::Storage(StorageError::Busy))
    }
}
