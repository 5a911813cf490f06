//! Uploads in parts, as S3 takes large objects. It keeps the parts of one that is neither completed nor aborted, for
//! ever, and tells of them only who may list the bucket: so the id of an upload is noted before its first part.

use object_store::path::Path;

use super::{ANSWER_TIMEOUT, CHUNK, ObjectError, ObjectKey, Objects, StagedFile, in_time};

/// An upload in parts that was begun, as the store calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadId(String);

impl UploadId {
    /// An id that was noted.
    #[must_use]
    pub const fn new(id: String) -> Self {
        Self(id)
    }

    /// To note it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Objects {
    /// Begins an upload in parts where the store takes `file` so: note its id, then [`Self::put`] it. What fails in
    /// between leaves an upload without parts, which takes no room.
    ///
    /// # Errors
    ///
    /// See [`ObjectError`].
    pub async fn begin(&self, key: &ObjectKey, file: &StagedFile) -> Result<Option<UploadId>, ObjectError> {
        let Some(parts) = self.parts.as_ref().filter(|_| file.size_bytes() > CHUNK as u64) else {
            return Ok(None);
        };
        let path = key.path();
        let begun = async { Ok(parts.create_multipart(&path).await?) };
        in_time(ANSWER_TIMEOUT, begun).await.map(UploadId).map(Some)
    }

    /// Stores the parts of `file` and completes the upload, or aborts it.
    pub(super) async fn put_parts(
        &self,
        key: &ObjectKey,
        file: &StagedFile,
        upload: &UploadId,
    ) -> Result<(), ObjectError> {
        let put = self.put_each(&key.path(), file, upload).await;
        if put.is_err() {
            // The first error says more, and what is left now is aborted by whoever erases the object.
            drop(self.abort(key, upload).await);
        }
        put
    }

    async fn put_each(&self, path: &Path, file: &StagedFile, upload: &UploadId) -> Result<(), ObjectError> {
        let parts = self.parts.as_ref().ok_or(ObjectError::NotFound)?;
        let (mut offset, mut put) = (0, Vec::new());
        while offset < file.size_bytes() {
            let part = file.read_at(offset, CHUNK).await?;
            offset += part.len() as u64;
            put.push(parts.put_part(path, &upload.0, put.len(), part.into()).await?);
        }
        parts.complete_multipart(path, &upload.0, put).await?;
        Ok(())
    }

    /// Ends an upload and erases its parts. One that is over counts as aborted.
    pub(super) async fn abort(&self, key: &ObjectKey, upload: &UploadId) -> Result<(), ObjectError> {
        let Some(parts) = &self.parts else {
            return Ok(());
        };
        let path = key.path();
        let aborted = async { Ok(parts.abort_multipart(&path, &upload.0).await?) };
        match in_time(ANSWER_TIMEOUT, aborted).await {
            Err(ObjectError::NotFound) => Ok(()),
            other => other,
        }
    }
}
