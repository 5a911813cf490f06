//! What is left over is erased, from the disk too.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::Method,
};
use futures::StreamExt as _;
use openline_server::config::Config;
use serde_json::json;

use super::{Store, request, small_png};
use crate::api::string;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn with_a_message_go_its_files(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let image = api.upload(&ann, &thread, "i.png", small_png()).await.body;
    let kept = api.uploaded(&ann, &thread, b"kept".to_vec()).await;
    let sent = api.send_files(&ann, &thread, &[string(&image["id"])]).await.body;
    api.send_files(&ann, &thread, &[&kept]).await;
    assert_eq!(api.stored().len(), 3, "two files and a preview");
    let path = format!("{thread}/messages/{}", string(&sent["id"]));
    api.delete(&ann, &path).await.is_empty(204);
    assert_eq!(
        api.may_download(&ann, &thread, string(&image["id"])).await,
        404,
        "at once"
    );
    api.clean_up().await;
    assert_eq!(api.stored().len(), 1);
    assert_eq!(api.may_download(&ann, &thread, &kept).await, 200);
}

pub(super) async fn with_a_thread_go_all_its_files(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let (thread, other) = (api.thread(&ann, &[]).await, api.thread(&ann, &[]).await);
    for _ in 0..3 {
        let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
        api.send_files(&ann, &thread, &[&id]).await;
    }
    api.uploaded(&ann, &thread, b"unattached".to_vec()).await;
    let kept = api.uploaded(&ann, &other, b"x".to_vec()).await;
    api.send_files(&ann, &other, &[&kept]).await;
    api.delete(&ann, &thread).await.is_empty(204);
    api.clean_up().await;
    assert_eq!(api.stored().len(), 1);
    assert_eq!(api.may_download(&ann, &other, &kept).await, 200);
}

pub(super) async fn with_a_thread_that_its_policy_ends_go_all_its_files(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let policy = json!({"kind": "threadCreationDate", "deleteThreadAfterDays": 30});
    api.patch(&ann, &thread, json!({"retentionPolicy": policy}))
        .await
        .is_empty(204);
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    api.send_files(&ann, &thread, &[&id]).await;
    api.clock.advance(DAY * 30 - Duration::from_secs(1));
    api.keep_house().await;
    api.clean_up().await;
    assert_eq!(api.stored().len(), 1);
    api.clock.advance(Duration::from_secs(1));
    api.keep_house().await;
    api.clean_up().await;
    assert!(api.stored().is_empty());
}

pub(super) async fn an_upload_that_no_message_takes_up_expires(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let lost = api.uploaded(&ann, &thread, b"lost".to_vec()).await;
    let kept = api.uploaded(&ann, &thread, b"kept".to_vec()).await;
    api.send_files(&ann, &thread, &[&kept]).await;
    api.clock.advance(DAY - Duration::from_secs(1));
    api.clean_up().await;
    assert_eq!(api.may_download(&ann, &thread, &lost).await, 200);
    api.clock.advance(Duration::from_secs(2));
    api.clean_up().await;
    let ann = api.token_with(&ann, "chat").await;
    assert_eq!(api.may_download(&ann, &thread, &lost).await, 404);
    assert_eq!(api.stored().len(), 1);
    api.send_files(&ann, &thread, &[&lost])
        .await
        .is_error(400, "BadRequest");
}

pub(super) async fn an_upload_that_breaks_off_leaves_nothing(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let pieces = futures::stream::iter(vec![
        Ok(Bytes::from(vec![1; 1_000_000])),
        Ok(Bytes::from(vec![2; 1_000_000])),
        Err(std::io::Error::other("the line broke")),
    ]);
    let broken = request(&ann, Method::POST, &format!("{thread}/attachments"))
        .body(Body::from_stream(pieces))
        .unwrap();
    api.send(broken).await.is_error(400, "BadRequest");
    assert!(api.stored().is_empty());

    // A client that goes away: its request is dropped in the middle.
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let mut begun = Some(begun);
    let pieces = futures::stream::iter([1, 2])
        .map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![1; 1_000_000])))
        .chain(futures::stream::poll_fn(move |_| {
            if let Some(begun) = begun.take() {
                begun.send(()).unwrap();
            }
            std::task::Poll::Pending
        }));
    let gone = request(&ann, Method::POST, &format!("{thread}/attachments"))
        .body(Body::from_stream(pieces))
        .unwrap();
    tokio::select! {
        _ = api.send(gone) => panic!("the body never ends"),
        begun = has_begun => begun.unwrap(),
    }
    assert!(api.stored().is_empty());
    api.uploaded(&ann, &thread, b"and the next one works".to_vec())
        .await;
}

pub(super) async fn an_object_without_a_row_is_erased_when_its_note_is_due(store: Store) {
    let mut config = Config::default();
    config.attachments.max_user_bytes = 10;
    let api = store.api_with(config).await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    // Without a length nobody knows before it is there that it is too much.
    let pieces = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"eleven bytes"))]);
    let refused = request(&ann, Method::POST, &format!("{thread}/attachments"))
        .body(Body::from_stream(pieces))
        .unwrap();
    api.send(refused).await.is_error(403, "QuotaExceeded");
    api.clock.advance(DAY * 2);
    api.clean_up().await;
    assert!(api.stored().is_empty());
}

pub(super) async fn what_somebody_sent_stays_with_its_thread_when_the_identity_is_deleted_and_the_rest_goes(
    store: Store,
) {
    let api = store.api().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let sent = api.uploaded(&ann, &thread, b"sent".to_vec()).await;
    api.send_files(&ann, &thread, &[&sent]).await;
    let unsent = api.uploaded(&ann, &thread, b"unsent".to_vec()).await;
    api.delete_identity(&ann).await;
    assert_eq!(api.may_download(&ann, &thread, &unsent).await, 401);
    api.clock.advance(DAY + Duration::from_secs(1));
    api.clean_up().await;
    assert_eq!(api.stored().len(), 1);
    let bob = api.token_with(&bob, "chat").await;
    assert_eq!(api.may_download(&bob, &thread, &sent).await, 200);
    api.delete(&bob, &thread).await.is_empty(204);
    api.clean_up().await;
    assert!(api.stored().is_empty());
}

pub(super) async fn files_of_a_resource_that_is_gone_go_with_it(store: Store) {
    let api = store.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    let sent = api
        .post(
            &ann,
            &format!("{thread}/messages"),
            json!({"content": "x", "attachments": [{"id": id}]}),
        )
        .await;
    assert_eq!(sent.status, 201);
    // What no use case does yet: rows that go by a cascade of the database.
    let database = sqlx::SqlitePool::connect(&format!(
        "sqlite:{}",
        api.directory.path().join("test.db").display()
    ))
    .await
    .unwrap();
    sqlx::query("PRAGMA foreign_keys = ON")
        .execute(&database)
        .await
        .unwrap();
    sqlx::query("DELETE FROM chat_threads")
        .execute(&database)
        .await
        .unwrap();
    database.close().await;
    api.clean_up().await;
    assert!(api.stored().is_empty());
}
