//! The one task that writes. Operations that wait while a commit is being flushed share the next one.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use sqlx::{AssertSqlSafe, SqliteConnection, SqlitePool};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::{BUSY_TIMEOUT, transaction::SqliteTransaction};
use crate::storage::{Effect, Operation, Outcome, StorageError};

/// Operations that may wait; beyond that, callers wait for a place, see [`QUEUE_TIMEOUT`].
const QUEUE_LENGTH: usize = 1024;

/// How long a caller waits for a place in the queue before it is told that storage is busy.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(5);

/// Operations that share a commit at most, so that the first of them does not wait long for the last.
const MAX_BATCH: usize = 128;

/// How long scrubbing waits for those who read; nobody can write in that time.
const SCRUB_TIMEOUT: Duration = Duration::from_millis(200);

type Answer = Result<(), StorageError>;

enum Work {
    Operation(Operation),
    /// Finds out whether rows can be written.
    Probe,
    /// Folds the log into the database file and empties it; between two commits.
    Scrub,
}

struct Job {
    work: Work,
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
    /// Whether the last commit failed.
    failing: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE_LENGTH);
        let failing = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(run(pool, jobs, Arc::clone(&failing)));
        Self {
            failing,
            queue: Mutex::new(Some(queue)),
            task: Mutex::new(Some(task)),
        }
    }

    pub(super) async fn write(&self, operation: Operation) -> Answer {
        self.submit(Work::Operation(operation)).await
    }

    /// Whether writes succeed. After a failed commit it tries one, so that a server without traffic recovers too.
    pub(super) async fn check(&self) -> Answer {
        if self.failing.load(Ordering::Relaxed) {
            self.submit(Work::Probe).await
        } else {
            Ok(())
        }
    }

    /// By the one who writes, so that it waits for no other writer, however busy; [`StorageError::Busy`] where somebody
    /// reads what the log still has to keep for them.
    pub(super) async fn scrub(&self) -> Answer {
        self.submit(Work::Scrub).await
    }

    async fn submit(&self, work: Work) -> Answer {
        let queue = lock(&self.queue).clone().ok_or(StorageError::Closed)?;
        let (answer, answered) = oneshot::channel();
        queue
            .send_timeout(Job { work, answer }, QUEUE_TIMEOUT)
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

async fn run(pool: SqlitePool, mut jobs: mpsc::Receiver<Job>, failing: Arc<AtomicBool>) {
    let mut batch: Vec<Job> = Vec::with_capacity(MAX_BATCH);
    while jobs.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let started = std::time::Instant::now();
        let scrubs: Vec<Job> = batch
            .extract_if(.., |job| matches!(job.work, Work::Scrub))
            .collect();
        let size = batch.len();
        if size > 0 {
            commit(&pool, batch.drain(..), &failing).await;
        }
        for job in scrubs {
            // Whoever asked may be gone.
            drop(job.answer.send(scrub(&pool).await));
        }
        if size == 0 {
            continue;
        }
        metrics::histogram!("openline_storage_commit_operations")
            .record(u32::try_from(size).unwrap_or(u32::MAX));
        metrics::histogram!("openline_storage_commit_seconds").record(started.elapsed());
    }
    // So that a copy of the directory is complete, and holds nothing of what was deleted.
    if let Err(error) = scrub(&pool).await {
        tracing::warn!(%error, "the last checkpoint failed; the next start does it");
    }
    pool.close().await;
}

async fn scrub(pool: &SqlitePool) -> Answer {
    let mut connection = pool.acquire().await?;
    busy_timeout(&mut connection, SCRUB_TIMEOUT).await?;
    let busy: Result<i64, sqlx::Error> = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_one(&mut *connection)
        .await;
    busy_timeout(&mut connection, BUSY_TIMEOUT).await?;
    match busy? {
        0 => Ok(()),
        _ => Err(StorageError::Busy),
    }
}

async fn busy_timeout(connection: &mut SqliteConnection, timeout: Duration) -> Result<(), StorageError> {
    let pragma = format!("PRAGMA busy_timeout = {}", timeout.as_millis());
    sqlx::query(AssertSqlSafe(pragma)).execute(connection).await?;
    Ok(())
}

/// Runs the jobs in one transaction. Answers and effects come after the commit, in the jobs' order.
async fn commit(pool: &SqlitePool, jobs: impl Iterator<Item = Job>, failing: &AtomicBool) {
    let mut ran = Vec::new();
    let outcome = run_batch(pool, jobs, &mut ran).await;
    // Before the answers, so that whoever has one sees the state it speaks of.
    failing.store(outcome.is_err(), Ordering::Relaxed);
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
            (Err(StorageError::Unavailable(_)), Ok(())) => {
                Err(StorageError::Unavailable("the commit failed".into()))
            }
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
    let mut tx = match SqliteTransaction::begin(pool, "BEGIN IMMEDIATE").await {
        Ok(tx) => tx,
        Err(error) => {
            // Nothing ran, so the callers can try again.
            ran.extend(jobs.map(|job| Ran {
                answer: job.answer,
                effects: Vec::new(),
                result: Err(StorageError::Busy),
            }));
            return Err(error);
        }
    };
    // Once the transaction itself is broken nothing more runs in it, and the whole batch fails.
    let mut broken = None;
    for Job { work, answer } in jobs {
        if answer.is_closed() {
            continue;
        }
        let mut effects = Vec::new();
        let mut result = Ok(());
        if broken.is_none() {
            match run_one(&mut tx, work).await {
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
async fn run_one(tx: &mut SqliteTransaction, work: Work) -> Result<Vec<Effect>, OperationFailed> {
    let operation = match work {
        Work::Operation(operation) => operation,
        // Taken out of the batch: it is no part of a transaction.
        Work::Scrub => return Ok(Vec::new()),
        Work::Probe => {
            return match tx.probe().await {
                Ok(()) => Ok(Vec::new()),
                Err(error) => Err(OperationFailed::Transaction(error)),
            };
        }
    };
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::sqlite::SqlitePool;

    use super::*;
    use crate::storage::{
        Engine as _, ResourceRow, Storage, Transaction,
        sqlite::{Sqlite, connect_options, open, pool_options},
    };

    /// A database with room for `room` pages beyond its schema, and what gives it more room.
    async fn open_small(path: &Path, room: i64) -> (Storage, SqlitePool) {
        open(path).await.unwrap().close().await;
        let read_pool = pool_options(1).connect_with(connect_options(path)).await.unwrap();
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(&read_pool)
            .await
            .unwrap();
        let options = connect_options(path).pragma("max_page_count", (pages + room).to_string());
        let write_pool = pool_options(1).connect_with(options).await.unwrap();
        let storage = Storage::new(Sqlite {
            writer: Writer::start(write_pool.clone()),
            read_pool,
        });
        (storage, write_pool)
    }

    async fn add(storage: &Storage, name: &str) -> Result<(), StorageError> {
        let row = ResourceRow {
            resource_id: openline_protocol::ResourceId::new(format!("id-of-{name}")),
            name: format!("{name}{}", "x".repeat(2000)),
            created_on: openline_protocol::Timestamp::from_millis(1),
        };
        storage
            .write(move |tx: &mut dyn Transaction| Box::pin(async move { tx.insert_resource(&row).await }))
            .await
    }

    #[tokio::test]
    async fn writes_work_again_once_a_full_disk_has_room() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("test.db");
        let (storage, write_pool) = open_small(&path, 40).await;
        storage.check().await.unwrap();
        let mut added = 0;
        while add(&storage, &added.to_string()).await.is_ok() {
            added += 1;
            assert!(added < 1000, "the database has no bound");
        }
        // Each failure leaves the writer as it was, and the server is not ready.
        for _ in 0..3 {
            add(&storage, "more").await.unwrap_err();
            storage.check().await.unwrap_err();
        }
        let kept = storage
            .read(|tx: &mut dyn Transaction| tx.list_resources())
            .await
            .unwrap();
        assert_eq!(kept.len(), added);

        // Without a write in between, the check itself finds that there is room.
        write_pool.set_connect_options(connect_options(&path));
        // The connection that failed is kept or replaced, as SQLite left it.
        sqlx::query("PRAGMA max_page_count = 1000000")
            .execute(&write_pool)
            .await
            .unwrap();
        storage.check().await.unwrap();
        add(&storage, "more").await.unwrap();
        storage.check().await.unwrap();
        storage.close().await;
    }

    #[tokio::test]
    async fn a_transaction_that_cannot_begin_is_busy_and_the_next_one_can() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("test.db");
        open(&path).await.unwrap().close().await;
        let impatient = connect_options(&path).busy_timeout(Duration::ZERO);
        let engine = Sqlite {
            writer: Writer::start(pool_options(1).connect_with(impatient).await.unwrap()),
            read_pool: pool_options(1)
                .connect_with(connect_options(&path))
                .await
                .unwrap(),
        };
        let other = pool_options(1)
            .connect_with(connect_options(&path))
            .await
            .unwrap();
        let locked = SqliteTransaction::begin(&other, "BEGIN IMMEDIATE").await.unwrap();
        let nothing = || -> Operation { Box::new(|_| Box::pin(async { Outcome::Commit })) };
        let refused = engine.write(nothing()).await;
        assert!(matches!(refused, Err(StorageError::Busy)), "{refused:?}");
        locked.roll_back().await.unwrap();
        engine.write(nothing()).await.unwrap();
        engine.close().await;
    }
}
