//! See [`crate::fuzzing`].

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use axum::{
    extract::Request,
    http::{Uri, request::Parts},
    response::IntoResponse as _,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use openline_protocol::Timestamp;
use serde::de::DeserializeOwned;

pub use super::chat::fuzzing::{ListQuery, encoded_path, file_part, list_query, upload};
use super::{api_version as versions, hmac, json, normalise::normalise, signed::Claim};

/// A JSON body as every request with one is read.
#[must_use]
pub fn read_body<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    json::parse(body).ok()
}

/// The request with its path as it is routed.
#[must_use]
pub fn tidied(request: Request) -> Request {
    normalise(request)
}

/// The status of the refusal, where the request names no version that is served.
#[must_use]
pub fn api_version(request: &Request, supported: &[&str]) -> Option<u16> {
    let refused = versions::check(request, supported).err()?;
    Some(refused.into_response().status().as_u16())
}

/// What a signed request may have signed.
#[derive(Debug)]
pub struct SignedTexts {
    /// Each form.
    pub texts: Vec<Vec<u8>>,
    /// Whether the request was made about now.
    pub timely: bool,
    signature: String,
}

impl SignedTexts {
    /// Whether the key made the signature of the request, or `signature` in its place.
    #[must_use]
    pub fn are_signed_by(&self, key: &[u8], signature: Option<&str>) -> bool {
        let signature = signature.unwrap_or(&self.signature);
        hmac::verify([&Key::new(HMAC_SHA256, key)], &self.texts, signature)
    }

    /// The signature that the key makes.
    #[must_use]
    pub fn sign(key: &[u8], text: &[u8]) -> String {
        BASE64_STANDARD.encode(sign(&Key::new(HMAC_SHA256, key), text))
    }
}

/// What a request that went through [`tidied`] says of its signature.
#[must_use]
pub fn signed_texts(parts: &Parts, public_endpoint: &Uri, now: Timestamp) -> Option<SignedTexts> {
    let claim = Claim::read(parts)?;
    Some(SignedTexts {
        texts: claim.texts(parts, &public_endpoint.to_string()),
        timely: claim.check_date(now).is_ok(),
        signature: claim.signature.to_owned(),
    })
}
