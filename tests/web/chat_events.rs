//! The realtime half of the chat client, and what holds for listeners of every object, against a stubbed
//! `WebSocket`.

use js_sys::{Date, Promise, Reflect};
use openline::ChatClient;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    ENDPOINT, Recorder, assert_error, call, collect_reports, credential_of, field, function, install,
    sent_frame, sent_frame_where, server_closes, server_sends, settled, socket_count, text,
};

#[wasm_bindgen_test]
async fn starting_says_hello_subscribes_and_resolves_once_subscribed() {
    install();
    let client = client("start");
    let started = start(&client);
    let hello = settled(sent_frame(0, "hello")).await.expect("a frame");
    assert!(text(&hello, "token").starts_with("ey"));
    let subscribe = settled(sent_frame(0, "subscribe")).await.expect("a frame");
    assert_eq!(text(&subscribe, "topic"), "chat");
    let connected = listen(&client, "realTimeNotificationConnected");
    welcome(0);
    settled(started).await.expect("started");
    settled(start(&client)).await.expect("twice is fine");
    assert_eq!(connected.got().len(), 1);
    assert_eq!(socket_count(), 1);
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn events_arrive_in_order_with_dates_and_identifiers() {
    install();
    let client = started("order").await;
    let received = listen(&client, "chatMessageReceived");
    let typing = listen(&client, "typingIndicatorReceived");
    let added = listen(&client, "participantsAdded");
    let updated = listen(&client, "chatThreadPropertiesUpdated");
    let created = listen(&client, "chatThreadCreated");
    message(0, 11, "one");
    message(0, 12, "two");
    message(0, 12, "two");
    server_sends(
        0,
        r#"{"type":"event","event":{"type":"typingIndicatorReceived","threadId":"t","sender":"8:acs:r_bob",
            "senderDisplayName":"Bob","receivedOn":1700000000000,"version":"1700000000000"}}"#,
    );
    server_sends(
        0,
        r#"{"type":"event","position":13,"event":{"type":"participantsAdded",
            "thread":{"threadId":"t","version":"1","topic":"Lunch"},
            "participants":[{"rawId":"8:acs:r_eve","displayName":"Eve","shareHistoryTime":0,"metadata":{"k":"v"}}],
            "addedBy":"8:acs:r_bob","addedOn":1700000000000}}"#,
    );
    for (position, policy) in [
        (
            14,
            r#","retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}"#,
        ),
        (15, ""),
    ] {
        let event = format!(
            r#"{{"type":"event","position":{position},"event":{{"type":"chatThreadPropertiesUpdated",
                "thread":{{"threadId":"t","version":"2","topic":"Lunch"{policy}}},
                "updatedBy":"8:acs:r_bob","updatedOn":1700000000000}}}}"#
        );
        server_sends(0, &event);
    }
    server_sends(
        0,
        r#"{"type":"event","position":16,"event":{"type":"chatThreadCreated",
            "thread":{"threadId":"t2","version":"1","topic":"Dinner"},
            "createdBy":"8:acs:r_bob","createdOn":1700000000000,"participants":[]}}"#,
    );
    server_sends(0, r#"{"type":"somethingNew"}"#);

    let texts: Vec<String> = received
        .got()
        .iter()
        .map(|event| text(event, "message"))
        .collect();
    assert_eq!(texts, ["one", "two"]);
    let event = &received.got()[0];
    assert_eq!(text(event, "sender.communicationUserId"), "8:acs:r_bob");
    assert_eq!(text(event, "recipient.communicationUserId"), "8:acs:r_order");
    assert_eq!(text(event, "type"), "text");
    assert!(field(event, "createdOn").is_instance_of::<Date>());
    assert!(field(event, "metadata").is_object());
    assert!(field(&typing.got()[0], "receivedOn").is_instance_of::<Date>());
    assert_eq!(text(&added.got()[0], "participantsAdded.0.displayName"), "Eve");
    assert_eq!(text(&added.got()[0], "addedBy.id.kind"), "communicationUser");
    assert_eq!(text(&added.got()[0], "participantsAdded.0.metadata.k"), "v");
    let policy = |at: usize| text(&updated.got()[at], "retentionPolicy.kind");
    assert_eq!((&*policy(0), &*policy(1)), ("threadCreationDate", "none"));
    let created = &created.got()[0];
    assert_eq!(text(created, "retentionPolicy.kind"), "none");
    assert!(field(created, "properties.retentionPolicy").is_undefined());
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn a_runtime_without_web_sockets_is_named_with_what_to_do() {
    install();
    let name = JsValue::from("WebSocket");
    Reflect::set(&js_sys::global(), &name, &JsValue::UNDEFINED).expect("it can be taken away");
    let refused = settled(start(&client("node")))
        .await
        .expect_err("there is no WebSocket");
    install();
    assert_error(&refused, "RealtimeError", "noWebSocket");
    let said = text(&refused, "message");
    assert!(
        said.contains("Node 22") && said.contains("globalThis.WebSocket"),
        "{said}"
    );
}

#[wasm_bindgen_test]
async fn a_deleted_thread_says_who_and_why_also_where_a_policy_did_it() {
    install();
    let client = started("policy").await;
    let deleted = listen(&client, "chatThreadDeleted");
    for (position, by) in [
        (11, r#""deletedBy":"8:acs:r_bob","reason":"deletedByUser","#),
        (12, r#""reason":"deletedByPolicy","#),
        (13, ""),
    ] {
        let event = format!(
            r#"{{"type":"event","position":{position},"event":{{"type":"chatThreadDeleted",{by}
                "thread":{{"threadId":"t","version":"2","topic":"Lunch"}},"deletedOn":1700000000000}}}}"#
        );
        server_sends(0, &event);
    }
    let said: Vec<[String; 3]> = deleted
        .got()
        .iter()
        .map(|event| ["deletedBy.id.kind", "deletedBy.displayName", "reason"].map(|field| text(event, field)))
        .collect();
    let user = "communicationUser";
    assert_eq!(said[0], [user, "", "deletedByUser"]);
    assert_eq!(said[1], ["unknown", "", "deletedByPolicy"]);
    assert_eq!(said[2], ["unknown", "", "deletedByUser"], "an older server");
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn files_come_with_addresses_at_the_endpoint_in_use() {
    install();
    let client = started("files").await;
    let received = listen(&client, "chatMessageReceived");
    server_sends(
        0,
        r#"{"type":"event","position":11,"event":{"type":"chatMessageReceived","threadId":"19:x@thread.v2","id":"11",
            "sender":"8:acs:r_bob","senderDisplayName":"Bob","createdOn":1700000000000,"version":"1",
            "messageType":"text","message":"","metadata":{},"attachments":[
            {"id":"i1","attachmentType":"image","name":"a.png","contentType":"image/png","sizeBytes":4},
            {"id":"f1","attachmentType":"file","contentType":"text/plain","sizeBytes":4}]}}"#,
    );
    message(0, 12, "without");
    let event = &received.got()[0];
    let thread = "https://stub.test/chat/threads/19%3Ax%40thread.v2";
    for (path, expected) in [
        ("attachments.0.url", "/images/i1/view/original"),
        ("attachments.0.previewUrl", "/images/i1/view/small"),
        ("attachments.1.url", "/attachments/f1"),
    ] {
        assert_eq!(
            text(event, path),
            [thread, expected, "?api-version=2025-03-15"].concat()
        );
    }
    assert_eq!(text(event, "attachments.0.name"), "a.png");
    assert!(field(event, "attachments.1.previewUrl").is_undefined());
    assert_eq!(field(&received.got()[1], "attachments.length"), 0);
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn after_a_break_the_client_goes_on_where_it_was() {
    install();
    let client = started("break").await;
    let received = listen(&client, "chatMessageReceived");
    let connected = listen(&client, "realTimeNotificationConnected");
    let disconnected = listen(&client, "realTimeNotificationDisconnected");
    message(0, 11, "before");
    server_closes(0, 4408);
    assert_eq!(disconnected.got().len(), 1);
    let hello = settled(sent_frame(1, "hello")).await.expect("a frame");
    assert_eq!(text(&hello, "resume.sessionId"), "s");
    let subscribe = settled(sent_frame(1, "subscribe")).await.expect("a frame");
    assert_eq!(field(&subscribe, "cursor"), 11);
    server_sends(1, &welcome_frame(true));
    server_sends(1, r#"{"type":"subscribed","topic":"chat","cursor":11}"#);
    message(1, 11, "before");
    message(1, 12, "after");
    let texts: Vec<String> = received
        .got()
        .iter()
        .map(|event| text(event, "message"))
        .collect();
    assert_eq!(texts, ["before", "after"]);
    assert_eq!(connected.got().len(), 1);
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn a_skipped_number_is_fetched_and_each_event_handed_on_once_in_order() {
    install();
    let client = started("gap").await;
    let received = listen(&client, "chatMessageReceived");
    let throwing = js_sys::Function::new_no_args("throw new Error('mine')");
    let reports = collect_reports();
    on(&client, "chatMessageReceived", &throwing.into());
    numbered(0, 11, 1);
    numbered(0, 14, 3);
    assert_eq!(received.got().len(), 1);
    let asked = settled(sent_frame_where(0, "subscribe", "cursor", &11.into())).await;
    assert_eq!(text(&asked.expect("a frame"), "topic"), "chat");
    numbered(0, 15, 4);
    server_sends(0, r#"{"type":"subscribed","topic":"chat","cursor":11}"#);
    numbered(0, 12, 2);
    numbered(0, 14, 3);
    numbered(0, 15, 4);
    let ids: Vec<String> = received.got().iter().map(|event| text(event, "id")).collect();
    assert_eq!(ids, ["11", "12", "14", "15"]);
    assert_eq!(reports.length(), 4, "one that throws misses none either");
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn the_connection_tells_its_state_and_why() {
    install();
    let client = client("state");
    let changes = listen(&client, "connectionStateChanged");
    assert_eq!(text(&client, "connectionState"), "disconnected");
    let pending = start(&client);
    settled(sent_frame(0, "hello")).await.expect("a frame");
    assert_eq!(text(&client, "connectionState"), "connecting");
    welcome(0);
    settled(pending).await.expect("started");
    assert_eq!(text(&client, "connectionState"), "connected");
    server_closes(0, 1006);
    assert_eq!(text(&client, "connectionState"), "reconnecting");
    settled(sent_frame(1, "hello")).await.expect("a frame");
    server_closes(1, 1012);
    settled(sent_frame(2, "hello")).await.expect("a frame");
    welcome(2);
    server_closes(2, 4403);
    assert_eq!(text(&client, "connectionState"), "disconnected");
    let told: Vec<String> = changes
        .got()
        .iter()
        .map(|change| {
            ["oldValue", "newValue", "reason"]
                .map(|part| text(change, part))
                .join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "disconnected connecting ",
            "connecting connected ",
            "connected reconnecting networkLost",
            "reconnecting reconnecting serverClosed",
            "reconnecting connected ",
            "connected disconnected scopeMissing",
        ]
    );
}

#[wasm_bindgen_test]
async fn two_clients_of_one_identity_share_a_socket_and_the_last_one_closes_it() {
    install();
    let first = started("shared").await;
    let second = client("shared");
    settled(start(&second)).await.expect("subscribed already");
    assert_eq!(socket_count(), 1);
    let (one, two) = (
        listen(&first, "chatMessageReceived"),
        listen(&second, "chatMessageReceived"),
    );
    message(0, 11, "both");
    assert_eq!((one.got().len(), two.got().len()), (1, 1));
    stop(&first).await;
    message(0, 12, "second");
    assert_eq!((one.got().len(), two.got().len()), (1, 2));
    stop(&second).await;
    settled(sent_frame(0, "bye")).await.expect("a frame");
    let closed = settled(sent_frame(0, "closed")).await.expect("a frame");
    assert_eq!(field(&closed, "code"), 1000);
}

#[wasm_bindgen_test]
async fn a_refusal_for_good_rejects_the_start_and_the_next_start_tries_again() {
    install();
    let client = client("refused");
    let started = start(&client);
    settled(sent_frame(0, "hello")).await.expect("a frame");
    server_closes(0, 4403);
    assert_error(
        &settled(started).await.expect_err("refused"),
        "RealtimeError",
        "scopeMissing",
    );
    let again = start(&client);
    settled(sent_frame(1, "hello")).await.expect("a frame");
    welcome(1);
    settled(again).await.expect("started");
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn a_fixed_token_that_is_refused_rejects_the_start_without_asking_again_and_again() {
    install();
    let client = client("forged");
    let started = start(&client);
    settled(sent_frame(0, "hello")).await.expect("a frame");
    server_closes(0, 4401);
    assert_error(
        &settled(started).await.expect_err("refused"),
        "RealtimeError",
        "tokenRefused",
    );
    assert_eq!(socket_count(), 1);
}

#[wasm_bindgen_test]
async fn stopping_while_starting_rejects_the_start() {
    install();
    let client = client("stop");
    let started = start(&client);
    settled(sent_frame(0, "hello")).await.expect("a frame");
    stop(&client).await;
    assert_error(
        &settled(started).await.expect_err("stopped"),
        "RealtimeError",
        "closed",
    );
    settled(sent_frame(0, "closed")).await.expect("a frame");
}

#[wasm_bindgen_test]
async fn a_listener_that_throws_is_reported_and_the_others_are_called() {
    install();
    let client = started("throws").await;
    let reports = collect_reports();
    let throwing = js_sys::Function::new_no_args("throw new Error('mine')");
    on(&client, "chatMessageReceived", &throwing.into());
    let received = listen(&client, "chatMessageReceived");
    message(0, 11, "one");
    message(0, 12, "two");
    assert_eq!(received.got().len(), 2);
    assert_eq!(reports.length(), 2);
    assert_eq!(text(&reports.get(0), "message"), "mine");
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn listeners_come_and_go_while_an_event_is_fired() {
    install();
    let client = started("coming").await;
    let late = Recorder::new();
    let received = Recorder::new();
    let (object, late_function, received_function) = (client.clone(), late.function(), received.function());
    let changing = function(move |_| {
        on(&object, "chatMessageReceived", &late_function);
        off(&object, "chatMessageReceived", &received_function);
        // Straight back into the SDK: nothing is borrowed.
        call(&object, "getChatThreadClient", &["t".into()]).expect("no borrow is held");
        JsValue::UNDEFINED
    });
    on(&client, "chatMessageReceived", &changing);
    on(&client, "chatMessageReceived", &received.function());
    message(0, 11, "one");
    assert_eq!(
        (received.got().len(), late.got().len()),
        (1, 0),
        "this event goes to those who were there"
    );
    message(0, 12, "two");
    assert_eq!((received.got().len(), late.got().len()), (1, 1));
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn a_listener_registered_twice_is_called_twice_and_removed_once() {
    install();
    let client = started("twice").await;
    let received = Recorder::new();
    for _ in 0..2 {
        on(&client, "chatMessageReceived", &received.function());
    }
    message(0, 11, "one");
    assert_eq!(received.got().len(), 2);
    off(&client, "chatMessageReceived", &received.function());
    message(0, 12, "two");
    assert_eq!(received.got().len(), 3);
    stop(&client).await;
}

#[wasm_bindgen_test]
fn unknown_names_and_strangers_are_ignored_but_a_listener_must_be_a_function() {
    let client = client("unknown");
    on(&client, "neverFired", &Recorder::new().function());
    off(&client, "neverHeardOf", &Recorder::new().function());
    off(&client, "chatMessageReceived", &JsValue::UNDEFINED);
    let error = call(&client, "on", &["chatMessageReceived".into(), JsValue::NULL]).expect_err("refused");
    assert!(error.is_instance_of::<js_sys::TypeError>());
}

#[wasm_bindgen_test]
async fn stopping_removes_every_listener() {
    install();
    let client = started("removed").await;
    let received = listen(&client, "chatMessageReceived");
    let disconnected = listen(&client, "realTimeNotificationDisconnected");
    stop(&client).await;
    let again = start(&client);
    settled(sent_frame(1, "hello")).await.expect("a frame");
    welcome(1);
    settled(again).await.expect("started");
    message(1, 11, "one");
    assert!(received.got().is_empty() && disconnected.got().is_empty());
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn methods_work_through_a_proxy() {
    install();
    let handler = js_sys::Object::new();
    let proxy = js_sys::Proxy::new(&client("proxy"), &handler);
    let client: JsValue = proxy.into();
    let received = listen(&client, "chatMessageReceived");
    let started = start(&client);
    settled(sent_frame(0, "hello")).await.expect("a frame");
    welcome(0);
    settled(started).await.expect("started");
    message(0, 11, "one");
    assert_eq!(received.got().len(), 1);
    stop(&client).await;
}

fn client(user: &str) -> JsValue {
    ChatClient::new(ENDPOINT, &credential_of(user), &JsValue::UNDEFINED)
        .expect("valid")
        .into()
}

/// A client that is started, on the first socket.
async fn started(user: &str) -> JsValue {
    let client = client(user);
    let started = start(&client);
    settled(sent_frame(0, "hello")).await.expect("a frame");
    welcome(0);
    settled(started).await.expect("started");
    client
}

fn start(client: &JsValue) -> Promise {
    call(client, "startRealtimeNotifications", &[])
        .expect("a promise")
        .unchecked_into()
}

async fn stop(client: &JsValue) {
    settled(call(client, "stopRealtimeNotifications", &[]).expect("a promise"))
        .await
        .expect("stopped");
}

fn listen(client: &JsValue, event: &str) -> Recorder {
    let recorder = Recorder::new();
    on(client, event, &recorder.function());
    recorder
}

fn on(client: &JsValue, event: &str, listener: &JsValue) {
    call(client, "on", &[event.into(), listener.clone()]).expect("registered");
}

fn off(client: &JsValue, event: &str, listener: &JsValue) {
    call(client, "off", &[event.into(), listener.clone()]).expect("ignored or removed");
}

fn welcome(socket: u32) {
    server_sends(socket, &welcome_frame(false));
    server_sends(socket, r#"{"type":"subscribed","topic":"chat","cursor":10}"#);
}

fn welcome_frame(resumed: bool) -> String {
    format!(
        r#"{{"type":"welcome","version":1,"sessionId":"s","endpointId":"e","resumed":{resumed},"receivedSeq":0,
            "heartbeatIntervalMs":10000,"sessionGraceMs":30000,"iceServers":[]}}"#
    )
}

fn message(socket: u32, position: u64, message: &str) {
    message_frame(socket, &format!(r#""position":{position}"#), position, message);
}

/// The same with a number in its thread.
fn numbered(socket: u32, position: u64, sequence: u64) {
    let place = format!(r#""position":{position},"threadSequence":{sequence}"#);
    message_frame(socket, &place, position, "numbered");
}

fn message_frame(socket: u32, place: &str, position: u64, message: &str) {
    server_sends(
        socket,
        &format!(
            r#"{{"type":"event",{place},"event":{{"type":"chatMessageReceived","threadId":"t","id":"{position}",
                "sequenceId":"1","version":"1","messageType":"text","sender":"8:acs:r_bob","senderDisplayName":"Bob",
                "createdOn":1700000000000,"message":"{message}"}}}}"#
        ),
    );
}
