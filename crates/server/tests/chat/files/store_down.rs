//! What happens while S3 does not answer: files have to wait, chat goes on, and nothing stays behind.

use std::time::Duration;

use openline_server::{config::S3Config, storage::objects::Objects};

use super::{Store, small_png};
use crate::{
    api::{Answer, Api, Person, string},
    s3::S3Server,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// More than two parts.
fn large() -> Vec<u8> {
    (0..12_000_000_u32)
        .map(|n| n.to_le_bytes()[n as usize % 4])
        .collect()
}

#[track_caller]
fn is_unavailable(answer: &Answer) {
    answer.is_error(503, "ServiceUnavailable");
    assert!(answer.headers.contains_key("retry-after"));
}

/// What is not tied to a message expires.
async fn expire(api: &Api, person: &Person) -> Person {
    api.clock.advance(DAY + Duration::from_secs(1));
    api.clean_up().await;
    api.token_with(person, "chat").await
}

#[tokio::test]
async fn while_the_store_is_down_chat_goes_on_and_what_was_stored_is_there_afterwards() {
    let api = Store::S3.api().await;
    let s3 = api.s3.as_ref().unwrap();
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let kept = api.uploaded(&ann, &thread, b"kept".to_vec()).await;
    api.send_files(&ann, &thread, &[&kept]).await;
    let erased = api.uploaded(&ann, &thread, b"erased".to_vec()).await;
    let sent = api.send_files(&ann, &thread, &[&erased]).await.body;

    s3.go_down();
    is_unavailable(&api.upload(&ann, &thread, "x", b"x".to_vec()).await);
    is_unavailable(&api.upload(&ann, &thread, "x.png", small_png()).await);
    is_unavailable(&api.get(&ann, &format!("{thread}/attachments/{kept}")).await);
    api.message(&ann, &thread, "still here").await;
    let path = format!("{thread}/messages/{}", string(&sent["id"]));
    api.delete(&ann, &path).await.is_empty(204);
    assert_eq!(api.may_download(&ann, &thread, &erased).await, 404);
    assert!(api.state.attachments.clean_up().await.is_err());
    assert_eq!(api.stored().len(), 2);

    s3.come_back();
    let file = api.download(&ann, &format!("{thread}/attachments/{kept}")).await;
    assert_eq!((file.status.as_u16(), file.body), (200, b"kept".to_vec()));
    api.uploaded(&ann, &thread, b"and on it goes".to_vec()).await;
    let ann = expire(&api, &ann).await;
    assert_eq!(api.stored().len(), 1);
    assert_eq!(api.may_download(&ann, &thread, &kept).await, 200);
}

#[tokio::test]
async fn an_upload_is_acknowledged_whole_or_leaves_nothing_whichever_request_the_store_did_not_answer() {
    let api = Store::S3.api().await;
    let s3 = api.s3.as_ref().unwrap();
    let mut ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let bytes = large();
    // It begins, it gets its three parts, it is completed.
    for answered in 0..5 {
        s3.go_down_after(answered);
        is_unavailable(&api.upload(&ann, &thread, "x", bytes.clone()).await);
        s3.come_back();
        assert!(api.stored().is_empty(), "after {answered}");
        ann = expire(&api, &ann).await;
        assert!(s3.unfinished().is_empty(), "after {answered}");
    }
    s3.go_down_after(5);
    let id = api.uploaded(&ann, &thread, bytes.clone()).await;
    s3.come_back();
    let file = api.download(&ann, &format!("{thread}/attachments/{id}")).await;
    assert!(file.body == bytes);
    assert!(s3.unfinished().is_empty());
}

#[tokio::test]
async fn parts_of_an_upload_are_erased_once_the_store_answers_by_a_server_that_was_started_since() {
    let mut api = Store::S3.api().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let s3 = api.s3.as_ref().unwrap();
    s3.go_down_after(2);
    is_unavailable(&api.upload(&ann, &thread, "x", large()).await);
    api.clock.advance(DAY + Duration::from_secs(1));
    drop(api.state.attachments.clean_up().await);
    assert!(!s3.unfinished().is_empty(), "it is down");
    s3.come_back();
    api.restart().await;
    api.clean_up().await;
    assert!(!api.s3.as_ref().unwrap().unfinished().is_empty(), "not yet again");
    api.clock.advance(Duration::from_secs(600));
    api.clean_up().await;
    assert!(api.s3.as_ref().unwrap().unfinished().is_empty());
}

#[tokio::test]
async fn a_key_without_the_right_to_list_will_do_and_one_of_somebody_else_will_not() {
    let directory = tempfile::tempdir().unwrap();
    let s3 = S3Server::start().await;
    let objects = |config: &S3Config| Objects::in_s3(config, directory.path()).unwrap();
    objects(&s3.config()).check().await.unwrap();
    assert!(
        std::fs::read_dir(s3.objects()).unwrap().next().is_none(),
        "nothing stays"
    );
    let forged = S3Config {
        secret_access_key: Some(serde_json::from_value("another".into()).unwrap()),
        ..s3.config()
    };
    objects(&forged).check().await.unwrap_err();
    s3.go_down();
    objects(&s3.config()).check().await.unwrap_err();
}

#[tokio::test]
async fn an_image_without_its_preview_is_not_acknowledged_and_goes() {
    let api = Store::S3.api().await;
    let s3 = api.s3.as_ref().unwrap();
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    s3.go_down_after(1);
    is_unavailable(&api.upload(&ann, &thread, "x.png", small_png()).await);
    s3.come_back();
    assert_eq!(api.stored().len(), 1);
    let ann = expire(&api, &ann).await;
    assert!(api.stored().is_empty());
    let body = api.upload(&ann, &thread, "x.png", small_png()).await.body;
    let preview = format!("{thread}/images/{}/view/small", string(&body["id"]));
    assert_eq!(api.download(&ann, &preview).await.status, 200);
}

#[tokio::test]
async fn what_could_not_be_erased_is_erased_later() {
    let api = Store::S3.api().await;
    let s3 = api.s3.as_ref().unwrap();
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    for _ in 0..3 {
        let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
        api.send_files(&ann, &thread, &[&id]).await;
    }
    api.delete(&ann, &thread).await.is_empty(204);
    s3.go_down();
    for _ in 0..4 {
        drop(api.state.attachments.clean_up().await);
    }
    assert_eq!(api.stored().len(), 3);
    s3.come_back();
    api.clock.advance(DAY);
    api.clean_up().await;
    assert!(api.stored().is_empty());
}
