//! A token that expires while its socket is in use: chat and calls of one user share the socket, and the credential.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Object, Promise, Reflect};
use openline::{CallClient, ChatClient, CommunicationTokenCredential};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    ENDPOINT, Recorder, call, field, function, install, json, pass_time, sent_frame, server_closes,
    server_sends, settled, socket_count, text, token,
};

/// How long the first token lasts, and the others.
const LIFETIMES: [i32; 2] = [3_600, 7_200];

#[wasm_bindgen_test]
async fn a_token_that_expires_is_replaced_on_the_live_socket() {
    let user = User::sign_in("renewed", vec![Some(token("renewed", LIFETIMES[1]))]).await;
    user.message(11);
    token_expires();
    user.message(12);
    let renewed = settled(sent_frame(0, "token")).await.expect("a frame");
    assert_eq!(text(&renewed, "token"), user.supplied(0));
    user.message(13);
    assert_eq!(user.received(), ["11", "12", "13"]);
    assert_eq!(user.refreshes.got().len(), 1, "one call for chat and calls");
    assert_eq!(socket_count(), 1);
    assert!(user.disconnected.got().is_empty() && user.changes.got().is_empty());
    user.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_token_that_expires_by_the_servers_clock_alone_is_replaced_on_the_live_socket() {
    let user = User::sign_in("slow", vec![Some(token("slow", LIFETIMES[1]))]).await;
    server_sends(0, r#"{"type":"tokenExpiring","remainingMs":3000}"#);
    let renewed = settled(sent_frame(0, "token")).await.expect("a frame");
    assert_eq!(text(&renewed, "token"), user.supplied(0));
    assert_eq!((user.refreshes.got().len(), socket_count()), (1, 1));
    user.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_refresher_that_fails_costs_the_socket_and_nothing_else() {
    let user = User::sign_in("late", vec![None, None, Some(token("late", LIFETIMES[1]))]).await;
    user.message(11);
    token_expires();
    user.refreshed(2).await;
    server_closes(0, 4401);
    let hello = settled(sent_frame(1, "hello")).await.expect("a frame");
    assert_eq!(text(&hello, "token"), user.supplied(2));
    assert_eq!(text(&hello, "resume.sessionId"), "s");
    let subscribe = settled(sent_frame(1, "subscribe")).await.expect("a frame");
    assert_eq!(field(&subscribe, "cursor"), 11);
    server_sends(1, &welcome(true));
    server_sends(1, r#"{"type":"subscribed","topic":"chat","cursor":11}"#);
    for position in [11, 12] {
        server_sends(1, &event(position));
    }
    assert_eq!(user.received(), ["11", "12"]);
    assert_eq!(
        user.refreshes.got().len(),
        3,
        "asked, asked once more, and asked for the next socket"
    );
    let states: Vec<String> = user
        .changes
        .got()
        .iter()
        .map(|change| text(change, "newValue"))
        .collect();
    assert_eq!(states, ["Disconnected", "Connected"]);
    assert!(user.calls_go_on());
    user.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_token_that_was_under_way_when_the_socket_closed_is_tried_again() {
    let user = User::sign_in("race", vec![Some(token("race", LIFETIMES[1]))]).await;
    token_expires();
    settled(sent_frame(0, "token")).await.expect("a frame");
    server_closes(0, 4401);
    let hello = settled(sent_frame(1, "hello")).await.expect("a frame");
    assert_eq!(text(&hello, "token"), user.supplied(0));
    server_sends(1, &welcome(true));
    assert!(user.calls_go_on());
    user.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_token_that_is_refused_before_its_time_is_replaced() {
    let user = User::sign_in("withdrawn", vec![Some(token("withdrawn", LIFETIMES[1]))]).await;
    server_closes(0, 4401);
    let hello = settled(sent_frame(1, "hello")).await.expect("a frame");
    assert_eq!(text(&hello, "token"), user.supplied(0));
    assert_eq!(text(&hello, "resume.sessionId"), "s");
    server_sends(1, &welcome(true));
    assert!(user.calls_go_on());
    assert_eq!(user.refreshes.got().len(), 1);
    user.sign_out().await;
}

/// The refresher is asked for a token in place of each that was refused, whether it has another or insists.
#[wasm_bindgen_test]
async fn a_new_token_that_is_refused_as_well_ends_the_calls() {
    for (name, last, sockets) in [("revoked", 2 * LIFETIMES[1], 3), ("insisted", LIFETIMES[1], 2)] {
        let supplies = [LIFETIMES[1], last].map(|seconds| Some(token(name, seconds)));
        let user = User::sign_in(name, supplies.to_vec()).await;
        token_expires();
        settled(sent_frame(0, "token")).await.expect("a frame");
        server_closes(0, 4401);
        for socket in 1..sockets {
            settled(sent_frame(socket, "hello")).await.expect("a frame");
            server_closes(socket, 4401);
        }
        while text(&user.call, "state") != "Disconnected" {
            let next = Promise::new(&mut |resolve, _| {
                call(&user.call, "on", &["stateChanged".into(), resolve.into()]).expect("registered");
            });
            settled(next).await.expect("an event");
        }
        assert_eq!(field(&user.call, "callEndReason.subCode"), 10009);
        assert_eq!(user.refreshes.got().len(), 2);
        assert_eq!(socket_count(), sockets);
        user.sign_out().await;
    }
}

/// Somebody with a chat client and a call agent, on the first socket, whose token is about to expire.
struct User {
    chat: JsValue,
    client: JsValue,
    agent: JsValue,
    supplies: Vec<Option<String>>,
    /// What the refresher was called with.
    refreshes: Recorder,
    waiting: Rc<RefCell<Vec<js_sys::Function>>>,
    messages: Recorder,
    disconnected: Recorder,
    changes: Recorder,
    call: JsValue,
}

impl User {
    /// `supplies`: what the refresher gives, or how often it fails.
    async fn sign_in(name: &str, supplies: Vec<Option<String>>) -> Self {
        install();
        let (refreshes, waiting) = (Recorder::new(), Rc::default());
        let credential = credential(name, supplies.clone(), &refreshes, &waiting);
        let chat = JsValue::from(ChatClient::new(ENDPOINT, &credential, &JsValue::UNDEFINED).expect("valid"));
        let messages = listen(&chat, "chatMessageReceived");
        let disconnected = listen(&chat, "realTimeNotificationDisconnected");
        let started = call(&chat, "startRealtimeNotifications", &[]).expect("a promise");
        settled(sent_frame(0, "hello")).await.expect("a frame");
        server_sends(0, &welcome(false));
        server_sends(0, r#"{"type":"subscribed","topic":"chat","cursor":10}"#);
        settled(started).await.expect("started");
        let options = json(&format!(r#"{{"endpoint":"{ENDPOINT}"}}"#));
        let client = JsValue::from(CallClient::new(&options, None).expect("valid"));
        let created = call(&client, "createCallAgent", &[credential]).expect("a promise");
        let subscribed = calls_subscribed().await;
        server_sends(0, subscribed);
        let agent = settled(created).await.expect("registered");
        let changes = listen(&agent, "connectionStateChanged");
        let callee = js_sys::Array::of1(&json(r#"{"communicationUserId":"8:acs:r_bob"}"#));
        let live = call(&agent, "startCall", &[callee.into()]).expect("a call");
        Self {
            chat,
            client,
            agent,
            supplies,
            refreshes,
            waiting,
            messages,
            disconnected,
            changes,
            call: live,
        }
    }

    fn message(&self, position: u32) {
        server_sends(0, &event(position));
    }

    /// The texts that arrived.
    fn received(&self) -> Vec<String> {
        self.messages
            .got()
            .iter()
            .map(|event| text(event, "message"))
            .collect()
    }

    fn supplied(&self, index: usize) -> String {
        self.supplies[index].clone().expect("a token")
    }

    /// Waits until the refresher was called so often, and what it did has had its effect.
    async fn refreshed(&self, times: usize) {
        while self.refreshes.got().len() < times {
            let next = Promise::new(&mut |resolve, _| self.waiting.borrow_mut().push(resolve));
            settled(next).await.expect("a call");
        }
        let next_task = Promise::new(&mut |resolve, _| {
            let window = web_sys::window().expect("a page");
            window.set_timeout_with_callback(&resolve).expect("a timer");
        });
        settled(next_task).await.expect("a task");
    }

    fn calls_go_on(&self) -> bool {
        text(&self.agent, "connectionState") == "Connected" && text(&self.call, "state") == "Connecting"
    }

    async fn sign_out(self) {
        pass_time(0);
        for (object, method) in [
            (&self.client, "dispose"),
            (&self.chat, "stopRealtimeNotifications"),
        ] {
            settled(call(object, method, &[]).expect("a promise"))
                .await
                .expect("done");
        }
    }
}

/// Three seconds before it does.
fn token_expires() {
    pass_time(LIFETIMES[0].unsigned_abs() - 3);
    server_sends(0, r#"{"type":"tokenExpiring","remainingMs":3000}"#);
}

fn credential(
    name: &str,
    supplies: Vec<Option<String>>,
    refreshes: &Recorder,
    waiting: &Rc<RefCell<Vec<js_sys::Function>>>,
) -> JsValue {
    let (record, waiting) = (refreshes.clone(), Rc::clone(waiting));
    let refresher = function(move |signal| {
        let supply = supplies.get(record.got().len()).cloned().flatten();
        record.record(signal);
        for resolve in waiting.take() {
            resolve.call0(&JsValue::NULL).expect("resolves");
        }
        match supply {
            Some(token) => token.into(),
            None => Promise::reject(&js_sys::Error::new("offline").into()).into(),
        }
    });
    let options = Object::new();
    for (field, value) in [
        ("token", token(name, LIFETIMES[0]).into()),
        ("tokenRefresher", refresher),
    ] {
        Reflect::set(&options, &field.into(), &value).expect("a plain object");
    }
    CommunicationTokenCredential::new(&options).expect("valid").into()
}

/// Waits until the client asked for calls, and gives the answer.
async fn calls_subscribed() -> &'static str {
    settled(crate::support::sent_subscription(0, "calls"))
        .await
        .expect("a frame");
    r#"{"type":"subscribed","topic":"calls"}"#
}

fn listen(object: &JsValue, event: &str) -> Recorder {
    let recorder = Recorder::new();
    call(object, "on", &[event.into(), recorder.function()]).expect("registered");
    recorder
}

fn welcome(resumed: bool) -> String {
    format!(
        r#"{{"type":"welcome","version":1,"sessionId":"s","endpointId":"e","resumed":{resumed},"receivedSeq":0,
            "heartbeatIntervalMs":10000,"sessionGraceMs":30000,"iceServers":[]}}"#
    )
}

fn event(position: u32) -> String {
    format!(
        r#"{{"type":"event","position":{position},"event":{{"type":"chatMessageReceived","threadId":"t","id":"{position}",
            "sequenceId":"1","version":"1","messageType":"text","sender":"8:acs:r_bob","senderDisplayName":"Bob",
            "createdOn":1700000000000,"message":"{position}"}}}}"#
    )
}
