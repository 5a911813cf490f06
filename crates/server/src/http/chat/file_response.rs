//! Answers that are files: what a browser may do with them, parts, and what it has already.

use std::ops::Range;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, response::Builder},
    response::{IntoResponse as _, Response},
};
use http_range_header::{EndPosition, StartPosition, parse_range_header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    domain::chat::attachments::{AttachmentFile, Attachments},
    http::ApiError,
};

/// What is encoded in `filename*`: everything but the `attr-char`s of RFC 8187 that matter.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What of a file is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Range(Range<u64>),
    /// Beyond its end.
    Nothing,
}

/// Answers a request for a file that may be read.
pub(super) async fn respond(
    attachments: &Attachments,
    file: &AttachmentFile,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let response = described(file);
    if has_it(headers, &file.entity_tag) {
        return finish(response.status(StatusCode::NOT_MODIFIED), Body::empty());
    }
    let response = response
        .header(header::CONTENT_TYPE, &file.content_type)
        .header(header::CONTENT_DISPOSITION, disposition(file));
    let (response, range, length) = match part(headers, &file.entity_tag, file.size_bytes) {
        Part::Whole => (response, None, file.size_bytes),
        Part::Range(range) => {
            let length = range.end - range.start;
            let named = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size_bytes);
            let response = response
                .status(StatusCode::PARTIAL_CONTENT)
                .header(header::CONTENT_RANGE, named);
            (response, Some(range), length)
        }
        Part::Nothing => return Ok(beyond_the_end(file)),
    };
    let response = response.header(header::CONTENT_LENGTH, length);
    if method == Method::HEAD {
        return finish(response, Body::empty());
    }
    let pieces = attachments.read_file(file, range).await?;
    finish(response, Body::from_stream(pieces))
}

/// What each answer says of a file. A browser that has it asks again each time, since whoever is removed from a
/// thread sees it no longer, and runs nothing in it.
fn described(file: &AttachmentFile) -> Builder {
    Response::builder()
        .header(header::ETAG, &file.entity_tag)
        .header(header::CACHE_CONTROL, "private, no-cache")
        .header(header::VARY, "Authorization")
        .header(header::ACCEPT_RANGES, "bytes")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'; frame-ancestors 'none'",
        )
}

fn finish(response: Builder, body: Body) -> Result<Response, ApiError> {
    response.body(body).map_err(|error| {
        tracing::error!(%error, "an answer cannot be made");
        ApiError::internal()
    })
}

fn beyond_the_end(file: &AttachmentFile) -> Response {
    let message = "The file ends before the range begins.";
    let error = ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message);
    let mut response = error.into_response();
    if let Ok(size) = HeaderValue::from_str(&format!("bytes */{}", file.size_bytes)) {
        response.headers_mut().insert(header::CONTENT_RANGE, size);
    }
    response
}

/// Only what was read as an image is shown; everything else is saved.
fn disposition(file: &AttachmentFile) -> String {
    let kind = if file.is_image { "inline" } else { "attachment" };
    match &file.name {
        Some(name) => format!(
            "{kind}; filename*=UTF-8''{}",
            utf8_percent_encode(name, &RESERVED)
        ),
        None => kind.to_owned(),
    }
}

pub(super) fn has_it(headers: &HeaderMap, entity_tag: &str) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',').any(|tag| {
                let tag = tag.trim();
                tag == "*" || tag.trim_start_matches("W/") == entity_tag
            })
        })
}

/// One range is answered; several, and what is no range, get the whole file, as RFC 9110 allows.
pub(super) fn part(headers: &HeaderMap, entity_tag: &str, size_bytes: u64) -> Part {
    let other_version = headers
        .get(header::IF_RANGE)
        .is_some_and(|version| version.as_bytes() != entity_tag.as_bytes());
    let range = headers
        .get(header::RANGE)
        .filter(|_| !other_version)
        .and_then(|range| range.to_str().ok())
        .and_then(|range| parse_range_header(range).ok());
    match range.as_ref().map(|range| range.ranges.as_slice()) {
        Some([range]) => resolve(range.start, range.end, size_bytes),
        _ => Part::Whole,
    }
}

fn resolve(start: StartPosition, end: EndPosition, size: u64) -> Part {
    let range = match (start, end) {
        (StartPosition::FromLast(count), _) => size.saturating_sub(count)..size,
        (StartPosition::Index(first), EndPosition::LastByte) => first..size,
        // The other way round is no range.
        (StartPosition::Index(first), EndPosition::Index(last)) if last < first => return Part::Whole,
        (StartPosition::Index(first), EndPosition::Index(last)) => first..last.saturating_add(1).min(size),
    };
    if range.start < range.end {
        Part::Range(range)
    } else {
        Part::Nothing
    }
}
