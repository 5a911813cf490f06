//! What the client repeats in every query, as far as the server cares.

use serde::Deserialize;

use super::connect_params::ConnectParams;
use crate::http::ApiError;

/// The longest id that a client may give itself. It uses UUIDs.
const MAX_ID_BYTES: usize = 64;

/// The client instance.
#[derive(Debug, Deserialize)]
pub(super) struct InstanceQuery {
    epid: String,
}

/// The client instance, with what `allocate` signed for it.
#[derive(Debug, Deserialize)]
pub(super) struct ConnectQuery {
    epid: String,
    #[serde(flatten)]
    pub(super) params: ConnectParams,
}

impl InstanceQuery {
    pub(super) fn epid(self) -> Result<String, ApiError> {
        checked_id(self.epid, "epid")
    }
}

impl ConnectQuery {
    pub(super) fn epid(&self) -> Result<String, ApiError> {
        checked_id(self.epid.clone(), "epid")
    }
}

/// An id that the client gave itself.
pub(super) fn checked_id(id: String, name: &str) -> Result<String, ApiError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    if (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(plain) {
        return Ok(id);
    }
    let message = format!("{name} must have 1 to {MAX_ID_BYTES} letters, digits, `-`, `_`, `.` or `~`.");
    Err(ApiError::bad_request(message).with_target(name))
}
