//! What a server stands on, so that it can die at any step of its work: between two operations of a commit, after
//! the commit, after telling some of those concerned, before the answer.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use async_trait::async_trait;
use openline_protocol::{EndpointId, RawId, ResourceId, realtime::CallNotice};
use openline_server::{
    bus::{BusEvent, EventBus, InProcessBus, Publication, Revocation, Subscription},
    storage::{Engine, Operation, Outcome, Storage, StorageError},
};

use crate::disk::Disk;

/// Counts the steps of one life of the server. At the last one the disk stays as it is.
pub(crate) struct Fuse {
    left: AtomicU64,
    blown: AtomicBool,
    disk: Arc<Mutex<Disk>>,
}

impl std::fmt::Debug for Fuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fuse")
            .field("blown", &self.blown)
            .finish_non_exhaustive()
    }
}

impl Fuse {
    pub(crate) fn new(disk: Arc<Mutex<Disk>>) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU64::new(u64::MAX),
            blown: AtomicBool::new(false),
            disk,
        })
    }

    /// Dies after so many steps.
    pub(crate) fn arm(&self, steps: u64) {
        self.left.store(steps, Ordering::SeqCst);
    }

    pub(crate) fn step(&self) {
        let left = self.left.load(Ordering::SeqCst);
        if left != u64::MAX && !self.is_blown() {
            self.left.store(left - 1, Ordering::SeqCst);
            if left == 1 {
                self.blow();
            }
        }
    }

    /// Dies now.
    pub(crate) fn blow(&self) {
        if !self.blown.swap(true, Ordering::SeqCst) {
            self.disk.lock().unwrap().kill();
        }
    }

    pub(crate) fn is_blown(&self) -> bool {
        self.blown.load(Ordering::SeqCst)
    }
}

/// The real database. What it still does after the death is on files that nobody opens again.
pub(crate) struct MortalEngine {
    pub(crate) inner: Storage,
    pub(crate) fuse: Arc<Fuse>,
}

/// How an operation that undid itself leaves the inner storage.
enum Undone {
    ByItself,
    Failed(StorageError),
}

impl From<StorageError> for Undone {
    fn from(error: StorageError) -> Self {
        Self::Failed(error)
    }
}

#[async_trait]
impl Engine for MortalEngine {
    async fn write(&self, operation: Operation) -> Result<(), StorageError> {
        let fuse = Arc::clone(&self.fuse);
        let written = self.inner.write(move |tx| {
            Box::pin(async move {
                fuse.step();
                let outcome = operation(tx).await;
                fuse.step();
                match outcome {
                    Outcome::Commit => Ok(()),
                    Outcome::RollBack => Err(Undone::ByItself),
                }
            })
        });
        match written.await {
            Ok(()) | Err(Undone::ByItself) => Ok(()),
            Err(Undone::Failed(error)) => Err(error),
        }
    }

    async fn read(&self, operation: Operation) -> Result<(), StorageError> {
        if self.fuse.is_blown() {
            return Err(StorageError::Closed);
        }
        self.inner
            .read(move |tx| {
                Box::pin(async move {
                    operation(tx).await;
                    Ok(())
                })
            })
            .await
    }

    async fn scrub(&self) -> Result<(), StorageError> {
        self.inner.scrub().await
    }

    async fn check(&self) -> Result<(), StorageError> {
        self.inner.check().await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}

/// The real bus. The dead tell nothing.
#[derive(Debug)]
pub(crate) struct MortalBus {
    pub(crate) inner: InProcessBus,
    pub(crate) fuse: Arc<Fuse>,
}

impl EventBus for MortalBus {
    fn publish(&self, publication: Publication) {
        if !self.fuse.is_blown() {
            self.inner.publish(publication);
        }
        self.fuse.step();
    }

    fn subscribe_events(&self, resource_id: &ResourceId, raw_id: &RawId) -> Subscription<BusEvent> {
        self.inner.subscribe_events(resource_id, raw_id)
    }

    fn subscribe_notices(&self, endpoint_id: &EndpointId) -> Subscription<CallNotice> {
        self.inner.subscribe_notices(endpoint_id)
    }

    fn subscribe_revocations(&self) -> Subscription<Revocation> {
        self.inner.subscribe_revocations()
    }
}
