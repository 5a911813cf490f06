//! Messages with files: what REST and events say of them.

use serde_json::{Value, json};

use super::small_png;
use crate::{
    api::{Answer, Api, Person, string},
    world::waiting,
};

async fn message(api: &Api, person: &Person, thread: &str, id: &Value) -> Value {
    let path = format!("{thread}/messages/{}", string(id));
    api.get(person, &path).await.body
}

async fn send(api: &Api, person: &Person, thread: &str, body: Value) -> Answer {
    api.post(person, &format!("{thread}/messages"), body).await
}

fn ids(message: &Value) -> Vec<&str> {
    let attachments = message["content"]["attachments"].as_array();
    attachments
        .into_iter()
        .flatten()
        .map(|attachment| string(&attachment["id"]))
        .collect()
}

#[tokio::test]
async fn a_message_shows_its_files_in_order_and_each_upload_goes_once() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let notes = api.upload(&ann, &thread, "notes.txt", b"x".to_vec()).await.body;
    let image = api.upload(&ann, &thread, "i.png", small_png()).await.body;
    let (first, second) = (string(&image["id"]), string(&notes["id"]));
    let sent = api.send_files(&ann, &thread, &[first, second]).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    let message = message(&api, &bob, &thread, &sent.body["id"]).await;
    assert_eq!(message["content"]["message"], "see");
    assert_eq!(message["content"]["attachments"], json!([image, notes]));
    let list = api.get(&bob, &format!("{thread}/messages")).await.body;
    assert_eq!(list["value"][0], message);

    for refused in [vec![first], vec!["0123456789abcdef0123456789abcdef"], vec!["x"]] {
        let answer = api.send_files(&ann, &thread, &refused).await;
        answer.is_error(400, "BadRequest");
        assert_eq!(answer.body["error"]["target"], "attachments");
    }
    let third = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    api.send_files(&ann, &thread, &[&third, &third])
        .await
        .is_error(400, "BadRequest");
    let many = vec![third.as_str(); 11];
    api.send_files(&ann, &thread, &many)
        .await
        .is_error(400, "BadRequest");
    let list = api.get(&bob, &format!("{thread}/messages")).await.body;
    assert_eq!(list["value"][0], message, "what is refused stores nothing");
}

#[tokio::test]
async fn a_message_may_be_nothing_but_files() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    send(&api, &ann, &thread, json!({"content": ""}))
        .await
        .is_error(400, "BadRequest");
    send(&api, &ann, &thread, json!({"content": "", "attachments": []}))
        .await
        .is_error(400, "BadRequest");
    let sent = send(
        &api,
        &ann,
        &thread,
        json!({"content": "", "attachments": [{"id": id}]}),
    )
    .await;
    assert_eq!(sent.status, 201, "{}", sent.body);
}

#[tokio::test]
async fn a_repeated_message_takes_its_files_up_once() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.uploaded(&ann, &thread, b"x".to_vec()).await;
    let body = json!({"content": "x", "attachments": [{"id": id}]});
    let path = format!("{thread}/messages");
    let first = api.post_as(&ann, "1", &path, &body).await;
    let second = api.post_as(&ann, "1", &path, &body).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn an_edit_keeps_takes_up_and_drops_files() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let [a, b, c] = [
        api.uploaded(&ann, &thread, b"a".to_vec()).await,
        api.uploaded(&ann, &thread, b"b".to_vec()).await,
        api.uploaded(&ann, &thread, b"c".to_vec()).await,
    ];
    let sent = api.send_files(&ann, &thread, &[&a, &b]).await.body;
    let path = format!("{thread}/messages/{}", string(&sent["id"]));

    api.patch(&ann, &path, json!({"content": "changed"}))
        .await
        .is_empty(204);
    assert_eq!(ids(&message(&api, &bob, &thread, &sent["id"]).await), [&a, &b]);

    let patch = json!({"attachments": [{"id": c}, {"id": b}]});
    api.patch(&ann, &path, patch).await.is_empty(204);
    let after = message(&api, &bob, &thread, &sent["id"]).await;
    assert_eq!(ids(&after), [&c, &b]);
    assert_eq!(after["content"]["message"], "changed");
    assert!(after["editedOn"].is_string());
    assert_eq!(api.may_download(&bob, &thread, &a).await, 404);
    assert_eq!(api.may_download(&bob, &thread, &c).await, 200);
    api.clean_up().await;
    assert_eq!(api.stored().len(), 2);

    // What is dropped is gone, and does not come back.
    api.patch(&ann, &path, json!({"attachments": [{"id": a}]}))
        .await
        .is_error(400, "BadRequest");
    assert_eq!(ids(&message(&api, &bob, &thread, &sent["id"]).await), [&c, &b]);
    api.patch(&ann, &path, json!({"content": "", "attachments": []}))
        .await
        .is_error(400, "BadRequest");
    api.patch(&ann, &path, json!({"content": ""})).await.is_empty(204);
    api.patch(&ann, &path, json!({"attachments": null}))
        .await
        .is_empty(204);
    api.clean_up().await;
    assert!(api.stored().is_empty());
}

#[tokio::test]
async fn events_carry_files_without_their_addresses() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let resource = bob.raw_id.split([':', '_']).nth(2).unwrap().into();
    let mut events = api
        .state
        .bus
        .subscribe_events(&resource, &bob.raw_id.as_str().into());
    let image = api.upload(&ann, &thread, "i.png", small_png()).await.body;
    let id = string(&image["id"]);
    let sent = api.send_files(&ann, &thread, &[id]).await.body;
    api.delete(&ann, &format!("{thread}/attachments/{id}"))
        .await
        .is_empty(204);
    let path = format!("{thread}/messages/{}", string(&sent["id"]));
    api.delete(&ann, &path).await.is_empty(204);

    let told: Vec<_> = waiting(&mut events)
        .iter()
        .map(|event| {
            let mut frame: Value = serde_json::from_str(&event.frame).unwrap();
            (
                frame["event"]["type"].take(),
                frame["event"]["attachments"].take(),
            )
        })
        .collect();
    let mut expected = image.clone();
    for address in ["url", "previewUrl"] {
        assert!(expected.as_object_mut().unwrap().remove(address).is_some());
    }
    let expected = [
        (json!("chatMessageReceived"), json!([expected])),
        (json!("chatMessageEdited"), Value::Null),
        (json!("chatMessageDeleted"), Value::Null),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_file_that_is_deleted_leaves_its_message() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let [a, b] = [
        api.uploaded(&ann, &thread, b"a".to_vec()).await,
        api.uploaded(&ann, &thread, b"b".to_vec()).await,
    ];
    let sent = api.send_files(&ann, &thread, &[&a, &b]).await.body;
    api.delete(&ann, &format!("{thread}/attachments/{a}"))
        .await
        .is_empty(204);
    let after = message(&api, &bob, &thread, &sent["id"]).await;
    assert_eq!(ids(&after), [&b]);
    assert!(after["editedOn"].is_string());
    api.delete(&ann, &format!("{thread}/attachments/{a}"))
        .await
        .is_error(404, "NotFound");
}
