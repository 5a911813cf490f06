//! Requests signed with an access key, as clients sign them.

use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, prelude::BASE64_STANDARD};

/// What to sign, and how.
#[derive(Debug, Clone)]
pub(crate) struct Signature<'a> {
    /// The access key, base64.
    pub(crate) key: &'a str,
    /// The method.
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    /// The host that the client believes it talks to.
    pub(crate) host: &'a str,
    /// `Sat, 21 Nov 2026 07:22:05 GMT`.
    pub(crate) date: &'a str,
    /// The body.
    pub(crate) body: &'a [u8],
}

impl Signature<'_> {
    /// The headers that a client adds.
    pub(crate) fn headers(&self) -> [(&'static str, String); 3] {
        let hash = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, self.body));
        let text = format!(
            "{}\n{}\n{};{};{hash}",
            self.method, self.target, self.date, self.host
        );
        let key = hmac::Key::new(hmac::HMAC_SHA256, &BASE64_STANDARD.decode(self.key).unwrap());
        let signature = BASE64_STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        let authorization =
            format!("HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}");
        [
            ("x-ms-date", self.date.to_owned()),
            ("x-ms-content-sha256", hash),
            ("authorization", authorization),
        ]
    }
}
