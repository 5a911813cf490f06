//! Requests under the client's id for them: done once, however often they arrive.

use std::time::Duration;

use serde_json::{Value, json};

use crate::api::{Api, Person, identifier, string};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn texts(api: &Api, person: &Person, thread: &str) -> Vec<String> {
    let list = api.get(person, &format!("{thread}/messages")).await.body;
    let text = |message: &Value| message["content"]["message"].as_str().map(str::to_owned);
    list["value"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(text)
        .collect()
}

#[tokio::test]
async fn a_repeated_creation_gets_the_first_answer_and_makes_no_second_thread() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let create = async |person, id| {
        let answer = api
            .post_as(person, id, "/chat/threads", &json!({"topic": "x"}))
            .await;
        assert_eq!(answer.status, 201);
        answer.body
    };
    let first = create(&ann, "tok-1").await;
    assert_eq!(create(&ann, "tok-1").await, first);
    assert_ne!(create(&ann, "tok-2").await, first);
    assert_ne!(create(&bob, "tok-1").await, first);
    let list = api.get(&ann, "/chat/threads").await.body;
    assert_eq!(list["value"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn repeated_creations_at_the_same_time_make_one_thread() {
    let api = Api::new().await;
    let ann = api.person().await;
    let body = json!({"topic": "x"});
    let requests = (0..8).map(|_| api.post_as(&ann, "same", "/chat/threads", &body));
    let answers = futures::future::join_all(requests).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.status == 201 && answer.body == answers[0].body)
    );
    let list = api.get(&ann, "/chat/threads").await.body;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_sent_again_is_the_same_message() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let other = api.thread(&ann, &[]).await;
    let send = async |person, thread: &str, id, text| {
        let path = format!("{thread}/messages");
        let answer = api.post_as(person, id, &path, &json!({"content": text})).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert!(answer.headers.contains_key("location"));
        string(&answer.body["id"]).to_owned()
    };
    let first = send(&ann, &thread, "id-1", "hello").await;
    assert_eq!(send(&ann, &thread, "id-1", "hello").await, first);
    assert_eq!(texts(&api, &bob, &thread).await, ["hello"]);

    // Another id, sender or thread: another message.
    send(&ann, &thread, "id-2", "hello").await;
    send(&bob, &thread, "id-1", "hello").await;
    send(&ann, &other, "id-1", "hello").await;
    assert_eq!(texts(&api, &bob, &thread).await.len(), 3);
    assert_eq!(texts(&api, &ann, &other).await, ["hello"]);
}

#[tokio::test]
async fn the_same_message_arriving_many_times_at_once_is_stored_once() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let (path, body) = (format!("{thread}/messages"), json!({"content": "hello"}));
    let requests = (0..16).map(|_| api.post_as(&ann, "same", &path, &body));
    let answers = futures::future::join_all(requests).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), &answer.body), (201, &answers[0].body));
    }
    assert_eq!(texts(&api, &ann, &thread).await, ["hello"]);
}

#[tokio::test]
async fn the_answer_stays_whatever_became_of_message_and_thread() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let (path, body) = (format!("{thread}/messages"), json!({"content": "hello"}));
    let send = async || api.post_as(&bob, "id-1", &path, &body).await;
    let sent = send().await;
    let first = string(&sent.body["id"]).to_owned();
    let again = async || {
        let answer = send().await;
        assert_eq!((answer.status.as_u16(), answer.body), (201, json!({"id": first})));
    };
    api.patch(&bob, &format!("{path}/{first}"), json!({"content": "hello you"}))
        .await
        .is_empty(204);
    again().await;
    api.delete(&bob, &format!("{path}/{first}")).await.is_empty(204);
    again().await;
    api.post(&ann, &format!("{thread}/participants/:remove"), identifier(&bob))
        .await
        .is_empty(204);
    again().await;
    api.post_as(&bob, "id-2", &path, &body)
        .await
        .is_error(403, "Forbidden");
    api.delete(&ann, &thread).await.is_empty(204);
    again().await;
}

#[tokio::test]
async fn another_message_under_the_same_id_is_refused() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let path = format!("{thread}/messages");
    let body = json!({"content": "hello", "metadata": {"a": "1", "b": "2"}});
    assert_eq!(api.post_as(&ann, "id", &path, &body).await.status, 201);
    // The same said in another way.
    let same = json!({"metadata": {"b": "2", "a": "1"}, "content": "hello", "unknown": 1});
    assert_eq!(api.post_as(&ann, "id", &path, &same).await.status, 201);
    for other in [
        json!({"content": "hello"}),
        json!({"content": "Hello", "metadata": {"a": "1", "b": "2"}}),
        json!({"content": "hello", "metadata": {"a": "1", "b": "2"}, "type": "html"}),
        json!({"content": "hello", "metadata": {"a": "1", "b": "2"}, "senderDisplayName": "Ann"}),
    ] {
        let refused = api.post_as(&ann, "id", &path, &other).await;
        refused.is_error(409, "Conflict");
        assert_eq!(refused.body["error"]["target"], "repeatability-request-id");
    }
    assert_eq!(texts(&api, &ann, &thread).await, ["hello"]);
}

#[tokio::test]
async fn a_refused_message_leaves_its_id_free() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let path = format!("{thread}/messages");
    api.post_as(&ann, "id", &path, &json!({"content": ""}))
        .await
        .is_error(400, "BadRequest");
    let sent = api.post_as(&ann, "id", &path, &json!({"content": "x"})).await;
    assert_eq!(sent.status, 201);
    for id in ["", &"x".repeat(257)] {
        let refused = api.post_as(&ann, id, &path, &json!({"content": "x"})).await;
        refused.is_error(400, "BadRequest");
        assert_eq!(refused.body["error"]["target"], "repeatability-request-id");
    }
}

#[tokio::test]
async fn an_id_is_remembered_for_seven_days() {
    let api = Api::new().await;
    let mut ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let path = format!("{thread}/messages");
    let repeat = async |ann: &Person| {
        let message = json!({"content": "hello"});
        let sent = api.post_as(ann, "id", &path, &message).await;
        let created = api
            .post_as(ann, "id", "/chat/threads", &json!({"topic": "x"}))
            .await;
        (
            string(&sent.body["id"]).to_owned(),
            string(&created.body["chatThread"]["id"]).to_owned(),
        )
    };
    let first = repeat(&ann).await;
    for _ in 0..7 {
        api.clock.advance(DAY);
        ann = api.token_with(&ann, "chat").await;
        api.keep_house().await;
        assert_eq!(repeat(&ann).await, first);
    }
    api.clock.advance(Duration::from_millis(1));
    let second = repeat(&ann).await;
    assert!(second.0 != first.0 && second.1 != first.1);
    assert_eq!(texts(&api, &ann, &thread).await.len(), 2);
}
