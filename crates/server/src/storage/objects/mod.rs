//! Bytes that are too large for the database: files of messages, in a directory or in S3.
//!
//! An object is put once, whole, and never changed. When [`Objects::put`] returns it is on disk: the directory
//! is synced, S3 promises it. What is received goes to a [`StagingFile`] first, which has no name and is gone
//! with the process: an upload that breaks off leaves nothing, and the store never waits for a slow client.

mod key;
mod open;
mod parts;
mod staged;

use std::{fmt, ops::Range, path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, multipart::MultipartStore, path::Path,
};
use tokio::sync::Semaphore;

pub use self::{
    key::{ObjectKey, ObjectPart},
    open::OpenObjectsError,
    parts::UploadId,
    staged::{StagedFile, StagingFile},
};

/// How much of a file is in memory at once while it is put. The least that S3 takes for a part.
const CHUNK: usize = 5 * 1024 * 1024;

/// Files put at the same time; further ones wait.
const MAX_PUTS: usize = 4;

/// How long a put may take.
const PUT_TIMEOUT: Duration = Duration::from_secs(300);

/// How long an answer of the store may take, and each piece of an object.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// The object that a check stores, no name of a file.
const CHECK: &str = "openline-check";

/// A failure of the object store. Its source is for the log, never for an answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// There is no such object.
    #[error("there is no such object")]
    NotFound,
    /// The store did not answer in time. The caller can try again.
    #[error("the object store did not answer in time")]
    TimedOut,
    /// The store failed: its disk is full, it is not reached, it refuses the key. See the source.
    #[error("the object store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ObjectError {
    fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Failed(error.into())
    }
}

impl From<object_store::Error> for ObjectError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            Self::NotFound
        } else {
            Self::failed(error)
        }
    }
}

/// Pieces of an object, in order.
pub type ObjectStream = BoxStream<'static, Result<Bytes, ObjectError>>;

/// A handle to the object store. Cheap to clone.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// The same store, where it takes large objects in parts that outlive the process.
    parts: Option<Arc<dyn MultipartStore>>,
    /// Where the store is a directory: which one.
    directory: Option<Arc<PathBuf>>,
    /// Where files are received.
    staging: Arc<PathBuf>,
    puts: Arc<Semaphore>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects")
            .field("store", &self.store.to_string())
            .finish_non_exhaustive()
    }
}

impl Objects {
    fn on(store: Arc<dyn ObjectStore>, directory: Option<PathBuf>, staging: PathBuf) -> Self {
        Self {
            store,
            parts: None,
            directory: directory.map(Arc::new),
            staging: Arc::new(staging),
            puts: Arc::new(Semaphore::new(MAX_PUTS)),
        }
    }

    /// A file to receive an upload in.
    ///
    /// # Errors
    ///
    /// The staging directory cannot be written.
    pub async fn stage(&self) -> Result<StagingFile, ObjectError> {
        StagingFile::create(Arc::clone(&self.staging)).await
    }

    /// Stores a received file, in the `upload` that [`Self::begin`] began for it. It is there whole, on disk, or not
    /// at all.
    ///
    /// # Errors
    ///
    /// See [`ObjectError`]. What was stored of it so far is removed, by [`Self::erase`] if not at once.
    pub async fn put(
        &self,
        key: &ObjectKey,
        file: &StagedFile,
        upload: Option<&UploadId>,
    ) -> Result<(), ObjectError> {
        let _place = self.puts.acquire().await.map_err(ObjectError::failed)?;
        let put = async {
            if let Some(upload) = upload {
                return self.put_parts(key, file, upload).await;
            }
            if file.size_bytes() > CHUNK as u64 {
                return self.put_in_pieces(key, file).await;
            }
            let bytes = file.read_at(0, CHUNK).await?;
            self.store.put(&key.path(), bytes.into()).await?;
            Ok(())
        };
        in_time(PUT_TIMEOUT, put).await
    }

    /// Stores some bytes. As [`Self::put`].
    ///
    /// # Errors
    ///
    /// See [`ObjectError`].
    pub async fn put_bytes(&self, key: &ObjectKey, bytes: Bytes) -> Result<(), ObjectError> {
        let put = async {
            self.store.put(&key.path(), bytes.into()).await?;
            Ok(())
        };
        in_time(PUT_TIMEOUT, put).await
    }

    /// In a directory: what a crash leaves of it is removed with the object.
    async fn put_in_pieces(&self, key: &ObjectKey, file: &StagedFile) -> Result<(), ObjectError> {
        let mut upload = self.store.put_multipart(&key.path()).await?;
        let parts = async {
            let mut offset = 0;
            while offset < file.size_bytes() {
                let part = file.read_at(offset, CHUNK).await?;
                offset += part.len() as u64;
                upload.put_part(part.into()).await?;
            }
            upload.complete().await?;
            Ok(())
        }
        .await;
        if parts.is_err() {
            // The first error says more.
            drop(upload.abort().await);
        }
        parts
    }

    /// Reads an object, or `range` of it.
    ///
    /// # Errors
    ///
    /// See [`ObjectError`]; the stream may fail later.
    pub async fn get(&self, key: &ObjectKey, range: Option<Range<u64>>) -> Result<ObjectStream, ObjectError> {
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        let path = key.path();
        let found = async { Ok(self.store.get_opts(&path, options).await?) };
        let found = in_time(ANSWER_TIMEOUT, found).await?;
        Ok(in_time_each(found.into_stream()))
    }

    /// Erases all that there is of a file, parts of its `upload` included. What is gone already counts as erased.
    ///
    /// # Errors
    ///
    /// See [`ObjectError`]; to be repeated then.
    pub async fn erase(&self, key: &ObjectKey, upload: Option<&UploadId>) -> Result<(), ObjectError> {
        if let Some(upload) = upload {
            self.abort(key, upload).await?;
        }
        for part in ObjectPart::ALL {
            let path = key.part(part).path();
            let erased = async { Ok(self.store.delete(&path).await?) };
            match in_time(ANSWER_TIMEOUT, erased).await {
                Ok(()) | Err(ObjectError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        match &self.directory {
            Some(directory) => open::settle(Arc::clone(directory), key.clone()).await,
            None => Ok(()),
        }
    }

    /// Whether the store does what files need: stores an object, reads it and deletes it. Nothing else is asked, as
    /// listing what there is, so that a key that may do no more will do.
    ///
    /// # Errors
    ///
    /// Why it does not.
    pub async fn check(&self) -> Result<(), ObjectError> {
        let path = Path::from(CHECK);
        let checked = async {
            self.store.put(&path, CHECK.as_bytes().into()).await?;
            self.store.get(&path).await?.bytes().await?;
            self.store.delete(&path).await?;
            Ok(())
        };
        in_time(ANSWER_TIMEOUT, checked).await
    }
}

/// The time limit counts while a piece is waited for, not while a slow client takes the one before.
fn in_time_each(pieces: BoxStream<'static, object_store::Result<Bytes>>) -> ObjectStream {
    futures::stream::try_unfold(pieces, |mut pieces| async {
        let next = async { Ok(pieces.next().await.transpose()?) };
        let piece = in_time(ANSWER_TIMEOUT, next).await?;
        Ok(piece.map(|piece| (piece, pieces)))
    })
    .boxed()
}

async fn in_time<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, ObjectError>>,
) -> Result<T, ObjectError> {
    tokio::time::timeout(limit, answer)
        .await
        .unwrap_or(Err(ObjectError::TimedOut))
}
