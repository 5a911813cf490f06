//! What an application sends along with a call, for the application at the other end. On the wire it is a JSON text, so
//! that whoever only carries it need not know what is in it.

use serde::{Deserialize, Serialize};

/// The longest `user_to_user`, and value of a SIP header, in characters.
pub const MAX_USER_TO_USER_CHARS: usize = 256;

/// SIP headers of a call.
pub const MAX_SIP_HEADERS: usize = 5;

/// The longest key of a header, in characters.
pub const MAX_HEADER_KEY_CHARS: usize = 64;

/// Headers for calls between clients.
pub const MAX_VOIP_HEADERS: usize = 1_000;

/// The longest value of such a header, in characters.
pub const MAX_VOIP_HEADER_VALUE_CHARS: usize = 1_024;

/// The longest text of a context, in characters.
pub const MAX_CUSTOM_CONTEXT_CHARS: usize = 8 * 1_024;

/// Data of the application's with a call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomContext {
    /// The value of the SIP header User-To-User.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_to_user: Option<String>,
    /// Headers that a phone network would get, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sip_headers: Vec<CustomHeader>,
    /// Headers for calls between clients.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voip_headers: Vec<CustomHeader>,
}

/// A header of a [`CustomContext`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomHeader {
    /// Its name.
    pub key: String,
    /// What it says.
    pub value: String,
}

impl CustomContext {
    /// Whether it is within the limits.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        let user_to_user = self.user_to_user.as_deref().unwrap_or_default();
        !is_longer(user_to_user, MAX_USER_TO_USER_CHARS)
            && are_allowed(&self.sip_headers, MAX_SIP_HEADERS, MAX_USER_TO_USER_CHARS)
            && are_allowed(&self.voip_headers, MAX_VOIP_HEADERS, MAX_VOIP_HEADER_VALUE_CHARS)
    }
}

fn are_allowed(headers: &[CustomHeader], most: usize, longest_value: usize) -> bool {
    let allowed = |header: &CustomHeader| {
        !header.key.is_empty()
            && !is_longer(&header.key, MAX_HEADER_KEY_CHARS)
            && !is_longer(&header.value, longest_value)
    };
    headers.len() <= most && headers.iter().all(allowed)
}

fn is_longer(text: &str, chars: usize) -> bool {
    text.chars().nth(chars).is_some()
}
