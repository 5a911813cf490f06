//! The one task that writes. Operations that wait while a commit is being flushed share the next one.

use std::{panic::AssertUnwindSafe, sync::Mutex, time::Duration};

use futures::FutureExt;
use sqlx::SqlitePool;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::transaction::SqliteTransaction;
use crate::storage::{Effect, Operation, Outcome, StorageError};

/// Operations that may wait; beyond that, callers wait for a place, see [`QUEUE_TIMEOUT`].
const QUEUE_LENGTH: usize = 1024;

/// How long a caller waits for a place in the queue before it is told that storage is busy.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);

/// Operations that share a commit at most, so that the first of them does not wait long for the last.
const MAX_BATCH: usize = 128;

type Answer = Result<(), StorageError>;

struct Job {
    operation: Operation,
    answer: oneshot::Sender<Answer>,
}

/// An operation that ran and waits for the commit.
struct Ran {
    answer: oneshot::Sender<Answer>,
    effects: Vec<Effect>,
    result: Answer,
}

pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE_LENGTH);
        let task = tokio::spawn(run(pool, jobs));
        Self {
            queue: Mutex::new(Some(queue)),
            task: Mutex::new(Some(task)),
        }
    }

    pub(super) async fn write(&self, operation: Operation) -> Answer {
        let queue = lock(&self.queue).clone().ok_or(StorageError::Closed)?;
        let (answer, answered) = oneshot::channel();
        queue
            .send_timeout(Job { operation, answer }, QUEUE_TIMEOUT)
            .await
            .map_err(|error| match error {
                mpsc::error::SendTimeoutError::Timeout(_) => StorageError::Busy,
                mpsc::error::SendTimeoutError::Closed(_) => StorageError::Closed,
            })?;
        // Not held while waiting: the writer stops when the last sender is gone.
        drop(queue);
        answered.await.unwrap_or(Err(StorageError::Closed))
    }

    pub(super) async fn close(&self) {
        lock(&self.queue).take();
        let task = lock(&self.task).take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer did not end well");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn run(pool: SqlitePool, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while jobs.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let started = std::time::Instant::now();
        let size = batch.len();
        commit(&pool, batch.drain(..)).await;
        metrics::histogram!("openline_storage_commit_operations")
            .record(u32::try_from(size).unwrap_or(u32::MAX));
        metrics::histogram!("openline_storage_commit_seconds").record(started.elapsed());
    }
    // Folds the log into the database file, so that a copy of the directory is complete.
    if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&pool)
        .await
    {
        tracing::warn!(%error, "the last checkpoint failed; the next start does it");
    }
    pool.close().await;
}

/// Runs the jobs in one transaction. Answers and effects come after the commit, in the jobs' order.
async fn commit(pool: &SqlitePool, jobs: impl Iterator<Item = Job>) {
    let mut ran = Vec::new();
    let outcome = run_batch(pool, jobs, &mut ran).await;
    if let Err(error) = &outcome {
        tracing::error!(
            error = error as &dyn std::error::Error,
            operations = ran.len(),
            "a commit failed"
        );
    }
    for Ran {
        answer,
        effects,
        result,
    } in ran
    {
        let result = match (&outcome, result) {
            (Ok(()), result) => result,
            (Err(_), Ok(())) => Err(StorageError::Failed("the commit failed".into())),
            (Err(_), Err(error)) => Err(error),
        };
        if result.is_ok() {
            for effect in effects {
                if std::panic::catch_unwind(AssertUnwindSafe(effect)).is_err() {
                    tracing::error!("an effect of a write panicked");
                }
            }
        }
        // The caller may be gone; the write stands.
        drop(answer.send(result));
    }
}

async fn run_batch(
    pool: &SqlitePool,
    jobs: impl Iterator<Item = Job>,
    ran: &mut Vec<Ran>,
) -> Result<(), StorageError> {
    let begun = pool.begin_with("BEGIN IMMEDIATE").await;
    let mut tx = match begun {
        Ok(tx) => SqliteTransaction::new(tx),
        Err(error) => {
            ran.extend(jobs.map(|job| Ran {
                answer: job.answer,
                effects: Vec::new(),
                result: Ok(()),
            }));
            return Err(error.into());
        }
    };
    // Once the transaction itself is broken nothing more runs in it, and the whole batch fails.
    let mut broken = None;
    for Job { operation, answer } in jobs {
        if answer.is_closed() {
            continue;
        }
        let mut effects = Vec::new();
        let mut result = Ok(());
        if broken.is_none() {
            match run_one(&mut tx, operation).await {
                Ok(kept) => effects = kept,
                Err(OperationFailed::Alone(error)) => result = Err(error),
                Err(OperationFailed::Transaction(error)) => broken = Some(error),
            }
        }
        ran.push(Ran {
            answer,
            effects,
            result,
        });
    }
    match broken {
        None => tx.commit().await,
        Some(error) => {
            // The first error is the one to report.
            drop(tx.roll_back().await);
            Err(error)
        }
    }
}

enum OperationFailed {
    /// It was undone; the others go on.
    Alone(StorageError),
    /// The transaction cannot go on.
    Transaction(StorageError),
}

/// Runs an operation in its savepoint. An operation that returned an error of its own is no failure here.
async fn run_one(tx: &mut SqliteTransaction, operation: Operation) -> Result<Vec<Effect>, OperationFailed> {
    tx.begin_operation().await.map_err(OperationFailed::Transaction)?;
    match AssertUnwindSafe(operation(tx)).catch_unwind().await {
        Ok(Outcome::Commit) => tx.keep_operation().await.map_err(OperationFailed::Transaction),
        Ok(Outcome::RollBack) => {
            tx.undo_operation().await.map_err(OperationFailed::Transaction)?;
            Ok(Vec::new())
        }
        Err(_panic) => {
            tx.undo_operation().await.map_err(OperationFailed::Transaction)?;
            Err(OperationFailed::Alone(StorageError::Panicked))
        }
    }
}
