//! A transaction on a SQLite connection, and the savepoints in it.

use sqlx::{Sqlite, SqliteConnection};

use crate::storage::{Effect, StorageError, Transaction};

/// A running transaction. The areas implement their operations on it.
pub struct SqliteTransaction {
    tx: sqlx::Transaction<'static, Sqlite>,
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
    pub(super) fn new(tx: sqlx::Transaction<'static, Sqlite>) -> Self {
        Self {
            tx,
            effects: Vec::new(),
        }
    }

    /// Where queries run: `sqlx::query("..").execute(self.connection())`.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.tx
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
        Ok(self.tx.commit().await?)
    }

    pub(super) async fn roll_back(self) -> Result<(), StorageError> {
        Ok(self.tx.rollback().await?)
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), StorageError> {
        sqlx::query(statement).execute(self.connection()).await?;
        Ok(())
    }
}

impl Transaction for SqliteTransaction {
    fn after_commit(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
