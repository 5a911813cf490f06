//! A directory for what a suite's programs leave behind: browsers that are ended by their drivers do not clear up.

use std::{env, fs, path::PathBuf, process, process::Command};

use crate::failure::{Failure, Result};

/// Removed with everything in it when it is dropped.
pub(super) struct TemporaryDir(PathBuf);

impl TemporaryDir {
    /// In the system's directory, because the path of a socket below it has 108 bytes.
    pub(super) fn new(suite: &str) -> Result<Self> {
        let path = env::temp_dir().join(format!("openline-{suite}-{}", process::id()));
        fs::create_dir_all(&path)
            .map_err(|error| Failure::new(format!("Cannot make {}: {error}", path.display())))?;
        Ok(Self(path))
    }

    /// Has a command, and what it starts, keep its temporary files there.
    pub(super) fn lend_to(&self, command: &mut Command) {
        command.env("TMPDIR", &self.0);
    }
}

impl Drop for TemporaryDir {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clear.
        _ = fs::remove_dir_all(&self.0);
    }
}
