//! Clients that keep data on the device.

use js_sys::{Array, Function, Promise};
use openline::{ChatClient, ChatThreadClient, CommunicationTokenCredential, provide_local_data};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};

use crate::support::{ENDPOINT, call, credential_of, field, json, settled, text, token};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = localData)]
extern "C" {
    fn open(app: JsValue) -> Promise;
}

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = provideLocalData)]
extern "C" {
    fn provided(open: JsValue, thread_client_class: JsValue) -> Function;
}

/// A client, and what it signs in with.
pub(crate) struct Client {
    pub(crate) client: JsValue,
    pub(crate) credential: JsValue,
}

/// A client that keeps messages until they are sent, and repeats no request by itself.
pub(crate) fn client(user: &str) -> JsValue {
    client_of(user).client
}

pub(crate) fn client_of(user: &str) -> Client {
    let options = json(r#"{"localData":{"history":true},"retryOptions":{"maxRetries":0}}"#);
    signed_in(user, &options)
}

pub(crate) fn client_with(user: &str, options: &JsValue) -> JsValue {
    signed_in(user, options).client
}

fn signed_in(user: &str, options: &JsValue) -> Client {
    provide();
    // Longer than a message is kept.
    let credential: JsValue = CommunicationTokenCredential::new(&token(user, 30 * 86_400).into())
        .expect("a valid token")
        .into();
    let client = ChatClient::new(ENDPOINT, &credential, options)
        .expect("a client")
        .into();
    Client { client, credential }
}

/// Does what the package does when it starts.
fn provide() {
    let open = Closure::<dyn Fn(JsValue) -> Promise>::new(open).into_js_value();
    let thread = ChatThreadClient::new(ENDPOINT, "t", &credential_of("nobody"), &JsValue::UNDEFINED);
    let class = field(&thread.expect("a client").into(), "constructor");
    provide_local_data(provided(open, class));
}

/// Resolves with what the next event of that name tells.
pub(crate) fn event(client: &JsValue, name: &str) -> Promise {
    Promise::new(&mut |resolve, _| {
        call(client, "on", &[name.into(), resolve.into()]).expect("a listener");
    })
}

/// The browser says that the network is back.
pub(crate) fn go_online() {
    let window = web_sys::window().expect("a page");
    let online = web_sys::Event::new("online").expect("an event");
    window.dispatch_event(&online).expect("dispatched");
}

pub(crate) async fn kept_databases() -> Vec<String> {
    let databases = field(&web_sys::window().expect("a page"), "indexedDB");
    let list = settled(call(&databases, "databases", &[]).expect("a promise")).await;
    let list: Array = list.expect("a list").unchecked_into();
    list.iter().map(|database| text(&database, "name")).collect()
}
