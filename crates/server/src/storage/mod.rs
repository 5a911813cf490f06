//! Storage: what outlives the process. Domain code runs *operations* on it.
//!
//! # How to use it
//!
//! A write is a closure over a [`Transaction`]. It runs alone, in a savepoint: `Err` undoes all it did. When
//! [`Storage::write`] returns `Ok`, its rows are on disk. Many writes share one commit.
//!
//! ```ignore
//! let position = storage
//!     .write(move |tx| {
//!         Box::pin(async move {
//!             tx.insert_identity(&resource_id, &raw_id, now).await?;
//!             tx.after_commit(Box::new(move || bus.publish(event)));
//!             Ok::<_, DomainError>(raw_id)
//!         })
//!     })
//!     .await?;
//! ```
//!
//! - [`Transaction::after_commit`] takes what the rest of the world learns of the write (publish on the bus,
//!   refresh a cache). Effects run once the commit is on disk, in commit order, before the write is answered,
//!   and never if it was undone. They must be short and must not block: the writer waits for them.
//! - The error type is the operation's own, as long as it is `From<StorageError>`.
//! - An operation holds up every other writer: no network, no sleeping, no awaiting of anything but `tx`.
//!   Hash, serialise and validate before the call, as far as that is possible.
//! - [`Storage::read`] gives a consistent snapshot; writing in it fails.
//! - Both run to their end even if the caller gave up waiting, except a write that has not started yet.
//!
//! # How to add an area
//!
//! One file `storage/<area>.rs` with a trait `<Area>Tx` (`#[async_trait]`, methods on `&mut self` that return
//! `Result<_, StorageError>`) and its row types, added to the bounds of [`Transaction`]; one file
//! `storage/sqlite/<area>.rs` with `impl <Area>Tx for SqliteTransaction`, which runs its queries on
//! `self.connection()`; one migration; cases in `tests/storage`. Every row carries `resource_id`.

pub mod chat;
mod demo;
mod error;
mod identity;
pub mod objects;
mod resource;
pub mod sqlite;
mod trouter;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use futures::future::BoxFuture;

pub use self::{
    demo::{DemoPersonRow, DemoTx},
    error::StorageError,
    identity::{IdentityRow, IdentityTx},
    resource::{AccessKeyRow, ResourceRow, ResourceTx, SigningKeyRow},
    trouter::{TrouterEndpointKey, TrouterEndpointRow, TrouterTx},
};

/// What is done once a write is on disk; dropped if it is undone.
pub type Effect = Box<dyn FnOnce() + Send>;

/// The row operations of all areas, within one transaction.
pub trait Transaction: ResourceTx + IdentityTx + DemoTx + chat::ChatTx + TrouterTx + Send {
    /// Runs `effect` once this operation is committed, after the effects of operations committed before it.
    fn after_commit(&mut self, effect: Effect);
}

/// What becomes of an operation's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// They are kept.
    Commit,
    /// They are undone.
    RollBack,
}

/// An operation as an [`Engine`] sees it: its result stays with whoever asked for it.
pub type Operation = Box<dyn for<'t> FnOnce(&'t mut dyn Transaction) -> BoxFuture<'t, Outcome> + Send>;

/// A database: runs operations. [`Storage`] is how to call one.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Runs a write and returns once it is on disk, or undone.
    async fn write(&self, operation: Operation) -> Result<(), StorageError>;

    /// Runs a read on a consistent snapshot.
    async fn read(&self, operation: Operation) -> Result<(), StorageError>;

    /// Removes from disk all that the database still keeps of rows that were deleted or replaced before, or fails as
    /// [`StorageError::Busy`] where somebody reads what was.
    async fn scrub(&self) -> Result<(), StorageError>;

    /// Whether the database answers.
    async fn check(&self) -> Result<(), StorageError>;

    /// Finishes what is queued and closes the database. Later operations fail with [`StorageError::Closed`].
    async fn close(&self);
}

/// A handle to the database. Cheap to clone.
#[derive(Clone)]
pub struct Storage {
    engine: Arc<dyn Engine>,
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storage").finish_non_exhaustive()
    }
}

impl Storage {
    /// Wraps a database.
    #[must_use]
    pub fn new(engine: impl Engine) -> Self {
        Self {
            engine: Arc::new(engine),
        }
    }

    /// Runs `operation` as a write. See the module's documentation.
    ///
    /// # Errors
    ///
    /// What `operation` returned, or the [`StorageError`] that kept it from running or from being committed.
    pub async fn write<T, E, F>(&self, operation: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut dyn Transaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let result = ResultSlot::default();
        self.engine.write(result.filled_by(operation)).await?;
        result.take()
    }

    /// Runs `operation` on a consistent snapshot.
    ///
    /// # Errors
    ///
    /// What `operation` returned, or the [`StorageError`] that kept it from running.
    pub async fn read<T, E, F>(&self, operation: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut dyn Transaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let result = ResultSlot::default();
        self.engine.read(result.filled_by(operation)).await?;
        result.take()
    }

    /// Removes from disk all that the database still keeps of rows that were deleted or replaced before.
    ///
    /// # Errors
    ///
    /// [`StorageError::Busy`] where somebody reads what was, or the database failed: some of it is still there, and what
    /// can be read is as it was. Try again.
    pub async fn scrub(&self) -> Result<(), StorageError> {
        self.engine.scrub().await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// Why it does not.
    pub async fn check(&self) -> Result<(), StorageError> {
        self.engine.check().await
    }

    /// Finishes what is queued and closes the database.
    pub async fn close(&self) {
        self.engine.close().await;
    }
}

/// Carries an operation's result around the engine, which knows nothing of its type.
struct ResultSlot<T, E>(Arc<Mutex<Option<Result<T, E>>>>);

impl<T, E> Default for ResultSlot<T, E> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }
}

impl<T: Send + 'static, E: From<StorageError> + Send + 'static> ResultSlot<T, E> {
    fn filled_by<F>(&self, operation: F) -> Operation
    where
        F: for<'t> FnOnce(&'t mut dyn Transaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let slot = Arc::clone(&self.0);
        Box::new(move |tx| {
            Box::pin(async move {
                let result = operation(tx).await;
                let outcome = if result.is_ok() {
                    Outcome::Commit
                } else {
                    Outcome::RollBack
                };
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                outcome
            })
        })
    }

    fn take(self) -> Result<T, E> {
        let result = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        result.unwrap_or_else(|| Err(StorageError::Closed.into()))
    }
}
