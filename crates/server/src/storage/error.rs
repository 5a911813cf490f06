//! Why storage could not do what was asked.

/// A failure of storage. Its source is for the log, never for an answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Too much is waiting. The caller can try again in a moment.
    #[error("the database is busy")]
    Busy,
    /// The server is stopping. The caller can try again once it is back.
    #[error("the database is closed")]
    Closed,
    /// A row with this key is there already, or one that is referred to is not. The caller decides what that means.
    #[error("the row conflicts with what is stored")]
    Conflict,
    /// A stored value cannot be read: the database was changed by something else. Report it.
    #[error("the stored {what} cannot be read")]
    Corrupt {
        /// Which value.
        what: &'static str,
    },
    /// The operation panicked; it was undone. Report it.
    #[error("the operation panicked")]
    Panicked,
    /// The database failed. Report it.
    #[error("the database failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::Busy;
        }
        if matches!(error, sqlx::Error::PoolClosed) {
            return Self::Closed;
        }
        let conflict = error
            .as_database_error()
            .is_some_and(|database| database.is_unique_violation() || database.is_foreign_key_violation());
        if conflict {
            Self::Conflict
        } else {
            Self::Failed(Box::new(error))
        }
    }
}
