//! A file that is being received, and one that was. Neither has a name: the system removes it with its handle.

use std::{
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
    sync::Arc,
};

use bytes::{Bytes, BytesMut};

use super::ObjectError;

/// Pieces are collected up to this size before they are written.
const BUFFER: usize = 256 * 1024;

/// A file that is being received.
#[derive(Debug)]
pub struct StagingFile {
    file: Arc<std::fs::File>,
    buffer: BytesMut,
    size_bytes: u64,
}

impl StagingFile {
    pub(super) async fn create(directory: Arc<PathBuf>) -> Result<Self, ObjectError> {
        let file = blocking(move || tempfile::tempfile_in(&*directory)).await?;
        Ok(Self {
            file: Arc::new(file),
            buffer: BytesMut::new(),
            size_bytes: 0,
        })
    }

    /// What was received so far, in bytes.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Takes the next piece.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub async fn write(&mut self, piece: &Bytes) -> Result<(), ObjectError> {
        self.size_bytes += piece.len() as u64;
        self.buffer.extend_from_slice(piece);
        if self.buffer.len() >= BUFFER {
            self.flush().await?;
        }
        Ok(())
    }

    /// The file, received whole.
    ///
    /// # Errors
    ///
    /// The rest cannot be written.
    pub async fn finish(mut self) -> Result<StagedFile, ObjectError> {
        self.flush().await?;
        Ok(StagedFile {
            file: self.file,
            size_bytes: self.size_bytes,
        })
    }

    async fn flush(&mut self) -> Result<(), ObjectError> {
        let (file, buffer) = (Arc::clone(&self.file), self.buffer.split().freeze());
        blocking(move || (&*file).write_all(&buffer)).await
    }
}

/// A file that was received.
#[derive(Debug, Clone)]
pub struct StagedFile {
    file: Arc<std::fs::File>,
    size_bytes: u64,
}

impl StagedFile {
    /// Its size.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Up to `length` bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub async fn read_at(&self, offset: u64, length: usize) -> Result<Bytes, ObjectError> {
        let file = Arc::clone(&self.file);
        blocking(move || {
            let mut file = &*file;
            file.seek(SeekFrom::Start(offset))?;
            let mut bytes = Vec::new();
            file.take(length as u64).read_to_end(&mut bytes)?;
            Ok(bytes.into())
        })
        .await
    }

    /// Reads from the beginning, while nothing else reads.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn reader(&self) -> io::Result<io::BufReader<std::fs::File>> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(io::BufReader::new(file))
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ObjectError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(ObjectError::failed)?
        .map_err(ObjectError::failed)
}
