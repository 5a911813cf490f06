//! A transaction on a SQLite connection, and the savepoints in it.

use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};

use crate::storage::{Effect, StorageError, Transaction};

/// A running transaction. The areas implement their operations on it.
pub struct SqliteTransaction {
    connection: PoolConnection<Sqlite>,
    /// Whether the transaction may still run: it has not been seen to end.
    open: bool,
    effects: Vec<Effect>,
}

impl std::fmt::Debug for SqliteTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteTransaction")
            .field("effects", &self.effects.len())
            .finish_non_exhaustive()
    }
}

impl SqliteTransaction {
    /// Begins with `statement`: `BEGIN` for reads, `BEGIN IMMEDIATE` for writes.
    pub(super) async fn begin(pool: &SqlitePool, statement: &'static str) -> Result<Self, StorageError> {
        let mut tx = Self {
            connection: pool.acquire().await?,
            open: true,
            effects: Vec::new(),
        };
        tx.run(statement).await?;
        Ok(tx)
    }

    /// Where queries run: `sqlx::query("..").execute(self.connection())`.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    pub(super) async fn begin_operation(&mut self) -> Result<(), StorageError> {
        self.effects.clear();
        self.run("SAVEPOINT operation").await
    }

    /// Keeps the operation's rows and hands out its effects, to run after the commit.
    pub(super) async fn keep_operation(&mut self) -> Result<Vec<Effect>, StorageError> {
        self.run("RELEASE operation").await?;
        Ok(std::mem::take(&mut self.effects))
    }

    pub(super) async fn undo_operation(&mut self) -> Result<(), StorageError> {
        self.effects.clear();
        self.run("ROLLBACK TO operation").await?;
        self.run("RELEASE operation").await
    }

    pub(super) async fn commit(self) -> Result<(), StorageError> {
        self.end("COMMIT").await
    }

    pub(super) async fn roll_back(self) -> Result<(), StorageError> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, statement: &'static str) -> Result<(), StorageError> {
        self.run(statement).await?;
        self.open = false;
        Ok(())
    }

    /// Takes 64 KiB of the file and gives them back, which fails where rows cannot be written.
    pub(super) async fn probe(&mut self) -> Result<(), StorageError> {
        self.run("CREATE TABLE openline_probe (room BLOB) STRICT").await?;
        self.run("INSERT INTO openline_probe VALUES (zeroblob(65536))")
            .await?;
        self.run("DROP TABLE openline_probe").await
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), StorageError> {
        sqlx::query(statement).execute(self.connection()).await?;
        Ok(())
    }
}

impl Drop for SqliteTransaction {
    /// A transaction that was given up, or that failed to begin or end, ends with its connection: SQLite may have
    /// ended it on its own (a full disk does that), so its state is unknown. The pool opens another.
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

impl Transaction for SqliteTransaction {
    fn after_commit(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
