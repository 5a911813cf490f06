//! Receipts and typing.

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
async fn what_is_read_is_delivered_and_delivery_does_not_go_back() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let mut messages = Vec::new();
    for text in ["1", "2", "3"] {
        messages.push(api.message(&ann, &thread, text).await);
    }
    let (delivery, read) = (
        format!("{thread}/deliveryReceipts"),
        format!("{thread}/readReceipts"),
    );
    assert_eq!(api.get(&ann, &delivery).await.body, json!({"value": []}));
    // The receipt, and how far the lists then say that Bob is: delivered, read.
    for (receipts, sent, delivered, seen) in [
        (&delivery, 1, 1, None),
        (&delivery, 0, 1, None),
        (&read, 0, 1, Some(0)),
        (&read, 2, 2, Some(2)),
        (&delivery, 1, 2, Some(2)),
    ] {
        api.post(&bob, receipts, json!({"chatMessageId": messages[sent]}))
            .await
            .is_empty(200);
        let list = api.get(&ann, &delivery).await.body;
        let [one] = list["value"].as_array().unwrap().as_slice() else {
            panic!("{list}")
        };
        assert_eq!(one["senderCommunicationIdentifier"], identifier(&bob));
        assert_eq!(one["chatMessageId"], *messages[delivered]);
        assert!(is_whole_second(&one["deliveredOn"]) && one.get("readOn").is_none());
        let list = api.get(&ann, &read).await.body;
        assert_eq!(
            list["value"].get(0).map(|one| string(&one["chatMessageId"])),
            seen.map(|seen: usize| messages[seen].as_str())
        );
    }
}

#[tokio::test]
async fn a_receipt_names_a_message_of_the_thread() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    for kind in ["readReceipts", "deliveryReceipts"] {
        let receipts = format!("{thread}/{kind}");
        for id in ["1", "", "x"] {
            api.post(&ann, &receipts, json!({"chatMessageId": id}))
                .await
                .is_error(404, "NotFound");
        }
        api.post(&ann, &receipts, json!({}))
            .await
            .is_error(400, "BadRequest");
    }
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
async fn threads_of_more_than_twenty_have_none_of_them() {
    let api = Api::new().await;
    let (ann, last) = (api.person().await, api.person().await);
    let mut others = Vec::new();
    for _ in 0..19 {
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
    for kind in ["deliveryReceipts", "readReceipts"] {
        api.post(&ann, &format!("{thread}/{kind}"), receipt.clone())
            .await
            .is_empty(200);
    }
    api.post(&ann, &format!("{thread}/typing"), json!({}))
        .await
        .is_empty(200);
    let add = json!({"participants": [participant(&last)]});
    let added = api.post(&ann, &format!("{thread}/participants/:add"), add).await;
    assert_eq!(added.status, 201);
    for kind in ["deliveryReceipts", "readReceipts"] {
        api.post(&ann, &format!("{thread}/{kind}"), receipt.clone())
            .await
            .is_error(400, "BadRequest");
    }
    api.post(&ann, &format!("{thread}/typing"), json!({}))
        .await
        .is_error(400, "BadRequest");
}

#[tokio::test]
async fn receipts_come_in_the_order_of_reading_in_pages_that_skip() {
    let api = Api::new().await;
    let people = [
        api.person().await,
        api.person().await,
        api.person().await,
        api.person().await,
    ];
    let [ann, others @ ..] = &people;
    let thread = api.thread(ann, &others.iter().collect::<Vec<_>>()).await;
    let (one, two) = (
        api.message(ann, &thread, "1").await,
        api.message(ann, &thread, "2").await,
    );
    let receipts = format!("{thread}/readReceipts");
    for (reader, message) in [(3, &one), (1, &two), (0, &one), (2, &one), (3, &two)] {
        api.clock.advance(std::time::Duration::from_millis(1));
        api.post(&people[reader], &receipts, json!({"chatMessageId": message}))
            .await
            .is_empty(200);
    }
    let page = api
        .get(ann, &format!("{receipts}?skip=1&maxPageSize=2"))
        .await
        .body;
    let readers: Vec<_> = page["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|receipt| string(&receipt["senderCommunicationIdentifier"]["rawId"]))
        .collect();
    assert_eq!(readers, [&people[0].raw_id, &people[2].raw_id]);
    let next = api.follow(ann, string(&page["nextLink"])).await.body;
    assert_eq!(
        next["value"][0]["senderCommunicationIdentifier"],
        identifier(&people[3])
    );
    assert_eq!(next["value"][0]["chatMessageId"], *two);
    assert!(next.get("nextLink").is_none());
}
