//! What the use cases stand on.

use std::{fmt, sync::Arc, time::Duration};

use openline_protocol::{RawId, ResourceId, Timestamp};
use tokio::sync::Semaphore;

use super::{super::Chats, places::Places};
use crate::{
    config::AttachmentsConfig,
    domain::rate_limit::{RateLimit, RateLimiter},
    storage::objects::Objects,
};

/// Uploads of one user at the same time.
const UPLOADS_PER_USER: usize = 4;

/// Downloads at the same time: in all, and of one user.
const DOWNLOADS: usize = 512;
const DOWNLOADS_PER_USER: usize = 16;

/// What may be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentLimits {
    /// Size of a file; 0: none may.
    pub max_file_bytes: u64,
    /// Size of an image that is read.
    pub max_image_pixels: u32,
    /// Media types, or `image/*`, or `*/*`.
    pub allowed_types: Vec<String>,
    /// Size of all files of one user; 0: no limit.
    pub max_user_bytes: u64,
    /// Uploads of one user.
    pub uploads: RateLimit,
    /// Uploads at the same time.
    pub max_concurrent_uploads: usize,
    /// How long an upload is kept that no message takes up.
    pub unattached_retention: Duration,
}

impl From<&AttachmentsConfig> for AttachmentLimits {
    fn from(config: &AttachmentsConfig) -> Self {
        Self {
            max_file_bytes: config.max_file_bytes,
            max_image_pixels: config.max_image_pixels,
            allowed_types: config.allowed_types.clone(),
            max_user_bytes: config.max_user_bytes,
            uploads: RateLimit {
                count: config.uploads_per_minute,
                window: Duration::from_secs(60),
            },
            max_concurrent_uploads: config.max_concurrent_uploads,
            unattached_retention: config.unattached_retention(),
        }
    }
}

/// The use cases of files. Cheap to clone.
#[derive(Clone)]
pub struct Attachments {
    pub(super) chats: Chats,
    pub(super) objects: Objects,
    pub(super) limits: Arc<AttachmentLimits>,
    pub(super) uploads: RateLimiter<(ResourceId, RawId)>,
    pub(super) upload_places: Arc<Places>,
    pub(super) download_places: Arc<Places>,
    /// Images are read one at a time: each takes much memory.
    pub(super) reading: Arc<Semaphore>,
}

impl fmt::Debug for Attachments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachments").finish_non_exhaustive()
    }
}

impl Attachments {
    /// The use cases on chat and an object store.
    #[must_use]
    pub fn new(chats: Chats, objects: Objects, limits: AttachmentLimits) -> Self {
        let upload_places = Places::new(limits.max_concurrent_uploads, UPLOADS_PER_USER);
        Self {
            chats,
            objects,
            uploads: RateLimiter::new(limits.uploads.window),
            upload_places: Arc::new(upload_places),
            download_places: Arc::new(Places::new(DOWNLOADS, DOWNLOADS_PER_USER)),
            reading: Arc::new(Semaphore::new(1)),
            limits: Arc::new(limits),
        }
    }

    /// When an upload of now expires that no message takes up.
    pub(super) fn expiry(&self, now: Timestamp) -> Timestamp {
        now + self.limits.unattached_retention
    }
}
