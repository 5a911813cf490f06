//! See [`crate::fuzzing`].

use std::ops::Range;

use axum::{
    body::Body,
    http::{HeaderMap, Uri},
};
use openline_chat::MessageCursor;
use openline_protocol::Timestamp;

use super::{
    attachments::received,
    file_response::{Part, has_it, part},
    links,
    queries::{CursorQuery, SkipQuery},
};
use crate::domain::chat::attachments::Upload;

/// What the query of a list asks for.
#[derive(Debug, Default)]
pub struct ListQuery {
    /// Items left out, and items returned.
    pub page: Option<(u32, u32)>,
    /// Items returned of a list that goes on by a cursor.
    pub size: Option<u32>,
    /// From when on.
    pub start_time: Option<Timestamp>,
    /// Where it goes on.
    pub cursor: Option<MessageCursor>,
}

/// The query as lists of both kinds read it.
#[must_use]
pub fn list_query(uri: &Uri) -> ListQuery {
    let skip = axum::extract::Query::<SkipQuery>::try_from_uri(uri).ok();
    let cursor = axum::extract::Query::<CursorQuery>::try_from_uri(uri).ok();
    let page = skip.and_then(|query| query.page().ok());
    ListQuery {
        page: page.map(|page| (page.skip, page.size)),
        size: cursor.as_ref().and_then(|query| query.size().ok()),
        start_time: cursor
            .as_ref()
            .and_then(|query| query.start_time().ok().flatten()),
        cursor: cursor.and_then(|query| query.cursor(MessageCursor::decode).ok().flatten()),
    }
}

/// A path as it stands in links.
#[must_use]
pub fn encoded_path(path: &str) -> String {
    links::encoded_path(path)
}

/// The part of a file that a request asks for, `None` for nothing of it, and whether it has the file already.
#[must_use]
pub fn file_part(headers: &HeaderMap, entity_tag: &str, size_bytes: u64) -> (Option<Range<u64>>, bool) {
    let part = match part(headers, entity_tag, size_bytes) {
        Part::Whole => Some(0..size_bytes),
        Part::Range(range) => Some(range),
        Part::Nothing => None,
    };
    (part, has_it(headers, entity_tag))
}

/// What the headers of an upload say.
#[must_use]
pub fn upload(headers: &HeaderMap, name: Option<String>) -> Upload {
    received(headers, name, Body::empty())
}
