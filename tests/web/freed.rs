//! Objects that the page freed, or lost, while something is under way.

use openline::{ChatClient, CommunicationTokenCredential};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    ENDPOINT, call, credential_of, install, json, sent_frame, settled, text, token, will_answer,
};

#[wasm_bindgen_test]
async fn a_freed_client_finishes_its_requests() {
    install();
    will_answer(201, r#"{"id":"1"}"#, "");
    let client: JsValue = ChatClient::new(ENDPOINT, &credential_of("ann"), &JsValue::UNDEFINED)
        .expect("valid")
        .into();
    let thread = call(&client, "getChatThreadClient", &["t".into()]).expect("a thread client");
    let sent = call(&thread, "sendMessage", &[json(r#"{"content":"hi"}"#)]).expect("a promise");
    call(&thread, "free", &[]).expect("freed");
    call(&client, "free", &[]).expect("freed");
    assert_eq!(text(&settled(sent).await.expect("sent"), "id"), "1");
    call(&thread, "sendMessage", &[json("{}")]).expect_err("a freed object throws, and does not crash");
}

#[wasm_bindgen_test]
async fn a_freed_client_that_was_starting_keeps_its_promise() {
    install();
    let client: JsValue = ChatClient::new(ENDPOINT, &credential_of("gone"), &JsValue::UNDEFINED)
        .expect("valid")
        .into();
    let started = call(&client, "startRealtimeNotifications", &[]).expect("a promise");
    settled(sent_frame(0, "hello")).await.expect("a frame");
    call(&client, "free", &[]).expect("freed");
    crate::support::server_closes(0, 4403);
    settled(started).await.expect_err("told all the same");
}

#[wasm_bindgen_test]
async fn a_freed_credential_answers_those_who_wait() {
    let jwt = token("ann", 3_600);
    let credential: JsValue = CommunicationTokenCredential::new(&jwt.as_str().into())
        .expect("valid")
        .into();
    let answer = call(&credential, "getToken", &[]).expect("a promise");
    call(&credential, "free", &[]).expect("freed");
    assert_eq!(text(&settled(answer).await.expect("a token"), "token"), jwt);
}
