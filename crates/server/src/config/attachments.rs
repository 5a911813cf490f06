//! Files of messages.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::ConfigError;

/// The group `[attachments]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttachmentsConfig {
    /// Directory of the files; absent: `attachments` in the data directory. Not used with `s3`.
    /// `OPENLINE_ATTACHMENTS__DIRECTORY`, no default.
    pub directory: Option<PathBuf>,
    /// A bucket for the files, as `[attachments.s3]`; absent: they are kept in the directory.
    pub s3: Option<S3Config>,
    /// Size of a file, in bytes, 0 to 1,073,741,824; 0: nobody uploads anything.
    /// `OPENLINE_ATTACHMENTS__MAX_FILE_BYTES`, default 20,971,520.
    pub max_file_bytes: u64,
    /// Size of an image, in pixels, 1 to 200,000,000; a larger one is kept as a file, without a preview. One image is
    /// read at a time and takes up to 9 bytes of memory for each pixel.
    /// `OPENLINE_ATTACHMENTS__MAX_IMAGE_PIXELS`, default 50,000,000.
    pub max_image_pixels: u32,
    /// What may be uploaded: media types such as `application/pdf`, `image/*` or `*/*`.
    /// `OPENLINE_ATTACHMENTS__ALLOWED_TYPES`, default `["*/*"]`.
    pub allowed_types: Vec<String>,
    /// How much the files of one user may take together, in bytes; 0: no limit.
    /// `OPENLINE_ATTACHMENTS__MAX_USER_BYTES`, default 1,073,741,824.
    pub max_user_bytes: u64,
    /// Uploads per user and minute; 0: no limit. `OPENLINE_ATTACHMENTS__UPLOADS_PER_MINUTE`, default 60.
    pub uploads_per_minute: u32,
    /// Uploads at the same time, 1 to 1,000; further ones wait. Each may take `max_file_bytes` in the data directory
    /// until it is stored. `OPENLINE_ATTACHMENTS__MAX_CONCURRENT_UPLOADS`, default 32.
    pub max_concurrent_uploads: usize,
    /// How long an upload may take, in seconds, 1 to 3,600. `OPENLINE_ATTACHMENTS__UPLOAD_TIMEOUT_S`, default 600.
    pub upload_timeout_s: u64,
    /// How long an upload that no message takes up is kept, in hours, 1 to 720.
    /// `OPENLINE_ATTACHMENTS__UNATTACHED_RETENTION_H`, default 24.
    pub unattached_retention_h: u64,
}

impl Default for AttachmentsConfig {
    fn default() -> Self {
        Self {
            directory: None,
            s3: None,
            max_file_bytes: 20 * 1024 * 1024,
            max_image_pixels: 50_000_000,
            allowed_types: vec!["*/*".to_owned()],
            max_user_bytes: 1024 * 1024 * 1024,
            uploads_per_minute: 60,
            max_concurrent_uploads: 32,
            upload_timeout_s: 600,
            unattached_retention_h: 24,
        }
    }
}

impl AttachmentsConfig {
    /// How long an upload may take.
    #[must_use]
    pub const fn upload_timeout(&self) -> Duration {
        Duration::from_secs(self.upload_timeout_s)
    }

    /// How long an upload is kept that no message takes up.
    #[must_use]
    pub const fn unattached_retention(&self) -> Duration {
        Duration::from_secs(self.unattached_retention_h * 60 * 60)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let out_of_range = |setting, range: &str| Err(invalid(setting, &format!("must be {range}")));
        if self.max_file_bytes > 1 << 30 {
            return out_of_range("max_file_bytes", "0 to 1073741824");
        }
        if !(1..=200_000_000).contains(&self.max_image_pixels) {
            return out_of_range("max_image_pixels", "1 to 200000000");
        }
        if !(1..=1000).contains(&self.max_concurrent_uploads) {
            return out_of_range("max_concurrent_uploads", "1 to 1000");
        }
        if !(1..=3600).contains(&self.upload_timeout_s) {
            return out_of_range("upload_timeout_s", "1 to 3600");
        }
        if !(1..=720).contains(&self.unattached_retention_h) {
            return out_of_range("unattached_retention_h", "1 to 720");
        }
        if let Some(wrong) = self.allowed_types.iter().find(|allowed| !is_pattern(allowed)) {
            let problem = format!("has \"{wrong}\"; a media type is like image/png, image/* or */*");
            return Err(invalid("allowed_types", &problem));
        }
        self.s3.as_ref().map_or(Ok(()), S3Config::check)
    }
}

fn invalid(setting: &str, problem: &str) -> ConfigError {
    ConfigError::invalid("attachments", setting, problem)
}

fn is_pattern(text: &str) -> bool {
    text.split_once('/').is_some_and(|(kind, subtype)| {
        !kind.is_empty() && !subtype.is_empty() && (kind != "*" || subtype == "*")
    })
}

/// The group `[attachments.s3]`: a bucket in S3, or in what speaks its protocol. The key must be allowed to put, get and
/// delete objects below the prefix and to abort uploads in parts (`s3:PutObject`, `s3:GetObject`, `s3:DeleteObject`,
/// `s3:AbortMultipartUpload`); it need not list the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3Config {
    /// Where it is, `https://host[:port]`; absent: Amazon's own for the region.
    /// `OPENLINE_ATTACHMENTS__S3__ENDPOINT`, no default.
    pub endpoint: Option<String>,
    /// The bucket. Required. `OPENLINE_ATTACHMENTS__S3__BUCKET`.
    pub bucket: String,
    /// Its region. `OPENLINE_ATTACHMENTS__S3__REGION`, default `us-east-1`.
    pub region: String,
    /// What names of objects begin with. `OPENLINE_ATTACHMENTS__S3__PREFIX`, default nothing.
    pub prefix: String,
    /// Whether the bucket is in the path, as most servers other than Amazon's want it, or in the host name.
    /// `OPENLINE_ATTACHMENTS__S3__PATH_STYLE`, default true.
    pub path_style: bool,
    /// The access key; absent: the role that the machine has in Amazon's cloud.
    /// `OPENLINE_ATTACHMENTS__S3__ACCESS_KEY_ID`, no default.
    pub access_key_id: Option<String>,
    /// Its secret. `OPENLINE_ATTACHMENTS__S3__SECRET_ACCESS_KEY`, no default.
    pub secret_access_key: Option<Secret>,
    /// A file with the secret, instead. `OPENLINE_ATTACHMENTS__S3__SECRET_ACCESS_KEY_FILE`, no default.
    pub secret_access_key_file: Option<PathBuf>,
}

impl Default for S3Config {
    fn default() -> Self {
        Self {
            endpoint: None,
            bucket: String::new(),
            region: "us-east-1".to_owned(),
            prefix: String::new(),
            path_style: true,
            access_key_id: None,
            secret_access_key: None,
            secret_access_key_file: None,
        }
    }
}

impl S3Config {
    fn check(&self) -> Result<(), ConfigError> {
        if self.bucket.is_empty() {
            return Err(invalid("s3.bucket", "is required"));
        }
        let is_address = |endpoint: &String| {
            ["http://", "https://"]
                .iter()
                .any(|scheme| endpoint.starts_with(scheme))
        };
        if !self.endpoint.as_ref().is_none_or(is_address) {
            return Err(invalid("s3.endpoint", "must be http(s)://host[:port]"));
        }
        let secrets = usize::from(self.secret_access_key.is_some())
            + usize::from(self.secret_access_key_file.is_some());
        if secrets != usize::from(self.access_key_id.is_some()) {
            let problem = "needs secret_access_key or secret_access_key_file beside it, and they need it";
            return Err(invalid("s3.access_key_id", problem));
        }
        Ok(())
    }
}

/// A setting that is shown to nobody.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl<'de> Deserialize<'de> for Secret {
    /// An error says what is wrong, not what was there.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer) {
            Ok(text) => Ok(Self(text)),
            Err(_other_type) => Err(D::Error::custom("a text in quotes is needed")),
        }
    }
}

impl Secret {
    /// The text, for whom it is meant for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}
