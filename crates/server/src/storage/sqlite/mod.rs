//! Storage in SQLite: one file in the data directory.
//!
//! WAL with `synchronous=FULL`: a commit is on disk when it returns. One connection writes (see `writer`), a few
//! read. Nothing else may open the file for writing while a server runs on it, except this program's
//! `resource` command, which waits its turn.

mod chat;
mod demo;
mod identity;
mod resource;
mod transaction;
mod trouter;
mod writer;

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use futures::FutureExt;
use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use self::transaction::SqliteTransaction;
use self::writer::Writer;
use super::{Engine, Operation, Storage, StorageError};

/// Connections that read at the same time; further reads wait.
const READ_CONNECTIONS: u32 = 4;

/// How long a read waits for a connection before it fails as busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long SQLite waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Why the database file could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be created or opened. Check the data directory's permissions and space.
    #[error("cannot open the database {path}")]
    Open {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The schema cannot be brought up to date. If a newer version wrote the file, run that version.
    #[error("cannot bring the database {path} up to date")]
    Migrate {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
}

/// Opens the database file, creating it and bringing its schema up to date as needed.
///
/// # Errors
///
/// See [`OpenError`].
pub async fn open(path: &Path) -> Result<Storage, OpenError> {
    let failed = |source| OpenError::Open {
        path: path.display().to_string(),
        source,
    };
    let options = connect_options(path);
    let write_pool = pool_options(1)
        .connect_with(options.clone())
        .await
        .map_err(failed)?;
    sqlx::migrate!("migrations/sqlite")
        .run(&write_pool)
        .await
        .map_err(|source| OpenError::Migrate {
            path: path.display().to_string(),
            source,
        })?;
    let read_pool = pool_options(READ_CONNECTIONS)
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(failed)?;
    Ok(Storage::new(Sqlite {
        writer: Writer::start(write_pool),
        read_pool,
    }))
}

/// The first access key of the first resource, read beside a server of whatever version: nothing is created or
/// changed. `None` where there is none, or the file cannot be read.
pub(crate) async fn first_access_key(path: &Path) -> Option<Vec<u8>> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(Duration::from_secs(1))
        .disable_statement_logging();
    let mut connection = options.connect().await.ok()?;
    let first =
        "SELECT secret FROM access_keys JOIN resources USING (resource_id) ORDER BY name, slot LIMIT 1";
    let secret = sqlx::query_scalar(first).fetch_optional(&mut connection).await;
    secret.ok().flatten()
}

fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("temp_store", "MEMORY")
        .pragma("secure_delete", "ON")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging()
}

fn pool_options(connections: u32) -> SqlitePoolOptions {
    // A connection to a file does not go stale: no pings, no ageing.
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

struct Sqlite {
    writer: Writer,
    read_pool: SqlitePool,
}

#[async_trait]
impl Engine for Sqlite {
    async fn write(&self, operation: Operation) -> Result<(), StorageError> {
        self.writer.write(operation).await
    }

    async fn read(&self, operation: Operation) -> Result<(), StorageError> {
        // If the caller goes away in the middle, dropping the transaction ends it.
        let mut tx = SqliteTransaction::begin(&self.read_pool, "BEGIN").await?;
        let outcome = std::panic::AssertUnwindSafe(operation(&mut tx))
            .catch_unwind()
            .await;
        tx.roll_back().await?;
        outcome.map(|_| ()).map_err(|_panic| StorageError::Panicked)
    }

    /// Deleted rows are overwritten where they were (`secure_delete`), and their older versions go with the log.
    async fn scrub(&self) -> Result<(), StorageError> {
        self.writer.scrub().await
    }

    async fn check(&self) -> Result<(), StorageError> {
        sqlx::query("SELECT 1").execute(&self.read_pool).await?;
        self.writer.check().await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.read_pool.close().await;
    }
}
