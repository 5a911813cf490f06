//! Files of messages, against a stubbed `XMLHttpRequest`.

use js_sys::{Array, Object, Reflect, Uint8Array};
use openline::{ChatClient, ChatThreadClient};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::support::{
    ENDPOINT, Recorder, assert_error, call, collect_reports, credential_of, field, function, install, json,
    request_at, request_count, settled, text, will_answer, without_transfers,
};

#[wasm_bindgen]
extern "C" {
    type File;
    #[wasm_bindgen(constructor)]
    fn new(parts: &Array, name: &str, options: &JsValue) -> File;
}

const IMAGE: &str = r#"{"id":"i1","attachmentType":"image","name":"soup.png","url":"https://stub.test/x",
    "previewUrl":"https://stub.test/y","contentType":"image/png","sizeBytes":4,"width":2,"height":1}"#;

#[wasm_bindgen_test]
async fn an_upload_tells_how_far_it_is_and_resolves_with_the_file() {
    install();
    will_answer(201, IMAGE, r#"{"content-type":"application/json"}"#);
    let told = Recorder::new();
    let options = object([("onProgress", told.function())]);
    let attachment = settled(thread().upload_attachment(&file("soup & salad.png"), &options))
        .await
        .expect("uploaded");
    assert_eq!(text(&attachment, "id"), "i1");
    assert_eq!(text(&attachment, "previewUrl"), "https://stub.test/y");
    assert_eq!(field(&attachment, "sizeBytes"), 4);

    let sent = request_at(0);
    assert_eq!(text(&sent, "method"), "POST");
    assert_eq!(
        text(&sent, "url"),
        "https://stub.test/chat/threads/19%3Ax%40thread.v2/attachments\
         ?name=soup%20%26%20salad.png&api-version=2025-03-15"
    );
    assert_eq!(text(&sent, "body"), "soup");
    assert!(text(&sent, "headers.authorization").starts_with("Bearer ey"));
    assert!(
        field(&sent, "headers.content-type").is_undefined(),
        "the browser says what the file is"
    );
    let told: Vec<String> = told.got().iter().map(progress).collect();
    assert_eq!(told, ["2 of 4", "4 of 4"]);
}

#[wasm_bindgen_test]
async fn a_file_can_have_another_name_or_none() {
    install();
    will_answer(201, IMAGE, "");
    will_answer(201, IMAGE, "");
    settled(thread().upload_attachment(&file("a.png"), &json(r#"{"name":"b.png"}"#)))
        .await
        .expect("uploaded");
    let blob = settled(call(&file("a.png"), "slice", &[]).expect("a blob"))
        .await
        .expect("a blob");
    settled(thread().upload_attachment(&blob, &JsValue::UNDEFINED))
        .await
        .expect("uploaded");
    assert!(text(&request_at(0), "url").contains("?name=b.png&"));
    assert!(text(&request_at(1), "url").contains("/attachments?api-version="));
}

#[wasm_bindgen_test]
async fn a_download_is_a_blob_with_its_type_and_its_bytes() {
    install();
    will_answer(200, "{\"not\": \"parsed\"}", r#"{"content-type":"text/plain"}"#);
    let told = Recorder::new();
    let answers = Recorder::new();
    let options = object([
        ("onProgress", told.function()),
        ("onResponse", answers.function()),
    ]);
    let blob = settled(thread().download_attachment("f/1", &options))
        .await
        .expect("downloaded");
    assert_eq!(text(&blob, "type"), "text/plain");
    let content = settled(call(&blob, "text", &[]).expect("a promise")).await;
    assert_eq!(content, Ok("{\"not\": \"parsed\"}".into()));
    assert!(text(&request_at(0), "url").contains("/attachments/f%2F1?"));
    assert_eq!(told.got().len(), 2);
    assert_eq!(field(&answers.got()[0], "status"), 200);

    will_answer(200, "", "");
    let preview = json(r#"{"view":"small"}"#);
    settled(thread().download_attachment("i1", &preview))
        .await
        .expect("downloaded");
    assert!(text(&request_at(1), "url").contains("/images/i1/view/small?"));
}

#[wasm_bindgen_test]
async fn a_message_names_its_files_and_an_edit_those_that_stay() {
    install();
    let attachments = [r#"{"content":"","attachments":["#, IMAGE, "]}"].concat();
    will_answer(201, r#"{"id":"17"}"#, "");
    settled(thread().send_message(&json(r#"{"content":""}"#), &json(&attachments)))
        .await
        .expect("sent");
    let body = json(&text(&request_at(0), "body"));
    assert_eq!(text(&body, "attachments.0.id"), "i1");
    assert_eq!(text(&body, "content"), "");
    will_answer(204, "", "");
    settled(thread().update_message("17", &json(r#"{"attachments":[]}"#)))
        .await
        .expect("edited");
    assert_eq!(text(&request_at(1), "body"), r#"{"attachments":[]}"#);
    will_answer(204, "", "");
    settled(thread().delete_attachment("i1", &JsValue::UNDEFINED))
        .await
        .expect("deleted");
    assert_eq!(text(&request_at(2), "method"), "DELETE");
    assert!(text(&request_at(2), "url").contains("/attachments/i1?"));
}

#[wasm_bindgen_test]
async fn a_refused_transfer_is_a_rest_error_and_a_busy_server_is_asked_again() {
    install();
    let refusal = r#"{"error":{"code":"RequestEntityTooLarge","message":"The file is over the limit."}}"#;
    will_answer(503, "", r#"{"retry-after":"0"}"#);
    will_answer(
        413,
        refusal,
        r#"{"x-request-id":"req-9","date":"Sat, 01 Jan 2028 12:00:00 GMT"}"#,
    );
    let error = settled(thread().upload_attachment(&file("a"), &JsValue::UNDEFINED))
        .await
        .expect_err("refused");
    assert_error(&error, "RestError", "RequestEntityTooLarge");
    assert_eq!(text(&error, "requestId"), "req-9");
    let headers = field(&error, "response.headers");
    let date = call(&headers, "get", &["date".into()]);
    assert_eq!(date, Ok("Sat, 01 Jan 2028 12:00:00 GMT".into()));
    assert_eq!(request_count(), 2);
    will_answer(404, "", "");
    let error = settled(thread().download_attachment("gone", &JsValue::UNDEFINED))
        .await
        .expect_err("refused");
    assert_error(&error, "RestError", "NotFound");
}

#[wasm_bindgen_test]
async fn an_upload_can_be_given_up_in_the_middle() {
    install();
    will_answer(-1, "", "");
    let controller = AbortController::new().expect("supported");
    let aborting = controller.clone();
    let on_progress = function(move |_| {
        aborting.abort();
        JsValue::UNDEFINED
    });
    let options = object([
        ("abortSignal", controller.signal().into()),
        ("onProgress", on_progress),
    ]);
    let error = settled(thread().upload_attachment(&file("a"), &options)).await;
    assert_error(&error.expect_err("aborted"), "AbortError", "");
    assert_eq!(request_count(), 1);
}

#[wasm_bindgen_test]
async fn a_transfer_that_stands_still_or_breaks_fails() {
    install();
    will_answer(-1, "", "");
    let impatient = json(r#"{"requestOptions":{"timeout":1}}"#);
    let error = settled(thread().upload_attachment(&file("a"), &impatient)).await;
    assert_error(
        &error.expect_err("it stood still"),
        "RestError",
        "REQUEST_SEND_ERROR",
    );
    will_answer(0, "", "");
    let error = settled(thread().upload_attachment(&file("a"), &JsValue::UNDEFINED)).await;
    assert_error(&error.expect_err("it broke"), "RestError", "REQUEST_SEND_ERROR");
}

#[wasm_bindgen_test]
async fn what_on_progress_throws_is_reported_and_stops_nothing() {
    install();
    let reports = collect_reports();
    will_answer(201, IMAGE, "");
    let throwing = js_sys::Function::new_no_args("throw new Error('mine')");
    let options = object([("onProgress", throwing.into())]);
    settled(thread().upload_attachment(&file("a"), &options))
        .await
        .expect("uploaded");
    assert_eq!(reports.length(), 2);
}

#[wasm_bindgen_test]
async fn where_nothing_tells_of_progress_files_go_without() {
    install();
    without_transfers();
    will_answer(201, IMAGE, "");
    settled(thread().upload_attachment(&file("a.txt"), &JsValue::UNDEFINED))
        .await
        .expect("uploaded");
    assert_eq!(text(&request_at(0), "body"), "soup");
    assert_eq!(text(&request_at(0), "headers.content-type"), "text/plain");
    will_answer(200, "soup", r#"{"content-type":"image/png"}"#);
    let blob = settled(thread().download_attachment("f", &JsValue::UNDEFINED))
        .await
        .expect("downloaded");
    assert_eq!(text(&blob, "type"), "image/png");
    assert_eq!(field(&blob, "size"), 4);
}

#[wasm_bindgen_test]
async fn what_is_no_file_is_refused_before_anything_is_sent() {
    install();
    let bytes = Uint8Array::new_with_length(4);
    for nothing in [
        JsValue::UNDEFINED,
        "soup".into(),
        bytes.into(),
        json(r#"{"size":4}"#),
    ] {
        let error = settled(thread().upload_attachment(&nothing, &JsValue::UNDEFINED)).await;
        assert!(error.expect_err("refused").is_instance_of::<js_sys::TypeError>());
    }
    let options = json(r#"{"attachments":{"id":"i1"}}"#);
    let error = settled(thread().send_message(&json(r#"{"content":""}"#), &options)).await;
    assert!(error.expect_err("refused").is_instance_of::<js_sys::TypeError>());
    assert_eq!(request_count(), 0);
}

fn thread() -> ChatThreadClient {
    ChatClient::new(ENDPOINT, &credential_of("ann"), &JsValue::UNDEFINED)
        .expect("valid")
        .get_chat_thread_client("19:x@thread.v2")
}

/// A file of four bytes.
fn file(name: &str) -> JsValue {
    let parts = Array::of1(&"soup".into());
    File::new(&parts, name, &json(r#"{"type":"text/plain"}"#)).unchecked_into()
}

fn progress(told: &JsValue) -> String {
    let number = |name| field(told, name).as_f64().unwrap_or(f64::NAN);
    format!("{} of {}", number("loadedBytes"), number("totalBytes"))
}

fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &name.into(), &value).expect("a plain object");
    }
    object.into()
}
