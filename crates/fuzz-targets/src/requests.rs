//! Addresses of requests: paths, versions, queries and what pages are named by.

use openline_chat::{MessageCursor, SearchCursor, ThreadCursor, limits::MAX_PAGE_SIZE};
use openline_server::{
    domain::chat::{iso_millis, parse_iso},
    fuzzing::{api_version, encoded_path, list_query, tidied},
    http::CHAT_API_VERSIONS,
};

use crate::lines;

/// The target of a request.
pub fn request_target(data: &[u8]) {
    let Some(target) = lines(data).next() else { return };
    let Ok(request) = axum::extract::Request::get(target).body(axum::body::Body::empty()) else {
        return;
    };
    let request = tidied(request);
    let path = request.uri().path().to_owned();
    assert!(!path.contains("//"), "{path}");
    assert!(matches!(
        api_version(&request, CHAT_API_VERSIONS),
        None | Some(400)
    ));
    let link = encoded_path(&path);
    assert_eq!(encoded_path(&link), link);
    assert!(link.is_ascii());
    let query = list_query(request.uri());
    for size in [query.page.map(|(_, size)| size), query.size]
        .into_iter()
        .flatten()
    {
        assert!((1..=MAX_PAGE_SIZE).contains(&size));
    }
    if let Some(cursor) = query.cursor {
        assert_eq!(MessageCursor::decode(&cursor.encode()), Ok(cursor));
    }
}

/// A cursor of any list, or a time.
pub fn page_tokens(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let messages = MessageCursor::decode(text).ok();
    let threads = ThreadCursor::decode(text).ok();
    let search = SearchCursor::decode(text).ok();
    let lists = [messages.is_some(), threads.is_some(), search.is_some()];
    assert!(lists.into_iter().filter(|reads| *reads).count() <= 1);
    assert!(messages.is_none_or(|cursor| cursor.encode() == text));
    assert!(threads.is_none_or(|cursor| cursor.encode() == text));
    assert!(search.is_none_or(|cursor| cursor.encode() == text));
    if let Some(time) = parse_iso(text) {
        assert_eq!(parse_iso(&iso_millis(time)), Some(time), "{text}");
    }
}
