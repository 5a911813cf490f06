//! Why a task stopped, as sentences for the person who started it.

use std::{fmt, io, path::Path};

/// One or two sentences: what went wrong, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// What every step of a task returns.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A failed operation on one file or folder.
    pub(crate) fn io(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("Cannot {verb} {}: {error}.", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
