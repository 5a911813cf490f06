//! One thread's life in each version of the interface that published clients speak.

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::{Value, json};

use crate::api::{Answer, Api, Person, identifier, participant, path, string};

struct Client<'a> {
    api: &'a Api,
    version: &'static str,
}

impl Client<'_> {
    async fn call(&self, person: &Person, method: Method, path: &str, body: Value) -> Answer {
        let content_type = if method == Method::PATCH {
            "application/merge-patch+json"
        } else {
            "application/json"
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{path}?api-version={}", self.version))
            .header("host", "localhost:8443")
            .header("authorization", format!("Bearer {}", person.token))
            .header("content-type", content_type)
            .header("x-ms-client-request-id", "the-clients-own")
            .body(if body.is_null() {
                Body::empty()
            } else {
                Body::from(body.to_string())
            })
            .unwrap();
        let answer = self.api.send(request).await;
        assert_eq!(answer.headers["x-ms-client-request-id"], "the-clients-own");
        let supported = answer.headers["api-supported-versions"].to_str().unwrap();
        assert!(supported.split(", ").any(|version| version == self.version));
        answer
    }
}

#[tokio::test]
async fn every_operation_answers_as_specified_in_every_version() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    for version in [
        "2021-03-07",
        "2021-09-07",
        "2023-11-07",
        "2024-03-07",
        "2024-06-05-preview",
        "2025-03-15",
    ] {
        let client = Client { api: &api, version };
        let call = async |method: Method, path: &str, body: Value, status: u16| {
            let answer = client.call(&ann, method.clone(), path, body).await;
            assert_eq!(
                answer.status, status,
                "{version} {method} {path}: {}",
                answer.body
            );
            answer
        };
        let body = json!({"topic": "x", "participants": [participant(&bob)]});
        let created = call(Method::POST, "/chat/threads", body, 201).await;
        let thread = path(string(&created.body["chatThread"]["id"]));
        let at = |rest: &str| format!("{thread}/{rest}");
        let list = call(Method::GET, "/chat/threads", Value::Null, 200).await;
        assert!(list.body["value"].is_array());
        call(Method::GET, &thread, Value::Null, 200).await;
        call(Method::PATCH, &thread, json!({"topic": "y"}), 204).await;

        let sent = call(Method::POST, &at("messages"), json!({"content": "x"}), 201).await;
        let message = at(&format!("messages/{}", string(&sent.body["id"])));
        call(Method::GET, &message, Value::Null, 200).await;
        call(Method::GET, &at("messages"), Value::Null, 200).await;
        call(Method::PATCH, &message, json!({"content": "y"}), 204).await;
        let receipt = json!({"chatMessageId": sent.body["id"]});
        for kind in ["deliveryReceipts", "readReceipts"] {
            let empty = call(Method::POST, &at(kind), receipt.clone(), 200).await;
            assert_eq!(empty.body, Value::Null);
            call(Method::GET, &at(kind), Value::Null, 200).await;
        }
        let empty = call(Method::POST, &at("typing"), Value::Null, 200).await;
        assert_eq!(empty.body, Value::Null);
        call(Method::DELETE, &message, Value::Null, 204).await;

        call(Method::GET, &at("participants"), Value::Null, 200).await;
        call(Method::POST, &at("participants/:remove"), identifier(&bob), 204).await;
        let add = json!({"participants": [participant(&bob)]});
        let added = call(Method::POST, &at("participants/:add"), add, 201).await;
        assert_eq!(added.body, json!({}));
        call(Method::DELETE, &thread, Value::Null, 204).await;
        let gone = call(Method::GET, &thread, Value::Null, 404).await;
        gone.is_error(404, "NotFound");
    }
}
