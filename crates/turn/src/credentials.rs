//! Ephemeral credentials, in the form of the TURN REST API: the server checks them with its secret alone, so that
//! nothing is stored for them, and another server that has the secret takes them, too.

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use openline_protocol::Timestamp;

/// The longest username taken, in bytes.
const MAX_USERNAME_BYTES: usize = 128;

/// The secret that credentials are made with.
#[derive(Clone)]
pub struct Secret(hmac::Key);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// What a client shows a TURN server. Secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `<unix expiry>:<id>`.
    pub username: String,
    /// `base64(HMAC-SHA1(secret, username))`.
    pub credential: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials")
    }
}

impl Secret {
    /// A secret. Whatever bytes coturn has as its `static-auth-secret` make credentials that it takes.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret))
    }

    /// Credentials for `id`, good until `expires_on`. `id` has no colon and at most 96 bytes.
    #[must_use]
    pub fn issue(&self, id: &str, expires_on: Timestamp) -> Credentials {
        let username = format!("{}:{id}", expires_on.as_secs());
        Credentials {
            credential: self.credential(&username),
            username,
        }
    }

    /// The credential that belongs to a username.
    #[must_use]
    pub fn credential(&self, username: &str) -> String {
        BASE64_STANDARD.encode(hmac::sign(&self.0, username.as_bytes()))
    }
}

/// What a username says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Username<'a> {
    /// The second in which it expires, since 1970.
    pub expires_on_s: u64,
    /// Whose it is.
    pub id: &'a str,
}

impl<'a> Username<'a> {
    /// Reads a username; `None` if it is none of ours.
    #[must_use]
    pub fn parse(username: &'a str) -> Option<Self> {
        if username.len() > MAX_USERNAME_BYTES {
            return None;
        }
        let (expires_on, id) = username.split_once(':')?;
        // `u64::from_str` also takes a sign.
        if id.is_empty() || !expires_on.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self {
            expires_on_s: expires_on.parse().ok()?,
            id,
        })
    }

    /// Whether it has expired.
    #[must_use]
    pub const fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_on_s <= now.as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_what_coturn_computes() {
        // echo -n '1800000000:alice' | openssl dgst -binary -sha1 -hmac 'north' | base64
        let credentials = Secret::new(b"north").issue("alice", Timestamp::from_millis(1_800_000_000_999));
        assert_eq!(credentials.username, "1800000000:alice");
        assert_eq!(credentials.credential, "sIm7pn/teO7y3AyXGeXl/xAQR6Q=");
    }

    #[test]
    fn a_username_says_when_it_expires_and_whose_it_is() {
        let username = Username::parse("1800000000:a:b").unwrap();
        assert_eq!((username.expires_on_s, username.id), (1_800_000_000, "a:b"));
        assert!(!username.has_expired(Timestamp::from_millis(1_799_999_999_999)));
        assert!(username.has_expired(Timestamp::from_millis(1_800_000_000_000)));
        for foreign in [
            "",
            "alice",
            "alice:1",
            "+1:a",
            "-1:a",
            "1:",
            ":a",
            "99999999999999999999:a",
        ] {
            assert_eq!(Username::parse(foreign), None, "{foreign}");
        }
        assert_eq!(Username::parse(&format!("1:{}", "a".repeat(128))), None);
    }
}
