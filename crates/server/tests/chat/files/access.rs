//! Who may upload, read and delete a file.

use openline_server::config::Config;
use serde_json::json;

use super::request;
use crate::api::{Api, identifier, participant, string};

#[tokio::test]
async fn only_who_is_in_the_thread_uploads_and_reads() {
    let api = Api::new().await;
    let (ann, bob, eve) = (api.person().await, api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    api.upload(&eve, &thread, "x", b"x".to_vec())
        .await
        .is_error(403, "Forbidden");
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    api.send_files(&ann, &thread, &[&id]).await;
    assert_eq!(api.may_download(&bob, &thread, &id).await, 200);
    assert_eq!(api.may_download(&eve, &thread, &id).await, 403);
    // Through a thread of her own she does not get at it either.
    let own = api.thread(&eve, &[]).await;
    assert_eq!(api.may_download(&eve, &own, &id).await, 404);
    api.send_files(&eve, &own, &[&id])
        .await
        .is_error(400, "BadRequest");
    let path = format!("{own}/attachments/{id}");
    api.delete(&eve, &path).await.is_error(404, "NotFound");

    let mut nobody = request(
        &ann,
        axum::http::Method::GET,
        &format!("{thread}/attachments/{id}"),
    )
    .body(axum::body::Body::empty())
    .unwrap();
    nobody.headers_mut().remove("authorization");
    assert_eq!(api.fetch(nobody).await.status, 401);
    // A token in the address is none.
    let in_address = axum::http::Request::get(format!(
        "{thread}/attachments/{id}?api-version=2025-03-15&access_token={}",
        ann.token
    ))
    .body(axum::body::Body::empty())
    .unwrap();
    assert_eq!(api.fetch(in_address).await.status, 401);
}

#[tokio::test]
async fn an_upload_is_its_uploaders_alone_until_a_message_has_it() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    assert_eq!(api.may_download(&ann, &thread, &id).await, 200);
    assert_eq!(api.may_download(&bob, &thread, &id).await, 404);
    let path = format!("{thread}/attachments/{id}");
    api.delete(&bob, &path).await.is_error(404, "NotFound");
    api.send_files(&bob, &thread, &[&id])
        .await
        .is_error(400, "BadRequest");
    api.send_files(&ann, &thread, &[&id]).await;
    assert_eq!(api.may_download(&bob, &thread, &id).await, 200);
    api.delete(&bob, &path).await.is_error(403, "Forbidden");
}

#[tokio::test]
async fn who_is_removed_reads_no_more() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let id = api.uploaded(&bob, &thread, b"x".to_vec()).await;
    api.send_files(&bob, &thread, &[&id]).await;
    let remove = format!("{thread}/participants/:remove");
    api.post(&ann, &remove, identifier(&bob)).await.is_empty(204);
    assert_eq!(api.may_download(&bob, &thread, &id).await, 403);
    api.upload(&bob, &thread, "x", b"x".to_vec())
        .await
        .is_error(403, "Forbidden");
    assert_eq!(api.may_download(&ann, &thread, &id).await, 200);
}

#[tokio::test]
async fn who_is_removed_still_deletes_files_of_their_own_and_no_others() {
    let mut config = Config::default();
    config.chat.rate_limits.enabled = false;
    config.attachments.max_user_bytes = 2;
    let api = Api::with(config).await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let sent = api.uploaded(&bob, &thread, b"b".to_vec()).await;
    let message = api.send_files(&bob, &thread, &[&sent]).await.body;
    let unsent = api.uploaded(&bob, &thread, b"b".to_vec()).await;
    let of_ann = api.uploaded(&ann, &thread, b"a".to_vec()).await;
    api.send_files(&ann, &thread, &[&of_ann]).await;
    let remove = format!("{thread}/participants/:remove");
    api.post(&ann, &remove, identifier(&bob)).await.is_empty(204);

    let own = api.thread(&bob, &[]).await;
    api.upload(&bob, &own, "x", b"x".to_vec())
        .await
        .is_error(403, "QuotaExceeded");
    let eve = api.person().await;
    for (person, id) in [(&bob, &of_ann), (&eve, &sent)] {
        let path = format!("{thread}/attachments/{id}");
        api.delete(person, &path).await.is_error(403, "Forbidden");
    }
    for id in [&sent, &unsent] {
        let path = format!("{thread}/attachments/{id}");
        api.delete(&bob, &path).await.is_empty(204);
        // The thread is closed to him, so he is not told what is in it.
        api.delete(&bob, &path).await.is_error(403, "Forbidden");
    }
    api.uploaded(&bob, &own, b"bb".to_vec()).await;
    let path = format!("{thread}/messages/{}", string(&message["id"]));
    let left = api.get(&ann, &path).await.body;
    assert_eq!(left["content"], json!({"message": "see"}), "{left}");
    assert!(left["editedOn"].is_string());
    assert_eq!(api.may_download(&ann, &thread, &sent).await, 404);
    assert_eq!(api.may_download(&ann, &thread, &of_ann).await, 200);
}

#[tokio::test]
async fn a_file_of_a_message_from_before_is_not_there() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[]).await;
    let before = api.uploaded(&ann, &thread, b"before".to_vec()).await;
    api.send_files(&ann, &thread, &[&before]).await;
    api.clock.advance(std::time::Duration::from_secs(10));
    let mut added = participant(&bob);
    let now = openline_server::clock::Clock::now(&*api.clock);
    added["shareHistoryTime"] = json!(openline_server::domain::chat::iso_millis(now));
    let body = json!({"participants": [added]});
    let added = api.post(&ann, &format!("{thread}/participants/:add"), body).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let after = api.uploaded(&ann, &thread, b"after".to_vec()).await;
    api.send_files(&ann, &thread, &[&after]).await;
    assert_eq!(api.may_download(&bob, &thread, &before).await, 404);
    assert_eq!(api.may_download(&bob, &thread, &after).await, 200);
    assert_eq!(api.may_download(&ann, &thread, &before).await, 200);
}

#[tokio::test]
async fn a_token_without_the_scope_does_nothing() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let caller = api.token_with(&ann, "voip").await;
    api.upload(&caller, &thread, "x", b"x".to_vec())
        .await
        .is_error(403, "Forbidden");
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    assert_eq!(api.may_download(&caller, &thread, &id).await, 403);
    let guest = api.token_with(&ann, "chat.join.limited").await;
    let answer = api.upload(&guest, &thread, "x", b"x".to_vec()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(
        api.may_download(&guest, &thread, string(&answer.body["id"]))
            .await,
        200
    );
}
