//! Who may do what: by scope, and in somebody else's thread.

use axum::http::Method;
use serde_json::{Value, json};

use crate::api::{Api, Person, identifier, participant};

/// Every operation on a thread and one of its messages.
fn operations(thread: &str, message: &str, other: &Person) -> Vec<Operation> {
    let mut all = readings(thread, message);
    all.extend(changes(thread, message, other));
    all
}

type Operation = (&'static str, Method, String, Option<Value>);

fn readings(thread: &str, message: &str) -> Vec<Operation> {
    vec![
        ("get thread", Method::GET, thread.to_owned(), None),
        (
            "list participants",
            Method::GET,
            format!("{thread}/participants"),
            None,
        ),
        ("list messages", Method::GET, format!("{thread}/messages"), None),
        (
            "get message",
            Method::GET,
            format!("{thread}/messages/{message}"),
            None,
        ),
        (
            "list receipts",
            Method::GET,
            format!("{thread}/readReceipts"),
            None,
        ),
        (
            "list delivery receipts",
            Method::GET,
            format!("{thread}/deliveryReceipts"),
            None,
        ),
    ]
}

fn changes(thread: &str, message: &str, other: &Person) -> Vec<Operation> {
    let add = json!({"participants": [participant(other)]});
    let receipt = json!({"chatMessageId": message});
    let content = json!({"content": "x"});
    vec![
        (
            "send",
            Method::POST,
            format!("{thread}/messages"),
            Some(content.clone()),
        ),
        (
            "edit",
            Method::PATCH,
            format!("{thread}/messages/{message}"),
            Some(content),
        ),
        (
            "receipt",
            Method::POST,
            format!("{thread}/readReceipts"),
            Some(receipt.clone()),
        ),
        (
            "delivery receipt",
            Method::POST,
            format!("{thread}/deliveryReceipts"),
            Some(receipt),
        ),
        ("typing", Method::POST, format!("{thread}/typing"), None),
        (
            "delete message",
            Method::DELETE,
            format!("{thread}/messages/{message}"),
            None,
        ),
        (
            "add",
            Method::POST,
            format!("{thread}/participants/:add"),
            Some(add),
        ),
        (
            "remove",
            Method::POST,
            format!("{thread}/participants/:remove"),
            Some(identifier(other)),
        ),
        (
            "update",
            Method::PATCH,
            thread.to_owned(),
            Some(json!({"topic": "x"})),
        ),
        ("delete", Method::DELETE, thread.to_owned(), None),
    ]
}

#[tokio::test]
async fn each_scope_allows_its_operations_and_no_others() {
    const READ_AND_WRITE: usize = 12;
    const PARTICIPANTS: usize = 14;
    const ALL: usize = 16;
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    for (scope, allowed) in [
        ("chat", ALL),
        ("chat.join", PARTICIPANTS),
        ("chat.join.limited", READ_AND_WRITE),
        ("voip", 0),
    ] {
        let thread = api.thread(&ann, &[]).await;
        let message = api.message(&ann, &thread, "x").await;
        let scoped = api.token_with(&ann, scope).await;
        for (at, (name, method, path, body)) in operations(&thread, &message, &bob).into_iter().enumerate() {
            let answer = api.call(&scoped, method, &path, body).await;
            if at < allowed {
                assert!(answer.status.is_success(), "{scope}: {name}: {}", answer.body);
            } else {
                assert_eq!(answer.status, 403, "{scope}: {name}");
                answer.is_error(403, "Forbidden");
            }
        }
        let create = api.post(&scoped, "/chat/threads", json!({"topic": "x"})).await;
        assert_eq!(create.status, if scope == "chat" { 201 } else { 403 }, "{scope}");
        let list = api.get(&scoped, "/chat/threads").await;
        assert_eq!(list.status, if allowed > 0 { 200 } else { 403 }, "{scope}");
    }
}

#[tokio::test]
async fn somebody_elses_thread_and_one_that_never_was_answer_the_same() {
    let api = Api::new().await;
    let (ann, eve) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[]).await;
    let message = api.message(&ann, &thread, "x").await;
    let unknown = crate::api::path("19:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA1@thread.v2");
    let theirs = operations(&thread, &message, &eve);
    let nobodys = operations(&unknown, &message, &eve);
    for ((name, method, path, body), (_, _, unknown_path, _)) in theirs.into_iter().zip(nobodys) {
        let forbidden = api.call(&eve, method.clone(), &path, body.clone()).await;
        let unknown = api.call(&eve, method, &unknown_path, body).await;
        forbidden.is_error(403, "Forbidden");
        assert_eq!(forbidden.body, unknown.body, "{name}");
        assert_eq!(forbidden.status, unknown.status, "{name}");
    }
    api.delete(&ann, &thread).await.is_empty(204);
    api.get(&eve, &thread).await.is_error(403, "Forbidden");
}

#[tokio::test]
async fn threads_of_another_resource_are_out_of_reach() {
    let (here, there) = (Api::new().await, Api::new().await);
    let (ann, eve) = (here.person().await, there.person().await);
    let thread = here.thread(&ann, &[]).await;
    there.get(&eve, &thread).await.is_error(403, "Forbidden");
    here.get(&eve, &thread).await.is_error(401, "Unauthorized");
}
