//! Thread ids.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openline_protocol::ThreadId;

/// Random bytes that a thread id is made of: it cannot be guessed.
pub const THREAD_ID_RANDOM_BYTES: usize = 32;

/// The id of a new thread: `19:<43 base64url characters>1@thread.v2`.
///
/// Besides `:` and `@` no character of it changes under percent coding. `random` comes from a
/// cryptographic generator.
#[must_use]
pub fn thread_id(random: [u8; THREAD_ID_RANDOM_BYTES]) -> ThreadId {
    ThreadId::new(format!("19:{}1@thread.v2", URL_SAFE_NO_PAD.encode(random)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_id_has_the_known_form(random in any::<[u8; THREAD_ID_RANDOM_BYTES]>()) {
            let id = thread_id(random).into_string();
            let middle = id.strip_prefix("19:").and_then(|id| id.strip_suffix("1@thread.v2"));
            let middle = middle.expect("prefix and suffix");
            prop_assert_eq!(middle.len(), 43);
            prop_assert!(middle.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        }
    }
}
