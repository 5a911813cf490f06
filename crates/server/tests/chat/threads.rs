//! Create, get, update, delete, list.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::{Value, json};

use crate::api::{Api, VERSION, identifier, is_whole_second, participant, path, string};

#[tokio::test]
async fn a_thread_is_created_with_its_properties_and_two_system_messages() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let mut invited = participant(&bob);
    invited["displayName"] = json!("Bob");
    let body = json!({
        "topic": "Töpic",
        "participants": [invited],
        "metadata": {"k": "v"},
        "retentionPolicy": {"kind": "threadCreationDate", "deleteThreadAfterDays": 90},
    });
    let created = api.post(&ann, "/chat/threads", body).await;
    assert_eq!(created.status, 201);
    let thread = &created.body["chatThread"];
    let id = string(&thread["id"]);
    assert!(id.starts_with("19:") && id.ends_with("1@thread.v2"), "{id}");
    let location = created.headers["location"].to_str().unwrap();
    assert!(
        location.starts_with("https://localhost:8443/chat/threads/19%3A"),
        "{location}"
    );
    assert_eq!(thread["topic"], "Töpic");
    assert!(is_whole_second(&thread["createdOn"]));
    assert_eq!(thread["createdByCommunicationIdentifier"], identifier(&ann));
    assert_eq!(thread["metadata"], json!({"k": "v"}));
    assert_eq!(
        thread["retentionPolicy"],
        json!({"kind": "threadCreationDate", "deleteThreadAfterDays": 90})
    );
    assert!(thread.get("deletedOn").is_none() && created.body.get("invalidParticipants").is_none());
    assert_eq!(api.get(&bob, &path(id)).await.body, *thread);

    let messages = api.get(&ann, &format!("{}/messages", path(id))).await.body;
    let [topic, added] = messages["value"].as_array().unwrap().as_slice() else {
        panic!("{messages}")
    };
    assert_eq!(added["type"], "participantAdded");
    assert_eq!(added["sequenceId"], "1");
    let epoch = "1970-01-01T00:00:00Z";
    assert_eq!(
        added["content"]["participants"],
        json!([
            {"communicationIdentifier": identifier(&ann), "shareHistoryTime": epoch},
            {"communicationIdentifier": identifier(&bob), "displayName": "Bob", "shareHistoryTime": epoch},
        ])
    );
    assert_eq!(topic["type"], "topicUpdated");
    assert_eq!(topic["sequenceId"], "2");
    let content = json!({"topic": "Töpic", "initiatorCommunicationIdentifier": identifier(&ann)});
    assert_eq!(topic["content"], content);
    assert!(topic.get("senderCommunicationIdentifier").is_none());
    assert!(topic.get("senderDisplayName").is_none());
}

#[tokio::test]
async fn a_thread_without_participants_has_its_creator_alone() {
    let api = Api::new().await;
    let ann = api.person().await;
    let created = api.post(&ann, "/chat/threads", json!({"topic": "x"})).await;
    assert_eq!(created.status, 201);
    assert!(created.body.get("invalidParticipants").is_none());
    let thread = path(string(&created.body["chatThread"]["id"]));
    let participants = api.get(&ann, &format!("{thread}/participants")).await.body;
    assert_eq!(participants["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_a_new_topic_is_a_system_message() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let patch =
        json!({"topic": "new", "metadata": {"a": "1", "b": "2"}, "retentionPolicy": {"kind": "none"}});
    api.patch(&ann, &thread, patch).await.is_empty(204);
    let properties = api.get(&ann, &thread).await.body;
    assert_eq!(properties["topic"], "new");
    assert_eq!(properties["metadata"], json!({"a": "1", "b": "2"}));
    assert_eq!(properties["retentionPolicy"], json!({"kind": "none"}));

    api.patch(&ann, &thread, json!({"metadata": {"a": null, "c": "3"}}))
        .await
        .is_empty(204);
    assert_eq!(
        api.get(&ann, &thread).await.body["metadata"],
        json!({"b": "2", "c": "3"})
    );
    api.patch(&ann, &thread, json!({"topic": "new"}))
        .await
        .is_empty(204);
    api.patch(&ann, &thread, json!({})).await.is_empty(204);
    let messages = api.get(&ann, &format!("{thread}/messages")).await.body;
    let types: Vec<_> = messages["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| string(&m["type"]))
        .collect();
    assert_eq!(types, ["topicUpdated", "topicUpdated", "participantAdded"]);
    assert_eq!(messages["value"][0]["content"]["topic"], "new");
}

#[tokio::test]
async fn null_in_a_patch_removes_what_can_be_removed() {
    let api = Api::new().await;
    let ann = api.person().await;
    let body = json!({
        "topic": "x",
        "metadata": {"a": "1", "b": "2"},
        "retentionPolicy": {"kind": "threadCreationDate", "deleteThreadAfterDays": 30},
    });
    let created = api.post(&ann, "/chat/threads", body).await;
    let thread = path(string(&created.body["chatThread"]["id"]));
    api.patch(&ann, &thread, json!({"topic": null}))
        .await
        .is_error(400, "BadRequest");
    assert_eq!(
        api.get(&ann, &thread).await.body["retentionPolicy"]["kind"],
        "threadCreationDate"
    );
    api.patch(&ann, &thread, json!({"retentionPolicy": null}))
        .await
        .is_empty(204);
    let properties = api.get(&ann, &thread).await.body;
    assert_eq!(properties["retentionPolicy"], json!({"kind": "none"}));
    assert_eq!(properties["metadata"], json!({"a": "1", "b": "2"}));
    api.patch(&ann, &thread, json!({"metadata": null}))
        .await
        .is_empty(204);
    let properties = api.get(&ann, &thread).await.body;
    assert!(properties.get("metadata").is_none(), "{properties}");
    assert_eq!(properties["topic"], "x");
}

#[tokio::test]
async fn metadata_is_limited_as_it_will_be_after_the_patch() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let set = async |key: &str, value: Option<usize>| {
        let body = json!({"metadata": {key: value.map(|size| "v".repeat(size))}});
        api.patch(&ann, &thread, body).await
    };
    set("a", Some(1000)).await.is_empty(204);
    let refused = set("b", Some(100)).await;
    refused.is_error(400, "BadRequest");
    assert_eq!(refused.body["error"]["target"], "metadata");
    set("a", None).await.is_empty(204);
    set("b", Some(100)).await.is_empty(204);
}

#[tokio::test]
async fn a_deleted_thread_answers_404_to_its_participants_and_stays_in_their_lists() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let message = api.message(&ann, &thread, "x").await;
    api.delete(&ann, &thread).await.is_empty(204);
    api.delete(&ann, &thread).await.is_empty(204);
    for person in [&ann, &bob] {
        api.get(person, &thread).await.is_error(404, "NotFound");
        api.get(person, &format!("{thread}/messages"))
            .await
            .is_error(404, "NotFound");
        api.get(person, &format!("{thread}/messages/{message}"))
            .await
            .is_error(404, "NotFound");
        let body = json!({"content": "x"});
        api.post(person, &format!("{thread}/messages"), body)
            .await
            .is_error(404, "NotFound");
        let list = api.get(person, "/chat/threads").await.body;
        assert!(is_whole_second(&list["value"][0]["deletedOn"]), "{list}");
    }
}

#[tokio::test]
async fn threads_are_listed_by_activity_and_somebody_removed_sees_the_thread_as_it_was() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let mut threads = Vec::new();
    for others in [&[&bob][..], &[&bob], &[]] {
        threads.push(api.thread(&ann, others).await);
        api.clock.advance(Duration::from_secs(1));
    }
    api.message(&ann, &threads[0], "x").await;
    api.clock.advance(Duration::from_secs(1));
    let listed = async |person| {
        let body = api.get(person, "/chat/threads").await.body;
        let items = body["value"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| path(string(&item["id"])))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        listed(&ann).await,
        [&threads[0], &threads[2], &threads[1]].map(String::clone)
    );
    assert_eq!(listed(&bob).await, [&threads[0], &threads[1]].map(String::clone));

    let removed = api
        .post(
            &ann,
            &format!("{}/participants/:remove", threads[0]),
            identifier(&bob),
        )
        .await;
    removed.is_empty(204);
    api.patch(&ann, &threads[0], json!({"topic": "without bob"}))
        .await
        .is_empty(204);
    assert_eq!(listed(&bob).await, [&threads[0], &threads[1]].map(String::clone));
    let item = api.get(&bob, "/chat/threads").await.body["value"][0].clone();
    assert_eq!(item["topic"], "Lunch");
    assert!(is_whole_second(&item["lastMessageReceivedOn"]) && item.get("deletedOn").is_none());
    api.get(&bob, &threads[0]).await.is_error(403, "Forbidden");
    // What becomes of the thread is no longer bob's to know.
    api.delete(&ann, &threads[0]).await.is_empty(204);
    assert_eq!(api.get(&bob, "/chat/threads").await.body["value"][0], item);
}

#[tokio::test]
async fn a_start_time_leaves_out_threads_without_activity_since() {
    let api = Api::new().await;
    let ann = api.person().await;
    api.thread(&ann, &[]).await;
    let count = async |start: &str| {
        let body = api
            .get(&ann, &format!("/chat/threads?startTime={start}"))
            .await
            .body;
        body["value"].as_array().unwrap().len()
    };
    assert_eq!(count("2020-09-13T12%3A26%3A40.000Z").await, 1);
    assert_eq!(count("2999-01-01T00%3A00%3A00Z").await, 0);
}

#[tokio::test]
async fn what_cannot_be_a_thread_is_refused() {
    let api = Api::new().await;
    let ann = api.person().await;
    let days = |days: i64| json!({"kind": "threadCreationDate", "deleteThreadAfterDays": days});
    let many: Vec<_> = (0..201).map(|_| participant(&ann)).collect();
    for body in [
        json!({}),
        json!({"topic": ""}),
        json!({"topic": "x".repeat(1025)}),
        json!({"topic": 7}),
        json!({"topic": "x", "metadata": {"k": "v".repeat(1024)}}),
        json!({"topic": "x", "metadata": {"k": 7}}),
        json!({"topic": "x", "retentionPolicy": days(29)}),
        json!({"topic": "x", "retentionPolicy": days(91)}),
        json!({"topic": "x", "retentionPolicy": {"kind": "someday"}}),
        json!({"topic": "x", "participants": many}),
        json!({"topic": "x", "participants": [{"communicationIdentifier": {}}]}),
        json!({"topic": "x", "participants": [{"communicationIdentifier": identifier(&ann), "shareHistoryTime": "soon"}]}),
        json!([]),
    ] {
        api.post(&ann, "/chat/threads", body)
            .await
            .is_error(400, "BadRequest");
    }
    let list = api.get(&ann, "/chat/threads").await.body;
    assert_eq!(list, json!({"value": []}));
}

#[tokio::test]
async fn malformed_and_oversized_bodies_and_unknown_versions_are_refused() {
    let api = Api::new().await;
    let ann = api.person().await;
    let request = |version: &str, token: Option<&str>, body: Vec<u8>| {
        let builder = Request::builder()
            .method(Method::POST)
            .uri(format!("/chat/threads?api-version={version}"));
        let builder = match token {
            Some(token) => builder.header("authorization", format!("Bearer {token}")),
            None => builder,
        };
        builder.body(Body::from(body)).unwrap()
    };
    let token = Some(ann.token.as_str());
    for body in [&b"{"[..], b"{\"topic\"}", b"\xff\xfe", b"nonsense"] {
        api.send(request(VERSION, token, body.to_vec()))
            .await
            .is_error(400, "BadRequest");
    }
    let large = vec![b' '; 300 * 1024];
    api.send(request(VERSION, token, large))
        .await
        .is_error(413, "RequestEntityTooLarge");
    api.send(request("2019-01-01", token, b"{}".to_vec()))
        .await
        .is_error(400, "UnsupportedApiVersion");
    api.send(request(VERSION, None, b"{}".to_vec()))
        .await
        .is_error(401, "Unauthorized");
    api.send(request(VERSION, Some("forged.token.x"), b"{}".to_vec()))
        .await
        .is_error(401, "Unauthorized");
    assert_ne!(api.get(&ann, "/chat/threads").await.body, Value::Null);
}
