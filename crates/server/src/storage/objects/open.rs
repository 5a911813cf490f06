//! Opening a store: a directory, S3, or memory for tests.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem,
    memory::InMemory, multipart::MultipartStore, prefix::PrefixStore,
};

use super::{ObjectError, ObjectKey, ObjectPart, Objects};
use crate::config::S3Config;

/// How long the store's address may take to answer at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a request that S3 did not answer is repeated, and for how long.
const MAX_RETRIES: usize = 3;
const RETRY_TIMEOUT: Duration = Duration::from_secs(30);

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenObjectsError {
    /// A directory cannot be created or opened. Check its permissions.
    #[error("cannot use the directory {path} for files")]
    Directory {
        /// The directory.
        path: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file with a secret cannot be read.
    #[error("cannot read the secret access key in {path}")]
    Secret {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The settings of S3 do not fit together.
    #[error("the settings of S3 cannot be used")]
    S3(#[source] object_store::Error),
}

impl Objects {
    /// A store in `directory`; files are received in `staging`. Creates both, for their owner alone.
    ///
    /// # Errors
    ///
    /// [`OpenObjectsError::Directory`].
    pub fn in_directory(directory: &Path, staging: &Path) -> Result<Self, OpenObjectsError> {
        create_directory(directory)?;
        create_directory(staging)?;
        let store = LocalFileSystem::new_with_prefix(directory)
            .map_err(|error| unusable(directory, error))?
            .with_fsync(true);
        Ok(Self::on(
            Arc::new(store),
            Some(directory.to_owned()),
            staging.to_owned(),
        ))
    }

    /// A bucket in S3, or in what speaks its protocol. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// See [`OpenObjectsError`].
    pub fn in_s3(config: &S3Config, staging: &Path) -> Result<Self, OpenObjectsError> {
        create_directory(staging)?;
        let store = s3_builder(config)?.build().map_err(OpenObjectsError::S3)?;
        let objects = match config.prefix.trim_matches('/') {
            "" => Self::in_parts_on(store, staging),
            prefix => Self::in_parts_on(PrefixStore::new(store, prefix), staging),
        };
        Ok(objects)
    }

    fn in_parts_on(store: impl ObjectStore + MultipartStore, staging: &Path) -> Self {
        let store = Arc::new(store);
        Self {
            parts: Some(Arc::clone(&store) as Arc<dyn MultipartStore>),
            ..Self::on(store, None, staging.to_owned())
        }
    }

    /// A store that is gone with the process: for tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::on(Arc::new(InMemory::new()), None, std::env::temp_dir())
    }
}

fn s3_builder(config: &S3Config) -> Result<AmazonS3Builder, OpenObjectsError> {
    let plain = config
        .endpoint
        .as_deref()
        .is_some_and(|endpoint| endpoint.starts_with("http://"));
    let retry = RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: MAX_RETRIES,
        retry_timeout: RETRY_TIMEOUT,
    };
    let client = ClientOptions::new()
        .with_connect_timeout(CONNECT_TIMEOUT)
        // Of a whole request, with its body; this server limits the answers and pieces.
        .with_timeout_disabled()
        .with_allow_http(plain);
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_virtual_hosted_style_request(!config.path_style)
        .with_retry(retry)
        // Not all that speaks the protocol knows it, and one is deleted at a time here.
        .with_disable_bulk_delete(true)
        .with_client_options(client);
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(id) = &config.access_key_id {
        builder = builder
            .with_access_key_id(id)
            .with_secret_access_key(secret(config)?);
    }
    Ok(builder)
}

fn secret(config: &S3Config) -> Result<String, OpenObjectsError> {
    if let Some(path) = &config.secret_access_key_file {
        let read = fs::read_to_string(path).map_err(|source| OpenObjectsError::Secret {
            path: path.display().to_string(),
            source,
        })?;
        return Ok(read.trim().to_owned());
    }
    Ok(config
        .secret_access_key
        .as_ref()
        .map(|secret| secret.expose().to_owned())
        .unwrap_or_default())
}

fn create_directory(path: &Path) -> Result<(), OpenObjectsError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| unusable(path, error))
}

fn unusable(path: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> OpenObjectsError {
    OpenObjectsError::Directory {
        path: path.display().to_string(),
        source: error.into(),
    }
}

/// After a deletion in a directory: removes what a put that was cut off left beside the object, and syncs, since
/// the store syncs no deletions and the database is about to forget that there was one.
pub(super) async fn settle(directory: Arc<PathBuf>, key: ObjectKey) -> Result<(), ObjectError> {
    let settled = tokio::task::spawn_blocking(move || {
        for part in ObjectPart::ALL {
            // The name that the store gives to the first put of an object; there is no second.
            let cut_off = format!("{}#1", key.part(part).path());
            ignore_missing(fs::remove_file(directory.join(cut_off)))?;
        }
        let object = directory.join(key.path().as_ref());
        match object.parent() {
            Some(shard) => ignore_missing(fs::File::open(shard).and_then(|shard| shard.sync_all())),
            None => Ok(()),
        }
    })
    .await;
    settled.map_err(ObjectError::failed)?.map_err(ObjectError::failed)
}

fn ignore_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
