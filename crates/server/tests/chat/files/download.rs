//! Parts of a file, and what a browser has already.

use axum::{body::Body, http::Method};

use super::{Bytes, Store, request};
use crate::api::{Api, Person};

async fn get(api: &Api, person: &Person, path: &str, headers: &[(&str, &str)]) -> Bytes {
    let mut request = request(person, Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    api.fetch(request.body(Body::empty()).unwrap()).await
}

pub(super) async fn a_range_is_answered_with_that_part(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.uploaded(&ann, &thread, b"0123456789".to_vec()).await;
    let path = format!("{thread}/attachments/{id}");
    for (range, expected, named) in [
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
        ("bytes=8-99999999999999999999", "", ""),
        ("bytes=8-9999", "89", "bytes 8-9/10"),
    ] {
        let part = get(&api, &ann, &path, &[("range", range)]).await;
        if named.is_empty() {
            // No number: no range.
            assert_eq!(part.status, 200, "{range}");
            continue;
        }
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.body, expected.as_bytes(), "{range}");
        assert_eq!(part.header("content-range"), named, "{range}");
        assert_eq!(part.header("content-length"), expected.len().to_string());
    }
    for whole in ["bytes=0-1,4-5", "bytes=5-2", "lines=1-2", "bytes=", "nonsense"] {
        let file = get(&api, &ann, &path, &[("range", whole)]).await;
        assert_eq!((file.status.as_u16(), file.body.len()), (200, 10), "{whole}");
    }
    for beyond in ["bytes=10-", "bytes=10-20", "bytes=18446744073709551615-"] {
        let refused = get(&api, &ann, &path, &[("range", beyond)]).await;
        assert_eq!(refused.status, 416, "{beyond}");
        assert_eq!(refused.header("content-range"), "bytes */10");
    }
    let tag = format!("\"{id}\"");
    let part = get(&api, &ann, &path, &[("range", "bytes=1-2"), ("if-range", &tag)]).await;
    assert_eq!(part.status, 206);
    let whole = get(
        &api,
        &ann,
        &path,
        &[("range", "bytes=1-2"), ("if-range", "\"x\"")],
    )
    .await;
    assert_eq!(whole.status, 200);
}

pub(super) async fn what_a_browser_has_is_not_sent_again_but_access_is_checked_again(store: Store) {
    let api = store.api().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    api.send_files(&ann, &thread, &[&id]).await;
    let path = format!("{thread}/attachments/{id}");
    let first = get(&api, &bob, &path, &[]).await;
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert_eq!(first.header("accept-ranges"), "bytes");
    let tag = first.header("etag").to_owned();
    for tags in [tag.as_str(), "*", &format!("\"y\", W/{tag}")] {
        let again = get(&api, &bob, &path, &[("if-none-match", tags)]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{tags}");
        assert_eq!(again.header("etag"), tag);
    }
    let other = get(&api, &bob, &path, &[("if-none-match", "\"y\"")]).await;
    assert_eq!(other.status, 200);

    let remove = format!("{thread}/participants/:remove");
    api.post(&ann, &remove, crate::api::identifier(&bob))
        .await
        .is_empty(204);
    let gone = get(&api, &bob, &path, &[("if-none-match", &tag)]).await;
    assert_eq!(gone.status, 403);
}

pub(super) async fn head_tells_of_a_file_without_sending_it(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.uploaded(&ann, &thread, b"0123456789".to_vec()).await;
    let path = format!("{thread}/attachments/{id}");
    let head = request(&ann, Method::HEAD, &path).body(Body::empty()).unwrap();
    let head = api.fetch(head).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), "10");
}
