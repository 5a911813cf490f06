//! Read receipts and typing.

use serde_json::json;

use crate::api::{Api, identifier, is_whole_second, participant, path, string};

#[tokio::test]
async fn each_reader_has_one_receipt_the_latest() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let (one, two) = (
        api.message(&ann, &thread, "1").await,
        api.message(&ann, &thread, "2").await,
    );
    let receipts = format!("{thread}/readReceipts");
    assert_eq!(api.get(&ann, &receipts).await.body, json!({"value": []}));
    for (reader, message) in [
        (&bob, &one),
        (&ann, &one),
        (&bob, &two),
        (&bob, &two),
        (&bob, &one),
    ] {
        api.post(reader, &receipts, json!({"chatMessageId": message}))
            .await
            .is_empty(200);
    }
    let list = api.get(&bob, &receipts).await.body;
    let [first, second] = list["value"].as_array().unwrap().as_slice() else {
        panic!("{list}")
    };
    assert_eq!(first["senderCommunicationIdentifier"], identifier(&ann));
    assert_eq!(first["chatMessageId"], *one);
    assert_eq!(second["senderCommunicationIdentifier"], identifier(&bob));
    assert_eq!(second["chatMessageId"], *two);
    assert!(is_whole_second(&first["readOn"]) && list.get("nextLink").is_none());
}

#[tokio::test]
async fn a_receipt_names_a_message_of_the_thread() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let receipts = format!("{thread}/readReceipts");
    for id in ["1", "", "x"] {
        api.post(&ann, &receipts, json!({"chatMessageId": id}))
            .await
            .is_error(404, "NotFound");
    }
    api.post(&ann, &receipts, json!({}))
        .await
        .is_error(400, "BadRequest");
}

#[tokio::test]
async fn typing_is_answered_with_and_without_a_body() {
    let api = Api::new().await;
    let (ann, eve) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[]).await;
    let typing = format!("{thread}/typing");
    api.post(&ann, &typing, json!({"senderDisplayName": "Ann"}))
        .await
        .is_empty(200);
    api.call(&ann, axum::http::Method::POST, &typing, None)
        .await
        .is_empty(200);
    api.post(&eve, &typing, json!({}))
        .await
        .is_error(403, "Forbidden");
}

#[tokio::test]
async fn threads_of_more_than_twenty_have_neither() {
    let api = Api::new().await;
    let ann = api.person().await;
    let mut others = Vec::new();
    for _ in 0..20 {
        others.push(participant(&api.person().await));
    }
    let created = api
        .post(
            &ann,
            "/chat/threads",
            json!({"topic": "x", "participants": others}),
        )
        .await;
    let thread = path(string(&created.body["chatThread"]["id"]));
    let message = api.message(&ann, &thread, "x").await;
    let receipt = json!({"chatMessageId": message});
    api.post(&ann, &format!("{thread}/readReceipts"), receipt)
        .await
        .is_error(400, "BadRequest");
    api.post(&ann, &format!("{thread}/typing"), json!({}))
        .await
        .is_error(400, "BadRequest");
}
