//! Messages that are kept on the device until they are sent, against a stubbed server and the browser's IndexedDB.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    local_data::{client, client_of, client_with, event, go_online, kept_databases},
    support::{
        assert_error, call, field, install, json, pass_time, request_at, request_count, settled, text,
        will_answer,
    },
};

#[wasm_bindgen_test]
async fn a_queued_message_is_sent_with_an_id_of_its_own_and_told() {
    install();
    let client = client("queued");
    let sent = event(&client, "chatMessageSent");
    will_answer(201, r#"{"id":"17"}"#, "");
    let options = json(r#"{"senderDisplayName":"Ann","type":"html","metadata":{"k":"v"}}"#);
    let request = json(r#"{"content":"<b>hi</b>"}"#);
    let pending = settled(call(&thread(&client), "queueMessage", &[request, options]).unwrap())
        .await
        .expect("kept");
    assert_eq!(text(&pending, "state"), "pending");
    assert_eq!(text(&pending, "content"), "<b>hi</b>");
    assert!(field(&pending, "queuedOn").is_instance_of::<js_sys::Date>());

    let sent = settled(sent).await.expect("told");
    assert_eq!(text(&sent, "messageId"), "17");
    assert_eq!(text(&sent, "pendingId"), text(&pending, "pendingId"));
    assert_eq!(text(&sent, "state"), "sent");
    let asked = request_at(0);
    assert!(text(&asked, "url").contains("/chat/threads/19%3Ax%40thread.v2/messages?"));
    assert_eq!(text(&asked, "headers.repeatability-request-id").len(), 36);
    let body = json(&text(&asked, "body"));
    assert_eq!(text(&body, "content"), "<b>hi</b>");
    assert_eq!(text(&body, "metadata.k"), "v");
    assert!(pending_of(&client).await.is_empty());
    clear(&client).await;
}

#[wasm_bindgen_test]
async fn a_message_without_an_answer_is_repeated_with_its_id_before_the_next_one_of_the_thread() {
    install();
    let client = client("offline");
    will_answer(0, "", "");
    queue(&client, "one").await;
    queue(&client, "two").await;
    requests(1).await;
    let contents: Vec<String> = pending_of(&client)
        .await
        .iter()
        .map(|message| text(message, "content"))
        .collect();
    assert_eq!(contents, ["one", "two"]);
    will_answer(201, r#"{"id":"1"}"#, "");
    will_answer(201, r#"{"id":"2"}"#, "");
    let first = event(&client, "chatMessageSent");
    go_online();
    assert_eq!(text(&settled(first).await.expect("sent"), "content"), "one");
    nothing_pending(&client).await;
    let asked: Vec<String> = (0..3).map(content).collect();
    assert_eq!(asked, ["one", "one", "two"]);
    assert_eq!(request_id(0), request_id(1));
    assert_ne!(request_id(1), request_id(2));
    clear(&client).await;
}

#[wasm_bindgen_test]
async fn a_refused_message_is_told_kept_and_does_not_hold_up_the_next_one() {
    install();
    let client = client("refused");
    let failed = event(&client, "chatMessageFailed");
    let sent = event(&client, "chatMessageSent");
    let refusal = r#"{"error":{"code":"Forbidden","message":"You are not in this thread."}}"#;
    will_answer(403, refusal, r#"{"x-request-id":"req-7"}"#);
    will_answer(201, r#"{"id":"2"}"#, "");
    queue(&client, "one").await;
    queue(&client, "two").await;
    let failed = settled(failed).await.expect("told");
    assert_eq!(text(&failed, "state"), "failed");
    assert_eq!(text(&failed, "content"), "one");
    assert_eq!(text(&failed, "error.code"), "Forbidden");
    assert_eq!(field(&failed, "error.statusCode"), 403);
    assert_eq!(text(&failed, "error.requestId"), "req-7");
    assert_eq!(text(&settled(sent).await.expect("sent"), "content"), "two");

    let kept = pending_of(&client).await;
    assert_eq!(text(&kept[0], "state"), "failed");
    let sent = event(&client, "chatMessageSent");
    will_answer(201, r#"{"id":"3"}"#, "");
    ask(&client, "retryPendingMessage", &field(&failed, "pendingId"))
        .await
        .expect("tried again");
    assert_eq!(text(&settled(sent).await.expect("sent"), "content"), "one");
    nothing_pending(&client).await;
    clear(&client).await;
}

#[wasm_bindgen_test]
async fn a_busy_server_is_asked_again_when_it_says() {
    install();
    let client = client("busy");
    let sent = event(&client, "chatMessageSent");
    will_answer(429, "", r#"{"retry-after":"1"}"#);
    will_answer(201, r#"{"id":"1"}"#, "");
    queue(&client, "one").await;
    settled(sent).await.expect("sent");
    assert_eq!(request_id(0), request_id(1));
    clear(&client).await;
}

#[wasm_bindgen_test]
async fn a_message_that_was_taken_back_is_not_sent() {
    install();
    let client = client("canceled");
    let canceled = event(&client, "chatMessageCanceled");
    will_answer(0, "", "");
    queue(&client, "one").await;
    let second = queue(&client, "two").await;
    requests(1).await;
    ask(&client, "cancelPendingMessage", &field(&second, "pendingId"))
        .await
        .expect("taken back");
    assert_eq!(text(&settled(canceled).await.expect("told"), "content"), "two");
    let again = ask(&client, "cancelPendingMessage", &field(&second, "pendingId")).await;
    assert_error(&again.expect_err("gone"), "LocalDataError", "notFound");
    will_answer(201, r#"{"id":"1"}"#, "");
    go_online();
    nothing_pending(&client).await;
    assert_eq!(request_count(), 2);
    clear(&client).await;
}

#[wasm_bindgen_test]
async fn what_is_older_than_the_server_remembers_is_given_up_and_can_be_sent_anew() {
    install();
    let client = client("old");
    let failed = event(&client, "chatMessageFailed");
    will_answer(0, "", "");
    queue(&client, "one").await;
    requests(1).await;
    pass_time(7 * 86_400);
    go_online();
    let failed = settled(failed).await.expect("given up");
    assert_eq!(text(&failed, "error.code"), "tooOld");
    assert_eq!(request_count(), 1);
    let sent = event(&client, "chatMessageSent");
    will_answer(201, r#"{"id":"1"}"#, "");
    drop(ask(&client, "retryPendingMessage", &field(&failed, "pendingId")).await);
    settled(sent).await.expect("sent");
    assert_ne!(request_id(0), request_id(1), "a new message to the server");
    clear(&client).await;
}

#[wasm_bindgen_test]
async fn two_clients_of_one_user_send_each_message_once_and_both_hear_of_it() {
    install();
    let (first, second) = (client("twotabs"), client("twotabs"));
    assert!(pending_of(&first).await.is_empty() && pending_of(&second).await.is_empty());
    for id in 1..=4 {
        will_answer(201, &format!(r#"{{"id":"{id}"}}"#), "");
    }
    for content in ["one", "two", "three", "four"] {
        let heard = [
            event(&first, "chatMessageSent"),
            event(&second, "chatMessageSent"),
        ];
        let from = if content.len() == 3 { &first } else { &second };
        queue(from, content).await;
        for heard in heard {
            assert_eq!(text(&settled(heard).await.expect("heard"), "content"), content);
        }
    }
    assert_eq!(request_count(), 4);
    clear(&first).await;
}

#[wasm_bindgen_test]
async fn when_the_sending_client_is_gone_another_one_goes_on() {
    install();
    let (first, second) = (client_of("heir"), client_of("heir"));
    let thread_of_first = thread(&first.client);
    will_answer(0, "", "");
    settled(call(&thread_of_first, "queueMessage", &[json(r#"{"content":"one"}"#)]).unwrap())
        .await
        .expect("kept");
    requests(1).await;
    assert_eq!(pending_of(&second.client).await.len(), 1);
    let sent = event(&second.client, "chatMessageSent");
    will_answer(201, r#"{"id":"1"}"#, "");
    call(&first.credential, "dispose", &[]).expect("disposed");
    go_online();
    settled(sent).await.expect("sent");
    assert_eq!(request_id(0), request_id(1));
    assert_eq!(request_count(), 2);
    clear(&second.client).await;
}

#[wasm_bindgen_test]
async fn clearing_leaves_nothing_and_ends_it_in_every_client() {
    install();
    let (first, second) = (client("cleared"), client("cleared"));
    will_answer(0, "", "");
    queue(&first, "one").await;
    assert_eq!(pending_of(&second).await.len(), 1);
    assert!(
        kept_databases()
            .await
            .iter()
            .any(|name| name.contains("acs:r_cleared"))
    );
    clear(&first).await;
    assert!(
        !kept_databases()
            .await
            .iter()
            .any(|name| name.contains("acs:r_cleared"))
    );
    for client in [&first, &second] {
        let request = json(r#"{"content":"two"}"#);
        let refused = settled(call(&thread(client), "queueMessage", &[request]).unwrap()).await;
        assert_error(&refused.expect_err("closed"), "LocalDataError", "closed");
    }
}

#[wasm_bindgen_test]
async fn nothing_is_sent_with_the_token_of_somebody_else() {
    install();
    let options = json(
        r#"{"localData":{"user":{"communicationUserId":"8:acs:r_ann"}},"retryOptions":{"maxRetries":0}}"#,
    );
    let client = client_with("mallory", &options);
    queue(&client, "one").await;
    go_online();
    assert_eq!(pending_of(&client).await.len(), 1);
    assert_eq!(request_count(), 0);
    clear(&client).await;
}

#[wasm_bindgen_test]
async fn without_the_option_it_says_which_one_is_missing() {
    install();
    let client = client_with("without", &JsValue::UNDEFINED);
    let request = json(r#"{"content":"one"}"#);
    let refused = settled(call(&thread(&client), "queueMessage", &[request]).unwrap()).await;
    assert_error(&refused.expect_err("refused"), "LocalDataError", "notEnabled");
    let options = json(r#"{"localData":{"outbox":false}}"#);
    let client = client_with("without", &options);
    let refused = settled(call(&thread(&client), "listPendingMessages", &[]).unwrap()).await;
    assert_error(&refused.expect_err("refused"), "LocalDataError", "notEnabled");
    clear(&client).await;
}

fn thread(client: &JsValue) -> JsValue {
    call(client, "getChatThreadClient", &["19:x@thread.v2".into()]).expect("a client")
}

async fn queue(client: &JsValue, content: &str) -> JsValue {
    let request = js_sys::Object::new();
    Reflect::set(&request, &"content".into(), &content.into()).expect("a plain object");
    settled(call(&thread(client), "queueMessage", &[request.into()]).expect("a promise"))
        .await
        .expect("kept")
}

async fn ask(client: &JsValue, method: &str, pending_id: &JsValue) -> Result<JsValue, JsValue> {
    settled(call(&thread(client), method, std::slice::from_ref(pending_id))?).await
}

async fn pending_of(client: &JsValue) -> Vec<JsValue> {
    let list = call(&thread(client), "listPendingMessages", &[]).expect("a promise");
    let list = settled(list).await.expect("a list");
    list.unchecked_into::<Array>().iter().collect()
}

async fn nothing_pending(client: &JsValue) {
    while !pending_of(client).await.is_empty() {}
}

/// Resolves once the client has asked so often.
async fn requests(count: u32) {
    while request_count() < count {
        turn().await;
    }
}

async fn turn() {
    let turn = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().expect("a page");
        let set: js_sys::Function = field(&window, "setTimeout").unchecked_into();
        set.call1(&window, &resolve).expect("a timer");
    });
    settled(turn).await.expect("a turn");
}

async fn clear(client: &JsValue) {
    settled(call(client, "clearLocalData", &[]).expect("a promise"))
        .await
        .expect("cleared");
}

fn content(request: u32) -> String {
    text(&json(&text(&request_at(request), "body")), "content")
}

fn request_id(request: u32) -> String {
    text(&request_at(request), "headers.repeatability-request-id")
}
