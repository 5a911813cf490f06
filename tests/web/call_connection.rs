//! The call agent and its connection, against a stubbed `WebSocket`: what it says of itself, and what becomes of calls
//! when the server will not have this client any more.

use js_sys::{Array, Object, Promise, Reflect};
use openline::{CallClient, ChatClient, CommunicationTokenCredential};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    ENDPOINT, Recorder, assert_error, call, credential_of, field, function, install, json, sent_frame,
    server_closes, server_sends, settled, socket_count, text,
};

#[wasm_bindgen_test]
async fn a_name_is_cut_where_the_server_cuts_it() {
    let agent = Agent::create("name", &"é".repeat(300)).await;
    let subscribe = settled(sent_frame(0, "subscribe")).await.expect("a frame");
    assert_eq!(text(&subscribe, "displayName"), "é".repeat(256));
    assert_eq!(text(&agent.object, "displayName"), "é".repeat(256));
    agent.dispose().await;
}

#[wasm_bindgen_test]
async fn an_id_that_is_too_long_is_refused_before_anything_is_sent() {
    let agent = Agent::create("long", "Ann").await;
    let id = |bytes: usize| format!("8:acs:{}", "x".repeat(bytes - 6));
    let error = agent.start_call(&id(1025)).expect_err("refused");
    assert!(error.is_instance_of::<js_sys::TypeError>());
    agent.start_call(&id(1024)).expect("taken");
    let start = settled(sent_frame(0, "command")).await.expect("a frame");
    assert_eq!(text(&start, "command.callee"), id(1024));
    agent.dispose().await;
}

#[wasm_bindgen_test]
async fn every_close_for_good_ends_calls_at_once_and_later_ones_as_well() {
    for (code, reason, expected) in [
        (4400, "connectionIssue", [490, 4502]),
        (4401, "invalidToken", [401, 10009]),
        (4403, "invalidToken", [401, 10009]),
        (4406, "connectionIssue", [490, 4502]),
        (4409, "connectionIssue", [490, 4502]),
        (4413, "connectionIssue", [490, 4502]),
    ] {
        let agent = Agent::create(&format!("closed{code}"), "Ann").await;
        let changes = listen(&agent.object, "connectionStateChanged");
        let rings = listen(&agent.object, "incomingCall");
        let starting = agent.start_call("8:acs:r_bob").expect("a call");
        let ringing = agent.start_call("8:acs:r_eve").expect("a call");
        notice(
            1,
            &format!(r#"{{"type":"ringing","callId":"{}"}}"#, text(&ringing, "id")),
        );
        notice(
            2,
            r#"{"type":"incoming","callId":"theirs","ringTimeoutMs":60000,"caller":{"endpointId":"c",
                "rawId":"8:acs:r_carol","media":{"muted":false,"video":false}}}"#,
        );
        let incoming = field(&rings.got()[0], "incomingCall");
        let stopped = listen(&incoming, "callEnded");

        server_closes(0, code);
        for call in [&starting, &ringing] {
            ended(call, expected).await;
        }
        until(&incoming, "callEnded", || {
            !field(&incoming, "callEndReason").is_undefined()
        })
        .await;
        assert_eq!(reason_of(&incoming), expected, "{code}");
        assert_eq!(stopped.got().len(), 1);
        assert_eq!(text(&agent.object, "connectionState"), "Disconnected");
        let last = changes.got().pop().expect("told");
        assert_eq!(text(&last, "newValue"), "Disconnected");
        assert_eq!(text(&last, "reason"), reason, "{code}");

        let late = agent.start_call("8:acs:r_bob").expect("a call, as ever");
        ended(&late, expected).await;
        assert_eq!(
            field(&agent.object, "calls").unchecked_into::<Array>().length(),
            0
        );
        assert_eq!(socket_count(), 1, "{code} is not tried again");
        agent.dispose().await;
    }
}

#[wasm_bindgen_test]
async fn chat_tells_that_it_was_closed_for_good_and_can_be_started_again() {
    for (code, expected) in [
        (4400, "defect"),
        (4401, "tokenRefused"),
        (4403, "scopeMissing"),
        (4406, "versionUnsupported"),
        (4409, "superseded"),
        (4413, "defect"),
    ] {
        install();
        let client: JsValue = ChatClient::new(
            ENDPOINT,
            &credential_of(&format!("chat{code}")),
            &JsValue::UNDEFINED,
        )
        .expect("valid")
        .into();
        let (connected, disconnected) = (
            listen(&client, "realTimeNotificationConnected"),
            listen(&client, "realTimeNotificationDisconnected"),
        );
        for socket in 0..2 {
            let started = call(&client, "startRealtimeNotifications", &[]).expect("a promise");
            settled(sent_frame(socket, "hello")).await.expect("a frame");
            server_sends(socket, WELCOME);
            server_sends(socket, r#"{"type":"subscribed","topic":"chat","cursor":1}"#);
            settled(started).await.expect("started");
            server_closes(socket, code);
            let ends = || disconnected.got().into_iter().filter(JsValue::is_object).count();
            until(&client, "realTimeNotificationDisconnected", || {
                ends() == socket as usize + 1
            })
            .await;
        }
        let last = disconnected.got().pop().expect("told");
        assert_error(&last, "RealtimeError", expected);
        assert_eq!(connected.got().len(), 2, "{code}");
        assert_eq!(socket_count(), 2, "{code} is not tried again by itself");
    }
}

#[wasm_bindgen_test]
async fn an_agent_that_was_closed_goes_on_when_the_chat_of_its_user_is_started_again() {
    let agent = Agent::create("again", "Ann").await;
    server_closes(0, 4413);
    let lost = agent.start_call("8:acs:r_bob").expect("a call, as ever");
    ended(&lost, [490, 4502]).await;
    let chat: JsValue = ChatClient::new(ENDPOINT, &credential_of("again"), &JsValue::UNDEFINED)
        .expect("valid")
        .into();
    let started = call(&chat, "startRealtimeNotifications", &[]).expect("a promise");
    settled(sent_frame(1, "hello")).await.expect("a frame");
    let found = agent.start_call("8:acs:r_bob").expect("a call");
    server_sends(1, WELCOME);
    server_sends(1, r#"{"type":"subscribed","topic":"chat","cursor":1}"#);
    server_sends(1, r#"{"type":"subscribed","topic":"calls"}"#);
    settled(started).await.expect("started");
    assert_eq!(text(&agent.object, "connectionState"), "Connected");
    let start = settled(sent_frame(1, "command")).await.expect("a frame");
    assert_eq!(text(&start, "command.callId"), text(&found, "id"));
    call(&chat, "stopRealtimeNotifications", &[]).expect("a promise");
    agent.dispose().await;
}

#[wasm_bindgen_test]
async fn an_agent_that_cannot_register_says_why() {
    for (code, expected) in [(4401, [401, 10009]), (4403, [403, 40115]), (4406, [500, 40216])] {
        install();
        let created = create(&client(), &format!("unwanted{code}"), "Ann");
        settled(sent_frame(0, "hello")).await.expect("a frame");
        server_closes(0, code);
        let error = settled(created).await.expect_err("refused");
        assert_error(&error, "CommunicationServicesError", "");
        assert_eq!([number(&error, "code"), number(&error, "subCode")], expected);
    }
}

#[wasm_bindgen_test]
async fn an_agent_without_a_token_keeps_what_the_refresher_failed_with() {
    for options in [format!(r#"{{"endpoint":"{ENDPOINT}"}}"#), "{}".to_owned()] {
        install();
        let refresher =
            function(|_| Promise::reject(&js_sys::Error::new("no route to my server").into()).into());
        let error = rejected_with(&options, &refresher).await;
        assert_eq!(text(&error, "cause.message"), "no route to my server");
        assert_eq!(socket_count(), 0);
    }
    let overlong = function(|_| {
        json(&format!(
            r#"{{"token":"{}","expiresOnTimestamp":9e15}}"#,
            "x".repeat(40_000)
        ))
    });
    let error = rejected_with(&format!(r#"{{"endpoint":"{ENDPOINT}"}}"#), &overlong).await;
    assert!(text(&error, "cause.message").contains("too long"));
    assert_eq!(socket_count(), 0);
}

async fn rejected_with(client: &str, refresher: &JsValue) -> JsValue {
    let options = Object::new();
    Reflect::set(&options, &"tokenRefresher".into(), refresher).expect("a plain object");
    let credential: JsValue = CommunicationTokenCredential::new(&options).expect("valid").into();
    let client: JsValue = CallClient::new(&json(client), None).expect("valid").into();
    let created = call(&client, "createCallAgent", &[credential]).expect("a promise");
    let error = settled(created).await.expect_err("no token");
    assert_eq!([number(&error, "code"), number(&error, "subCode")], [401, 10009]);
    error
}

const WELCOME: &str = r#"{"type":"welcome","version":1,"sessionId":"s","endpointId":"e","resumed":false,
    "receivedSeq":0,"heartbeatIntervalMs":10000,"sessionGraceMs":30000,"iceServers":[]}"#;

/// A registered agent on the first socket.
struct Agent {
    client: JsValue,
    object: JsValue,
}

impl Agent {
    async fn create(user: &str, name: &str) -> Self {
        install();
        let client = client();
        let created = create(&client, user, name);
        settled(sent_frame(0, "hello")).await.expect("a frame");
        server_sends(0, WELCOME);
        server_sends(0, r#"{"type":"subscribed","topic":"calls"}"#);
        let object = settled(created).await.expect("registered");
        Self { client, object }
    }

    fn start_call(&self, raw_id: &str) -> Result<JsValue, JsValue> {
        let callee = json(&format!(r#"{{"communicationUserId":"{raw_id}"}}"#));
        call(&self.object, "startCall", &[Array::of1(&callee).into()])
    }

    async fn dispose(self) {
        let disposed = call(&self.client, "dispose", &[]).expect("a promise");
        settled(disposed).await.expect("disposed");
    }
}

fn client() -> JsValue {
    let options = json(&format!(r#"{{"endpoint":"{ENDPOINT}"}}"#));
    CallClient::new(&options, None).expect("valid").into()
}

fn create(client: &JsValue, user: &str, name: &str) -> JsValue {
    let options = Object::new();
    Reflect::set(&options, &"displayName".into(), &name.into()).expect("a plain object");
    call(client, "createCallAgent", &[credential_of(user), options.into()]).expect("a promise")
}

fn notice(seq: u32, notice: &str) {
    server_sends(
        0,
        &format!(r#"{{"type":"notice","seq":{seq},"notice":{notice}}}"#),
    );
}

fn listen(object: &JsValue, event: &str) -> Recorder {
    let recorder = Recorder::new();
    call(object, "on", &[event.into(), recorder.function()]).expect("registered");
    recorder
}

/// Waits until the call is over; by then its reason is set.
async fn ended(call: &JsValue, expected: [u32; 2]) {
    until(call, "stateChanged", || text(call, "state") == "Disconnected").await;
    assert_eq!(reason_of(call), expected);
}

/// Waits for something to become true at one of the events.
async fn until(object: &JsValue, event: &str, condition: impl Fn() -> bool) {
    while !condition() {
        let next = Promise::new(&mut |resolve, _| {
            call(object, "on", &[event.into(), resolve.into()]).expect("registered");
        });
        settled(next).await.expect("an event");
    }
}

fn reason_of(call: &JsValue) -> [u32; 2] {
    ["callEndReason.code", "callEndReason.subCode"].map(|path| number(call, path))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "codes are small"
)]
fn number(value: &JsValue, path: &str) -> u32 {
    field(value, path).as_f64().unwrap_or_default() as u32
}
