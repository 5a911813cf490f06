//! The data directory: who may use it, and what may read it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataDirError {
    /// Another server runs on it. Stop that one, or choose another directory.
    #[error("the data directory {0} is used by another running server")]
    InUse(String),
    /// It cannot be created or written. Check its permissions and space.
    #[error("cannot write in the data directory {path}")]
    Unusable {
        /// The directory.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A data directory.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// Locked for as long as this lives; the system unlocks it when the process ends, however it does.
    _lock: Option<File>,
}

impl DataDir {
    /// Creates the directory if needed and takes it for this process alone.
    ///
    /// # Errors
    ///
    /// See [`DataDirError`].
    pub fn lock(path: &Path) -> Result<Self, DataDirError> {
        let dir = Self::open(path)?;
        let file = options()
            .open(path.join("lock"))
            .map_err(|source| dir.unusable(source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                _lock: Some(file),
                ..dir
            }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(path.display().to_string())),
            Err(TryLockError::Error(source)) => Err(dir.unusable(source)),
        }
    }

    /// Creates the directory if needed, without keeping others out: for commands beside a running server.
    ///
    /// # Errors
    ///
    /// [`DataDirError::Unusable`].
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        let unusable = |source| DataDirError::Unusable {
            path: path.display().to_string(),
            source,
        };
        // Absolute, since others are told where its files are.
        let absolute = std::path::absolute(path).map_err(unusable)?;
        create_private_dir(&absolute).map_err(unusable)?;
        Ok(Self {
            path: absolute,
            _lock: None,
        })
    }

    /// A file in the directory.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The database file, created for its owner alone. What SQLite puts beside it gets the same permissions.
    ///
    /// # Errors
    ///
    /// [`DataDirError::Unusable`].
    pub fn database(&self) -> Result<PathBuf, DataDirError> {
        let path = self.file("openline.db");
        options().open(&path).map_err(|source| self.unusable(source))?;
        Ok(path)
    }

    /// Writes a file that only the owner may read, all at once.
    ///
    /// # Errors
    ///
    /// [`DataDirError::Unusable`].
    pub fn write_private(&self, name: &str, content: &str) -> Result<(), DataDirError> {
        let write = || {
            let temporary = self.file(&format!("{name}.new"));
            let mut file = options().truncate(true).open(&temporary)?;
            file.write_all(content.as_bytes())?;
            file.sync_all()?;
            fs::rename(&temporary, self.file(name))
        };
        write().map_err(|source| self.unusable(source))
    }

    fn unusable(&self, source: io::Error) -> DataDirError {
        DataDirError::Unusable {
            path: self.path.display().to_string(),
            source,
        }
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
