//! The chat clients over REST, against a stubbed `fetch`.

use js_sys::{Array, Date};
use openline::{ChatClient, ChatThreadClient, CommunicationTokenCredential};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::support::{
    ENDPOINT, Recorder, assert_error, call, credential_of, field, function, install, json, pass_time,
    request_at, request_count, settled, text, token, will_answer,
};

const THREAD: &str = r#"{"id":"19:x@thread.v2","topic":"Lunch","createdOn":"2024-05-14T07:51:06Z",
    "createdByCommunicationIdentifier":{"rawId":"8:acs:r_ann","communicationUser":{"id":"8:acs:r_ann"}}}"#;

#[wasm_bindgen_test]
async fn creating_a_thread_sends_what_the_service_expects_and_returns_plain_data() {
    install();
    will_answer(
        201,
        &format!(
            r#"{{"chatThread":{THREAD},"invalidParticipants":[{{"code":"404","message":"Not found","target":"8:acs:r_x"}}]}}"#
        ),
        "",
    );
    let request = json(r#"{"topic":"Lunch"}"#);
    let options = json(
        r#"{"participants":[{"id":{"communicationUserId":"8:acs:r_bob"},"displayName":"Bob"}],
            "idempotencyToken":"once","metadata":{"a":"b"}}"#,
    );
    let created = settled(client().create_chat_thread(&request, &options))
        .await
        .expect("created");

    let sent = request_at(0);
    assert_eq!(text(&sent, "method"), "POST");
    assert_eq!(
        text(&sent, "url"),
        "https://stub.test/chat/threads?api-version=2025-03-15"
    );
    assert!(text(&sent, "headers.authorization").starts_with("Bearer ey"));
    assert_eq!(text(&sent, "headers.repeatability-request-id"), "once");
    assert_eq!(text(&sent, "headers.content-type"), "application/json");
    let body = json(&text(&sent, "body"));
    assert_eq!(text(&body, "topic"), "Lunch");
    assert_eq!(
        text(&body, "participants.0.communicationIdentifier.rawId"),
        "8:acs:r_bob"
    );
    assert_eq!(
        text(
            &body,
            "participants.0.communicationIdentifier.communicationUser.id"
        ),
        "8:acs:r_bob"
    );
    assert_eq!(text(&body, "metadata.a"), "b");

    assert_eq!(text(&created, "chatThread.topic"), "Lunch");
    assert_eq!(text(&created, "chatThread.createdBy.kind"), "communicationUser");
    assert_eq!(
        text(&created, "chatThread.createdBy.communicationUserId"),
        "8:acs:r_ann"
    );
    assert!(field(&created, "chatThread.createdOn").is_instance_of::<Date>());
    assert_eq!(text(&created, "invalidParticipants.0.target"), "8:acs:r_x");
}

#[wasm_bindgen_test]
async fn a_message_is_sent_with_its_options_and_read_back() {
    install();
    let thread = thread();
    will_answer(201, r#"{"id":"17"}"#, "");
    let options = json(r#"{"senderDisplayName":"Ann","type":"html","metadata":{"k":"v"}}"#);
    let sent = settled(thread.send_message(&json(r#"{"content":"<b>hi</b>"}"#), &options))
        .await
        .expect("sent");
    assert_eq!(text(&sent, "id"), "17");
    assert!(text(&request_at(0), "url").contains("/chat/threads/19%3Ax%40thread.v2/messages?"));
    assert_eq!(text(&json(&text(&request_at(0), "body")), "type"), "html");

    will_answer(
        200,
        r#"{"id":"17","type":"text","sequenceId":"3","version":"18","content":{"message":"hi","attachments":[]},
            "senderDisplayName":"Ann","createdOn":"2024-05-14T07:51:06Z","editedOn":"2024-05-14T07:51:07Z",
            "senderCommunicationIdentifier":{"rawId":"8:acs:r_ann","communicationUser":{"id":"8:acs:r_ann"}},
            "somethingNew":true}"#,
        "",
    );
    let message = settled(thread.get_message("17", &JsValue::UNDEFINED))
        .await
        .expect("read");
    assert_eq!(text(&message, "content.message"), "hi");
    assert_eq!(text(&message, "sender.communicationUserId"), "8:acs:r_ann");
    assert!(field(&message, "editedOn").is_instance_of::<Date>());
    assert!(field(&message, "deletedOn").is_undefined());
}

#[wasm_bindgen_test]
async fn an_edit_is_a_merge_patch_in_which_null_removes() {
    install();
    will_answer(204, "", "");
    let options = json(r#"{"content":"new","metadata":{"gone":null,"kept":"x"}}"#);
    settled(thread().update_message("17", &options))
        .await
        .expect("edited");
    let sent = request_at(0);
    assert_eq!(text(&sent, "method"), "PATCH");
    assert_eq!(
        text(&sent, "headers.content-type"),
        "application/merge-patch+json"
    );
    assert_eq!(
        text(&sent, "body"),
        r#"{"content":"new","metadata":{"gone":null,"kept":"x"}}"#
    );
}

#[wasm_bindgen_test]
async fn a_refused_request_is_a_rest_error_with_details() {
    install();
    will_answer(
        403,
        r#"{"error":{"code":"Forbidden","message":"You are not in this thread.","target":"thread"}}"#,
        r#"{"x-request-id":"req-7"}"#,
    );
    let error = settled(thread().get_properties(&JsValue::UNDEFINED))
        .await
        .expect_err("refused");
    assert_error(&error, "RestError", "Forbidden");
    assert_eq!(field(&error, "statusCode"), 403);
    assert_eq!(text(&error, "requestId"), "req-7");
    assert_eq!(text(&error, "details.error.target"), "thread");
    assert_eq!(request_count(), 1);
}

#[wasm_bindgen_test]
async fn an_answer_that_is_not_ours_is_an_error_all_the_same() {
    install();
    will_answer(404, "<html>nginx</html>", "");
    let error = settled(thread().get_properties(&JsValue::UNDEFINED))
        .await
        .expect_err("refused");
    assert_error(&error, "RestError", "NotFound");
    will_answer(200, "<html>captive portal</html>", "");
    let error = settled(thread().get_properties(&JsValue::UNDEFINED))
        .await
        .expect_err("unreadable");
    assert!(error.is_instance_of::<js_sys::Error>());
}

#[wasm_bindgen_test]
async fn a_busy_server_is_asked_again_when_it_says() {
    install();
    will_answer(429, "", r#"{"retry-after":"0"}"#);
    will_answer(503, "", r#"{"retry-after":"0"}"#);
    will_answer(201, r#"{"id":"1"}"#, "");
    let sent = settled(thread().send_message(&json(r#"{"content":"hi"}"#), &JsValue::UNDEFINED)).await;
    assert_eq!(text(&sent.expect("sent"), "id"), "1");
    assert_eq!(request_count(), 3);
}

#[wasm_bindgen_test]
async fn silence_is_repeated_for_reads_and_for_messages_under_one_id() {
    install();
    will_answer(0, "", "");
    will_answer(200, THREAD, "");
    settled(thread().get_properties(&JsValue::UNDEFINED))
        .await
        .expect("the second attempt");
    assert_eq!(request_count(), 2);

    install();
    will_answer(0, "", "");
    will_answer(201, r#"{"id":"1"}"#, "");
    settled(thread().send_message(&json(r#"{"content":"hi"}"#), &JsValue::UNDEFINED))
        .await
        .expect("the second attempt");
    let id = |at| text(&request_at(at), "headers.repeatability-request-id");
    assert_eq!((request_count(), id(0).len()), (2, 36));
    assert_eq!(id(0), id(1));

    install();
    will_answer(0, "", "");
    let named = json(r#"{"requestOptions":{"customHeaders":{"repeatability-request-id":"mine"}}}"#);
    let error = settled(thread().send_message(&json(r#"{"content":"hi"}"#), &named)).await;
    let error = error.expect_err("unreachable");
    assert_error(&error, "RestError", "REQUEST_SEND_ERROR");
    assert_eq!((request_count(), id(0)), (1, "mine".to_owned()));
}

#[wasm_bindgen_test]
async fn a_refused_token_is_replaced_once() {
    let calls = Recorder::new();
    let record = calls.clone();
    let tokens = ["ann1", "ann2", "ann3"].map(|user| token(user, 3_600));
    let refresher = function(move |signal| {
        let supply = tokens[record.got().len().min(2)].as_str().into();
        record.record(signal);
        supply
    });
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"tokenRefresher".into(), &refresher).expect("a plain object");
    let credential = CommunicationTokenCredential::new(&options).expect("valid");
    let client = ChatClient::new(ENDPOINT, &credential.into(), &JsValue::UNDEFINED).expect("valid");
    // What the server answers, how often it is asked, and how often the refresher was by then.
    for (answers, requests, refreshes) in [
        ([401, 204], 2, 2),
        ([401, 401], 2, 3),
        // The refresher insists on the third token: the same one is no use.
        ([401, 204], 1, 4),
    ] {
        install();
        pass_time(10 * refreshes);
        for status in answers {
            will_answer(status, "", "");
        }
        let deleted = settled(client.delete_chat_thread("t", &JsValue::UNDEFINED)).await;
        assert_eq!(
            (request_count(), calls.got().len()),
            (requests, refreshes as usize)
        );
        if (requests, answers[1]) == (2, 204) {
            deleted.expect("deleted");
        } else {
            assert_error(&deleted.expect_err("refused"), "RestError", "Unauthorized");
        }
        let token_of = |index| text(&request_at(index), "headers.authorization");
        assert!(requests == 1 || token_of(0) != token_of(1));
    }
}

#[wasm_bindgen_test]
async fn without_a_refresher_a_refused_token_is_a_plain_401_that_says_what_to_do() {
    install();
    will_answer(401, "", "");
    let credential = CommunicationTokenCredential::new(&token("ann", 3_600).into()).expect("valid");
    let client = ChatClient::new(ENDPOINT, &credential.into(), &JsValue::UNDEFINED).expect("valid");
    let deleted = settled(client.delete_chat_thread("t", &JsValue::UNDEFINED)).await;
    let error = deleted.expect_err("refused");
    assert_error(&error, "RestError", "Unauthorized");
    assert_eq!(field(&error, "statusCode"), 401);
    assert_eq!(text(&error, "message"), "The token was refused. Sign in again.");
    assert_eq!(request_count(), 1);
}

#[wasm_bindgen_test]
async fn an_aborted_request_rejects_with_an_abort_error() {
    install();
    will_answer(-1, "", "");
    let controller = AbortController::new().expect("supported");
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"abortSignal".into(), &controller.signal()).expect("a plain object");
    let pending = thread().get_properties(&options);
    controller.abort();
    assert_error(&settled(pending).await.expect_err("aborted"), "AbortError", "");
    let late = settled(thread().get_properties(&options))
        .await
        .expect_err("aborted before");
    assert_error(&late, "AbortError", "");
}

#[wasm_bindgen_test]
async fn a_list_is_read_item_by_item_across_pages() {
    install();
    will_answer(
        200,
        &page(
            "1",
            Some("https://stub.test/chat/threads?page=2&api-version=2025-03-15"),
        ),
        "",
    );
    // A proxy gave the server another name: the token goes to the endpoint all the same.
    will_answer(
        200,
        &page("2", Some("https://inner.test/chat/threads?page=3")),
        "",
    );
    will_answer(200, &page("3", None), "");
    let threads = JsValue::from(
        client()
            .list_chat_threads(&json(r#"{"maxPageSize":1}"#))
            .expect("valid"),
    );
    let mut ids = Vec::new();
    loop {
        let step = settled(call(&threads, "next", &[]).expect("a promise"))
            .await
            .expect("a step");
        if field(&step, "done") == true {
            break;
        }
        ids.push(text(&step, "value.id"));
    }
    assert_eq!(ids, ["1", "2", "3"]);
    assert!(text(&request_at(0), "url").contains("maxPageSize=1"));
    assert_eq!(
        text(&request_at(2), "url"),
        "https://stub.test/chat/threads?page=3"
    );
    let done = settled(call(&threads, "next", &[]).expect("a promise"))
        .await
        .expect("a step");
    assert_eq!(field(&done, "done"), true);
}

#[wasm_bindgen_test]
async fn concurrent_steps_get_different_items_and_pages_come_as_arrays() {
    install();
    will_answer(200, &page("1", Some("https://stub.test/chat/threads?page=2")), "");
    will_answer(200, &page("2", None), "");
    let threads = JsValue::from(client().list_chat_threads(&JsValue::UNDEFINED).expect("valid"));
    let steps = [(); 3].map(|()| call(&threads, "next", &[]).expect("a promise"));
    let mut ids = Vec::new();
    for step in steps {
        ids.push(text(&settled(step).await.expect("a step"), "value.id"));
    }
    assert_eq!(ids, ["1", "2", ""]);

    will_answer(200, &page("1", None), "");
    let pages = call(&threads, "byPage", &[json(r#"{"maxPageSize":7}"#)]).expect("pages");
    let first = settled(call(&pages, "next", &[]).expect("a promise"))
        .await
        .expect("a page");
    assert_eq!(field(&first, "value").unchecked_into::<Array>().length(), 1);
    assert!(text(&request_at(2), "url").contains("maxPageSize=7"));
    let iterator = js_sys::Reflect::get(&pages, &js_sys::Symbol::async_iterator()).expect("iterable");
    assert!(iterator.is_function());
}

#[wasm_bindgen_test]
async fn a_page_that_fails_rejects_and_ends_the_list() {
    install();
    will_answer(403, "", "");
    let threads = client().list_chat_threads(&JsValue::UNDEFINED).expect("valid");
    assert_error(
        &settled(threads.next()).await.expect_err("refused"),
        "RestError",
        "Forbidden",
    );
    assert_eq!(field(&settled(threads.next()).await.expect("over"), "done"), true);
}

#[wasm_bindgen_test]
async fn typing_goes_out_once_in_eight_seconds() {
    install();
    let thread = thread();
    will_answer(503, "", r#"{"retry-after":"3600"}"#);
    settled(thread.send_typing_notification(&JsValue::UNDEFINED))
        .await
        .expect_err("busy");
    will_answer(200, "", "");
    assert_eq!(
        settled(thread.send_typing_notification(&JsValue::UNDEFINED)).await,
        Ok(true.into())
    );
    assert_eq!(
        settled(thread.send_typing_notification(&JsValue::UNDEFINED)).await,
        Ok(false.into())
    );
    assert_eq!(request_count(), 2);
}

#[wasm_bindgen_test]
async fn wrong_arguments_reject_with_a_type_error_and_send_nothing() {
    install();
    let thread = thread();
    let nothing = JsValue::UNDEFINED;
    let never = Date::new(&"never".into());
    let participants = js_sys::Object::new();
    js_sys::Reflect::set(
        &participants,
        &"participants".into(),
        &Array::of1(&{
            let participant = json(r#"{"id":{"communicationUserId":"8:acs:r_b"}}"#);
            js_sys::Reflect::set(&participant, &"shareHistoryTime".into(), &never).expect("a plain object");
            participant
        }),
    )
    .expect("a plain object");
    for promise in [
        thread.send_message(&nothing, &nothing),
        thread.send_message(&json(r#"{"content":"x"}"#), &json(r#"{"type":"topicUpdated"}"#)),
        thread.send_message(&json(r#"{"content":"x"}"#), &json(r#"{"metadata":{"a":1}}"#)),
        thread.send_read_receipt(&nothing, &nothing),
        thread.send_delivery_receipt(&nothing, &nothing),
        thread.remove_participant(&json("{}"), &nothing),
        thread.add_participants(&nothing, &nothing),
        thread.add_participants(&participants, &nothing),
        client().create_chat_thread(&nothing, &nothing),
    ] {
        let error = settled(promise).await.expect_err("refused");
        assert!(error.is_instance_of::<js_sys::TypeError>(), "{error:?}");
    }
    assert_eq!(request_count(), 0);
}

#[wasm_bindgen_test]
fn a_client_needs_a_url_and_a_credential() {
    let credential = credential_of("ann");
    for endpoint in ["", "stub.test", "ftp://stub.test", "javascript:alert(1)"] {
        let error = ChatClient::new(endpoint, &credential, &JsValue::UNDEFINED)
            .err()
            .expect("refused");
        assert!(error.is_instance_of::<js_sys::TypeError>());
    }
    for nothing in [
        JsValue::UNDEFINED,
        json(r#"{"getToken":1,"dispose":2}"#),
        "token".into(),
    ] {
        let error = ChatClient::new(ENDPOINT, &nothing, &JsValue::UNDEFINED)
            .err()
            .expect("refused");
        assert!(error.is_instance_of::<js_sys::TypeError>());
    }
}

fn client() -> ChatClient {
    ChatClient::new(ENDPOINT, &credential_of("ann"), &JsValue::UNDEFINED).expect("valid")
}

fn thread() -> ChatThreadClient {
    client().get_chat_thread_client("19:x@thread.v2")
}

fn page(id: &str, next: Option<&str>) -> String {
    let link = next
        .map(|link| format!(r#","nextLink":"{link}""#))
        .unwrap_or_default();
    format!(r#"{{"value":[{{"id":"{id}","topic":"t"}}]{link}}}"#)
}
