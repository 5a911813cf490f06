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
    /// Nothing can be read or written for now: the disk is full, or the database is locked or gone. The caller can try
    /// again later; whoever runs the server has to look.
    #[error("the database cannot be used now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
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
        } else if is_unavailable(&error) {
            Self::Unavailable(Box::new(error))
        } else {
            Self::Failed(Box::new(error))
        }
    }
}

/// Whether `SQLite` says that it is the world around it that fails (<https://www.sqlite.org/rescode.html>).
fn is_unavailable(error: &sqlx::Error) -> bool {
    const BUSY: u32 = 5;
    const READ_ONLY: u32 = 8;
    const IO: u32 = 10;
    const FULL: u32 = 13;
    const CANNOT_OPEN: u32 = 14;
    let extended = error
        .as_database_error()
        .and_then(|database| database.code()?.parse::<u32>().ok());
    extended.is_some_and(|code| [BUSY, READ_ONLY, IO, FULL, CANNOT_OPEN].contains(&(code & 0xff)))
}
