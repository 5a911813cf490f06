//! Signed requests of the control plane.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Uri},
};
use openline_protocol::Timestamp;
use openline_server::fuzzing::{SignedTexts, signed_texts, tidied};

use crate::lines;

const KEY: &[u8] = b"key";

/// The headers that the lines after the first two stand for.
const HEADERS: [&str; 5] = [
    "host",
    "x-ms-date",
    "x-ms-content-sha256",
    "authorization",
    "x-forwarded-host",
];

/// Lines of a method, a target and headers.
pub fn signed_request(data: &[u8]) {
    let mut lines = lines(data);
    let (Some(method), Some(target)) = (lines.next(), lines.next()) else {
        return;
    };
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in HEADERS.into_iter().zip(lines) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            request = request.header(name, value);
        }
    }
    let Ok(request) = request.body(Body::empty()) else {
        return;
    };
    let (mut parts, _) = tidied(request).into_parts();
    let Some(texts) = texts(&parts) else { return };
    assert!(
        !texts.are_signed_by(KEY, None),
        "a signature is taken that nobody made"
    );
    for text in &texts.texts {
        assert!(texts.are_signed_by(KEY, Some(&SignedTexts::sign(KEY, text))));
    }
    // What was signed was this method's, and no other key's.
    let signature = SignedTexts::sign(KEY, &texts.texts[0]);
    assert!(!texts.are_signed_by(b"another key", Some(&signature)));
    parts.method = axum::http::Method::from_bytes(b"OTHER").expect("a method");
    let other = self::texts(&parts).expect("the rest is as it was");
    assert_eq!(other.are_signed_by(KEY, Some(&signature)), method == "OTHER");
}

fn texts(parts: &axum::http::request::Parts) -> Option<SignedTexts> {
    let public = Uri::from_static("https://localhost:8443/");
    signed_texts(parts, &public, Timestamp::from_millis(1_795_248_000_123))
}
