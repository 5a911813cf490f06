//! Keeps on disk what clients have answered: what gathers while one write is under way is the next one.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{Notify, oneshot};

use super::instance::Instance;
use crate::{
    clock::Clock,
    storage::{Storage, StorageError},
};

/// Rows in one write, so that others get their turn.
const BATCH: usize = 256;

/// How long to wait before storage is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// The instances whose row is to be written.
#[derive(Debug, Default)]
pub(super) struct Saver {
    state: Mutex<State>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct State {
    instances: Vec<Arc<Instance>>,
    /// Told once what was asked for before is on disk.
    waiting: Vec<oneshot::Sender<()>>,
}

impl Saver {
    /// Has the instance's row written.
    pub(super) fn save(&self, instance: &Arc<Instance>) {
        self.state().instances.push(Arc::clone(instance));
        self.filled.notify_one();
    }

    /// Has the instance's row written, and waits until it is.
    pub(super) async fn save_and_wait(&self, instance: &Arc<Instance>) {
        self.save(instance);
        self.flushed().await;
    }

    /// Waits until what was asked for is on disk.
    pub(super) async fn flushed(&self) {
        let (told, waiting) = oneshot::channel();
        self.state().waiting.push(told);
        self.filled.notify_one();
        // An error means that there is no saver any more: the process ends.
        drop(waiting.await);
    }

    /// Writes what is asked for. Ends when the future is dropped.
    pub(super) async fn run(&self, storage: &Storage, clock: &dyn Clock) {
        loop {
            self.filled.notified().await;
            let State { instances, waiting } = mem::take(&mut *self.state());
            for batch in instances.chunks(BATCH) {
                while let Err(error) = write(storage, clock, batch).await {
                    if matches!(error, StorageError::Closed) {
                        break;
                    }
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "what clients answered could not be kept"
                    );
                    clock.reached(clock.monotonic() + PAUSE).await;
                }
            }
            for told in waiting {
                // Whoever waited may have given up.
                let _given_up = told.send(());
            }
        }
    }

    /// Nothing panics between lock and unlock, so a poisoned lock is used on.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(storage: &Storage, clock: &dyn Clock, batch: &[Arc<Instance>]) -> Result<(), StorageError> {
    let rows: Vec<_> = batch
        .iter()
        .filter_map(|instance| Some((instance.key.clone(), instance.row()?)))
        .collect();
    let now = clock.now();
    storage
        .write(move |tx| {
            Box::pin(async move {
                for (key, row) in rows {
                    tx.put_trouter_endpoint(&key, &row, now).await?;
                }
                Ok(())
            })
        })
        .await
}
