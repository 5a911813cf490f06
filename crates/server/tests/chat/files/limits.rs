//! Limits: size, kind, rate, and how much a user keeps.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::Method,
};
use openline_server::config::Config;

use super::{Store, request};
use crate::api::{Api, string};

async fn api_with(store: Store, set: impl FnOnce(&mut openline_server::config::AttachmentsConfig)) -> Api {
    let mut config = Config::default();
    set(&mut config.attachments);
    store.api_with(config).await
}

pub(super) async fn a_file_over_the_limit_is_refused_whether_or_not_it_says_so(store: Store) {
    let api = api_with(store, |config| config.max_file_bytes = 1000).await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    api.uploaded(&ann, &thread, vec![1; 1000]).await;
    api.upload(&ann, &thread, "x", vec![1; 1001])
        .await
        .is_error(413, "RequestEntityTooLarge");
    // One that never ends is not read to its end.
    let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![1; 300])));
    let endless = request(&ann, Method::POST, &format!("{thread}/attachments"))
        .body(Body::from_stream(endless))
        .unwrap();
    api.send(endless).await.is_error(413, "RequestEntityTooLarge");
    assert_eq!(api.stored().len(), 1);
}

pub(super) async fn nobody_uploads_where_the_limit_is_nothing(store: Store) {
    let api = api_with(store, |config| config.max_file_bytes = 0).await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    api.upload(&ann, &thread, "x", vec![1])
        .await
        .is_error(413, "RequestEntityTooLarge");
}

pub(super) async fn only_the_kinds_that_are_allowed_are_stored(store: Store) {
    let api = api_with(store, |config| {
        config.allowed_types = vec!["image/*".into(), "application/pdf".into()]
    })
    .await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    api.upload(&ann, &thread, "x.txt", b"x".to_vec())
        .await
        .is_error(415, "UnsupportedMediaType");
    // What calls itself an image is one or is not.
    let lie = request(&ann, Method::POST, &format!("{thread}/attachments"))
        .header("content-type", "image/png")
        .body(Body::from("x"))
        .unwrap();
    api.send(lie).await.is_error(415, "UnsupportedMediaType");
    let pdf = request(&ann, Method::POST, &format!("{thread}/attachments"))
        .header("content-type", "application/pdf")
        .body(Body::from("%PDF-1.7"))
        .unwrap();
    assert_eq!(api.send(pdf).await.status, 201);
    let image = api.upload(&ann, &thread, "x.png", super::small_png()).await;
    assert_eq!(image.status, 201);
}

pub(super) async fn a_user_keeps_so_much_and_what_is_deleted_is_free_again(store: Store) {
    let api = api_with(store, |config| config.max_user_bytes = 100).await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let first = api.uploaded(&ann, &thread, vec![1; 60]).await;
    api.upload(&ann, &thread, "x", vec![1; 41])
        .await
        .is_error(403, "QuotaExceeded");
    api.uploaded(&bob, &thread, vec![1; 100]).await;
    api.uploaded(&ann, &thread, vec![1; 40]).await;
    let sent = api.send_files(&ann, &thread, &[&first]).await.body;
    let path = format!("{thread}/messages/{}", string(&sent["id"]));
    api.delete(&ann, &path).await.is_empty(204);
    api.uploaded(&ann, &thread, vec![1; 60]).await;
}

pub(super) async fn a_user_uploads_so_often(store: Store) {
    let api = api_with(store, |config| config.uploads_per_minute = 2).await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    api.uploaded(&ann, &thread, b"x".to_vec()).await;
    api.uploaded(&ann, &thread, b"x".to_vec()).await;
    let refused = api.upload(&ann, &thread, "x", b"x".to_vec()).await;
    refused.is_error(429, "TooManyRequests");
    assert_eq!(refused.headers["retry-after"], "60");
    api.uploaded(&bob, &thread, b"x".to_vec()).await;
    api.clock.advance(Duration::from_secs(60));
    api.uploaded(&ann, &thread, b"x".to_vec()).await;
}

pub(super) async fn many_uploads_at_once_all_get_their_turn(store: Store) {
    let api = api_with(store, |config| {
        config.max_concurrent_uploads = 2;
        config.uploads_per_minute = 0;
    })
    .await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let uploads = (0..20).map(|_| api.uploaded(&ann, &thread, super::small_png()));
    let mut ids = futures::future::join_all(uploads).await;
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}
