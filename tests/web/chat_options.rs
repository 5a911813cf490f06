//! The options that every chat operation takes, and those of the clients, against a stubbed `fetch`.

use js_sys::Reflect;
use openline::{ChatClient, ChatThreadClient};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::support::{
    ENDPOINT, Recorder, assert_error, call, credential_of, field, install, json, long_timer, request_at,
    request_count, settled, text, will_answer,
};

const THREAD: &str = r#"{"id":"t","topic":"Lunch","createdOn":"2024-05-14T07:51:06Z"}"#;

#[wasm_bindgen_test]
async fn the_application_sees_the_answer_that_decides() {
    install();
    let told = Recorder::new();
    let options = object([("onResponse", told.function())]);
    will_answer(503, "", r#"{"retry-after":"0"}"#);
    will_answer(200, THREAD, r#"{"x-request-id":"req-1"}"#);
    settled(thread().get_properties(&options)).await.expect("read");
    let [answer] = &*told.got() else {
        panic!("once: the repeat is not its business");
    };
    assert_eq!(field(answer, "status"), 200);
    assert_eq!(text(answer, "bodyAsText"), THREAD);
    assert_eq!(text(answer, "parsedBody.topic"), "Lunch");
    assert_eq!(text(answer, "request.method"), "GET");
    let headers = field(answer, "headers");
    assert_eq!(
        call(&headers, "get", &["x-request-id".into()]),
        Ok("req-1".into())
    );
}

#[wasm_bindgen_test]
async fn a_refusal_is_told_as_well_and_the_error_carries_the_answer() {
    install();
    let told = Recorder::new();
    let options = object([("onResponse", told.function())]);
    will_answer(404, "", "");
    let error = settled(thread().get_properties(&options))
        .await
        .expect_err("refused");
    assert_eq!(field(&told.got()[0], "status"), 404);
    assert_eq!(field(&error, "response.status"), 404);
}

#[wasm_bindgen_test]
async fn what_on_response_throws_rejects_the_operation() {
    install();
    let throwing = js_sys::Function::new_no_args("throw new Error('mine')");
    let options = object([("onResponse", throwing.into())]);
    will_answer(200, THREAD, "");
    let error = settled(thread().get_properties(&options)).await;
    assert_eq!(text(&error.expect_err("thrown"), "message"), "mine");
}

#[wasm_bindgen_test]
async fn headers_of_the_application_are_added_and_replace_none_of_ours() {
    install();
    will_answer(200, THREAD, "");
    let options = json(r#"{"requestOptions":{"customHeaders":{"x-trace":"7","Authorization":"Basic x"}}}"#);
    settled(thread().get_properties(&options)).await.expect("read");
    let sent = request_at(0);
    assert_eq!(text(&sent, "headers.x-trace"), "7");
    assert!(text(&sent, "headers.authorization").starts_with("Bearer ey"));

    let options = json(r#"{"requestOptions":{"customHeaders":{"no header":"x"}}}"#);
    let error = settled(thread().get_properties(&options))
        .await
        .expect_err("refused");
    assert!(error.is_instance_of::<js_sys::TypeError>());
}

#[wasm_bindgen_test]
async fn an_attempt_that_takes_too_long_is_given_up() {
    install();
    will_answer(-1, "", "");
    let client = client(r#"{"retryOptions":{"maxRetries":0}}"#);
    let options = json(r#"{"requestOptions":{"timeout":1}}"#);
    let error = settled(client.delete_chat_thread("t", &options)).await;
    assert_error(&error.expect_err("silent"), "RestError", "REQUEST_SEND_ERROR");
}

#[wasm_bindgen_test]
async fn the_application_says_how_often_a_request_is_repeated() {
    install();
    let client = client(r#"{"retryOptions":{"maxRetries":5,"retryDelayInMs":1}}"#);
    for _ in 0..5 {
        will_answer(503, "", "");
    }
    will_answer(204, "", "");
    settled(client.delete_chat_thread("t", &JsValue::UNDEFINED))
        .await
        .expect("the sixth attempt");
    assert_eq!(request_count(), 6);
}

#[wasm_bindgen_test]
async fn an_abort_ends_the_wait_for_a_busy_server() {
    install();
    let controller = AbortController::new().expect("supported");
    let options = object([("abortSignal", controller.signal().into())]);
    will_answer(429, "", r#"{"retry-after":"59"}"#);
    let waiting = long_timer();
    let pending = client("{}").delete_chat_thread("t", &options);
    settled(waiting).await.expect("it waits");
    controller.abort();
    assert_error(&settled(pending).await.expect_err("aborted"), "AbortError", "");
    assert_eq!(request_count(), 1);
}

#[wasm_bindgen_test]
async fn a_busy_server_may_name_a_time() {
    install();
    will_answer(503, "", r#"{"retry-after":"Thu, 01 Jan 1970 00:00:00 GMT"}"#);
    will_answer(204, "", "");
    settled(client("{}").delete_chat_thread("t", &JsValue::UNDEFINED))
        .await
        .expect("the time is past");
    assert_eq!(request_count(), 2);
}

#[wasm_bindgen_test]
async fn a_thread_client_is_made_by_hand() {
    install();
    will_answer(200, THREAD, "");
    let thread = ChatThreadClient::new(ENDPOINT, "a/b", &credential_of("ann"), &JsValue::UNDEFINED);
    let thread = thread.expect("valid");
    assert_eq!(thread.thread_id(), "a/b");
    settled(thread.get_properties(&JsValue::UNDEFINED))
        .await
        .expect("read");
    assert!(text(&request_at(0), "url").contains("/chat/threads/a%2Fb?"));
    let nobody = ChatThreadClient::new(ENDPOINT, "t", &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    assert!(nobody.is_err());
}

#[wasm_bindgen_test]
async fn a_list_goes_on_after_a_page_that_was_read_before() {
    install();
    let page = |id: &str, next: &str| {
        will_answer(
            200,
            &format!(r#"{{"value":[{{"id":"{id}","topic":"t"}}]{next}}}"#),
            "",
        );
    };
    page("1", r#","nextLink":"https://stub.test/chat/threads?page=2""#);
    let pages = call(&threads(), "byPage", &[]).expect("pages");
    let first = next(&pages).await;
    let token = text(&first, "value.continuationToken");
    assert_eq!(token, "https://stub.test/chat/threads?page=2");

    page("2", "");
    let settings = object([("continuationToken", token.into())]);
    let pages = call(&threads(), "byPage", &[settings]).expect("pages");
    let second = next(&pages).await;
    assert_eq!(text(&second, "value.0.id"), "2");
    assert!(field(&second, "value.continuationToken").is_undefined());
    assert_eq!(
        text(&request_at(1), "url"),
        "https://stub.test/chat/threads?page=2"
    );
    assert_eq!(text(&request_at(1), "headers.x-trace"), "7", "on every page");
    assert_eq!(field(&next(&pages).await, "done"), true);
}

async fn next(pages: &JsValue) -> JsValue {
    settled(call(pages, "next", &[]).expect("a promise"))
        .await
        .expect("a step")
}

fn threads() -> JsValue {
    let options = json(r#"{"requestOptions":{"customHeaders":{"x-trace":"7"}}}"#);
    client("{}").list_chat_threads(&options).expect("valid").into()
}

fn client(options: &str) -> ChatClient {
    ChatClient::new(ENDPOINT, &credential_of("ann"), &json(options)).expect("valid")
}

fn thread() -> ChatThreadClient {
    client("{}").get_chat_thread_client("t")
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &name.into(), &value).expect("a plain object");
    }
    object.into()
}
