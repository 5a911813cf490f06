//! Send, get, list, edit, delete.

use serde_json::json;

use crate::api::{Api, identifier, is_whole_second, participant, string};

#[tokio::test]
async fn a_sent_message_is_what_get_and_list_return() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let body =
        json!({"content": "hëllo", "senderDisplayName": "Ann", "type": "text", "metadata": {"x": "y"}});
    let sent = api.post(&ann, &format!("{thread}/messages"), body).await;
    assert_eq!(sent.status, 201);
    let id = string(&sent.body["id"]);
    assert_eq!(sent.body, json!({"id": id}));
    let location = sent.headers["location"].to_str().unwrap();
    assert_eq!(location, format!("https://localhost:8443{thread}/messages/{id}"));

    let message = api.get(&bob, &format!("{thread}/messages/{id}")).await.body;
    assert!(is_whole_second(&message["createdOn"]));
    let expected = json!({
        "id": id,
        "type": "text",
        "sequenceId": "3",
        "version": id,
        "content": {"message": "hëllo"},
        "senderDisplayName": "Ann",
        "createdOn": message["createdOn"],
        "senderCommunicationIdentifier": identifier(&ann),
        "metadata": {"x": "y"},
    });
    assert_eq!(message, expected);
    let list = api.get(&bob, &format!("{thread}/messages")).await.body;
    assert_eq!(list["value"][0], message);
    assert_eq!(list["value"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_message_without_type_and_name_is_text_of_an_empty_name() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.message(&ann, &thread, "x").await;
    let message = api.get(&ann, &format!("{thread}/messages/{id}")).await.body;
    assert_eq!(
        (&message["type"], &message["senderDisplayName"]),
        (&json!("text"), &json!(""))
    );
    let html = json!({"content": "<b>x</b>", "type": "html"});
    let sent = api.post(&ann, &format!("{thread}/messages"), html).await;
    let message = api
        .get(&ann, &format!("{thread}/messages/{}", string(&sent.body["id"])))
        .await
        .body;
    assert_eq!(message["type"], "html");
}

#[tokio::test]
async fn an_edit_changes_content_and_version_and_merges_metadata() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let body = json!({"content": "old", "metadata": {"a": "1", "b": "2"}});
    let sent = api.post(&ann, &format!("{thread}/messages"), body).await;
    let message = format!("{thread}/messages/{}", string(&sent.body["id"]));
    let before = api.get(&ann, &message).await.body;
    assert!(before.get("editedOn").is_none());

    api.patch(&ann, &message, json!({})).await.is_empty(204);
    assert_eq!(api.get(&ann, &message).await.body, before);
    api.patch(
        &ann,
        &message,
        json!({"content": "new", "metadata": {"b": null, "c": "3"}}),
    )
    .await
    .is_empty(204);
    let after = api.get(&ann, &message).await.body;
    assert_eq!(after["content"], json!({"message": "new"}));
    assert_eq!(after["metadata"], json!({"a": "1", "c": "3"}));
    assert!(is_whole_second(&after["editedOn"]));
    let number = |text: &serde_json::Value| string(text).parse::<u64>().unwrap();
    assert!(number(&after["version"]) > number(&before["version"]));
    assert_eq!(
        (&after["id"], &after["sequenceId"]),
        (&before["id"], &before["sequenceId"])
    );
}

#[tokio::test]
async fn null_in_a_patch_removes_the_metadata_and_never_the_content() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let body = json!({"content": "old", "metadata": {"a": "1"}});
    let sent = api.post(&ann, &format!("{thread}/messages"), body).await;
    let message = format!("{thread}/messages/{}", string(&sent.body["id"]));
    api.patch(&ann, &message, json!({"content": null}))
        .await
        .is_error(400, "BadRequest");
    api.patch(&ann, &message, json!({"metadata": null}))
        .await
        .is_empty(204);
    let after = api.get(&ann, &message).await.body;
    assert_eq!(after["content"], json!({"message": "old"}));
    assert!(after.get("metadata").is_none() && after.get("editedOn").is_some());
}

#[tokio::test]
async fn a_deleted_message_stays_in_the_list_without_content() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.message(&ann, &thread, "secret").await;
    let message = format!("{thread}/messages/{id}");
    api.delete(&ann, &message).await.is_empty(204);
    api.delete(&ann, &message).await.is_empty(204);
    let deleted = api.get(&ann, &message).await.body;
    assert!(is_whole_second(&deleted["deletedOn"]) && deleted.get("content").is_none());
    let list = api.get(&ann, &format!("{thread}/messages")).await.body;
    assert_eq!(list["value"][0], deleted);
    api.patch(&ann, &message, json!({"content": "x"}))
        .await
        .is_error(404, "NotFound");
}

#[tokio::test]
async fn messages_of_others_and_of_the_system_cannot_be_changed() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let id = api.message(&ann, &thread, "mine").await;
    let list = api.get(&ann, &format!("{thread}/messages")).await.body;
    for id in [id.as_str(), string(&list["value"][1]["id"])] {
        let message = format!("{thread}/messages/{id}");
        let before = api.get(&ann, &message).await.body;
        api.patch(&bob, &message, json!({"content": "x"}))
            .await
            .is_error(403, "Forbidden");
        api.delete(&bob, &message).await.is_error(403, "Forbidden");
        assert_eq!(api.get(&ann, &message).await.body, before);
    }
}

#[tokio::test]
async fn unknown_messages_are_not_found() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let other = api.thread(&ann, &[]).await;
    let elsewhere = api.message(&ann, &other, "x").await;
    for id in [
        "1",
        "0",
        "x",
        "-1",
        "99999999999999999999999",
        "1%202",
        elsewhere.as_str(),
    ] {
        let message = format!("{thread}/messages/{id}");
        api.get(&ann, &message).await.is_error(404, "NotFound");
        api.patch(&ann, &message, json!({"content": "x"}))
            .await
            .is_error(404, "NotFound");
        api.delete(&ann, &message).await.is_error(404, "NotFound");
    }
}

#[tokio::test]
async fn what_cannot_be_a_message_is_refused() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let messages = format!("{thread}/messages");
    let id = api.message(&ann, &thread, &"\u{1}".repeat(28 * 1024)).await;
    let large = "x".repeat(28 * 1024 + 1);
    for body in [
        json!({}),
        json!({"content": ""}),
        json!({"content": null}),
        json!({"content": large}),
        json!({"content": "x", "type": "topicUpdated"}),
        json!({"content": "x", "type": "participantAdded"}),
        json!({"content": "x", "type": "video"}),
        json!({"content": "x", "metadata": {"k": "v".repeat(1024)}}),
        json!({"content": "x", "senderDisplayName": "n".repeat(1025)}),
    ] {
        api.post(&ann, &messages, body).await.is_error(400, "BadRequest");
    }
    for body in [
        json!({"content": ""}),
        json!({"content": large}),
        json!({"metadata": {"k": "v".repeat(1024)}}),
    ] {
        api.patch(&ann, &format!("{messages}/{id}"), body)
            .await
            .is_error(400, "BadRequest");
    }
    let list = api.get(&ann, &messages).await.body;
    assert_eq!(list["value"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn somebody_sees_the_history_shared_with_them_and_no_more() {
    let api = Api::new().await;
    let (ann, bob, eve) = (api.person().await, api.person().await, api.person().await);
    let thread = api.thread(&ann, &[]).await;
    let old = api.message(&ann, &thread, "old").await;
    let add = async |adder, person, since: Option<&str>| {
        let mut participant = participant(person);
        if let Some(since) = since {
            participant["shareHistoryTime"] = json!(since);
        }
        let body = json!({"participants": [participant]});
        let added = api
            .post(adder, &format!("{thread}/participants/:add"), body)
            .await;
        assert_eq!((added.status.as_u16(), added.body), (201, json!({})));
    };
    // From a time after `old` on. Message ids are times, so the next second begins after both.
    let after_old = jiff::Timestamp::from_millisecond(old.parse::<i64>().unwrap() + 1).unwrap();
    add(&ann, &bob, Some(&after_old.to_string())).await;
    let new = api.message(&ann, &thread, "new").await;
    api.get(&bob, &format!("{thread}/messages/{old}"))
        .await
        .is_error(404, "NotFound");
    assert_eq!(
        api.get(&bob, &format!("{thread}/messages/{new}")).await.status,
        200
    );
    let texts = async |person| {
        let list = api.get(person, &format!("{thread}/messages")).await.body;
        let values = list["value"].as_array().unwrap().clone();
        values
            .iter()
            .filter_map(|m| m["content"]["message"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&bob).await, ["new"]);

    // Nobody gets at more through bob, neither somebody new nor bob himself.
    add(&bob, &eve, None).await;
    add(&bob, &bob, Some("1970-01-01T00:00:00Z")).await;
    assert_eq!(texts(&eve).await, ["new"]);
    assert_eq!(texts(&bob).await, ["new"]);
    add(&ann, &eve, Some("1970-01-01T00:00:00Z")).await;
    assert_eq!(texts(&eve).await, ["new", "old"]);
}

/// A client whose clock is fast says a time that has not come when it means now.
#[tokio::test]
async fn a_history_from_the_future_begins_now() {
    let api = Api::new().await;
    let (ann, bob, cat) = (api.person().await, api.person().await, api.person().await);
    let thread = api.thread(&ann, &[]).await;
    api.message(&ann, &thread, "before bob").await;
    let in_an_hour = jiff::Timestamp::from_millisecond(i64::try_from(crate::world::START).unwrap()).unwrap()
        + jiff::SignedDuration::from_hours(1);
    let mut added = participant(&bob);
    added["shareHistoryTime"] = json!(in_an_hour.to_string());
    let add = json!({"participants": [added]});
    let answer = api.post(&ann, &format!("{thread}/participants/:add"), add).await;
    assert_eq!(answer.status, 201);
    let mine = api.message(&bob, &thread, "mine").await;
    api.message(&ann, &thread, "for bob").await;
    api.patch(
        &bob,
        &format!("{thread}/messages/{mine}"),
        json!({"content": "mine!"}),
    )
    .await
    .is_empty(204);
    let list = api.get(&bob, &format!("{thread}/messages")).await.body;
    let texts: Vec<_> = list["value"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|message| message["content"]["message"].as_str())
        .collect();
    assert_eq!(texts, ["for bob", "mine!"]);

    let mut invited = participant(&cat);
    invited["shareHistoryTime"] = json!(in_an_hour.to_string());
    let body = json!({"topic": "x", "participants": [invited]});
    let created = api.post(&ann, "/chat/threads", body).await;
    let thread = crate::api::path(string(&created.body["chatThread"]["id"]));
    let id = api.message(&ann, &thread, "for cat").await;
    assert_eq!(
        api.get(&cat, &format!("{thread}/messages/{id}")).await.status,
        200
    );
}

#[tokio::test]
async fn a_field_that_is_missing_is_named_and_keys_of_metadata_are_not() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let messages = format!("{thread}/messages");
    let missing = api.post(&ann, &messages, json!({})).await;
    assert_eq!(missing.status, 400);
    let expected = json!({"code": "BadRequest", "message": "content is missing.", "target": "content"});
    assert_eq!(missing.body["error"], expected);
    let wrong = json!({"content": "x", "metadata": {"secret": 1}});
    let metadata = api.post(&ann, &messages, wrong).await;
    assert_eq!(metadata.body["error"]["target"], "metadata");
    assert!(!metadata.body.to_string().contains("secret"), "{}", metadata.body);
    let page = api.get(&ann, &format!("{messages}?maxPageSize=many")).await;
    let expected = json!({
        "code": "BadRequest",
        "message": "maxPageSize has a wrong value.",
        "target": "maxPageSize",
    });
    assert_eq!(page.body["error"], expected);
}
