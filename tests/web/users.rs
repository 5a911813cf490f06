//! Two users in one page, and what every test of calls does with the SDK's objects.

use js_sys::{Function, Promise, Reflect};
use openline::{CallClient, CommunicationTokenCredential, LocalVideoStream, VideoStreamRenderer};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{call_server::token_of, media_quality::provider};

pub(crate) const ALICE: &str = "8:acs:resource_alice";
pub(crate) const BOB: &str = "8:acs:resource_bob";

/// Alice and Bob, signed in for calls.
pub(crate) struct Users {
    /// Alice's and Bob's.
    pub(crate) clients: [JsValue; 2],
    pub(crate) alice: JsValue,
    pub(crate) bob: JsValue,
}

impl Users {
    pub(crate) async fn sign_in() -> Self {
        let clients = [client(), client()];
        let alice = agent(&clients[0], "alice", "Alice").await;
        let bob = agent(&clients[1], "bob", "Bob").await;
        Self { clients, alice, bob }
    }

    pub(crate) async fn sign_out(self) {
        for client in self.clients {
            invoke(&client, "dispose", &[]).await;
        }
    }
}

pub(crate) fn client() -> JsValue {
    CallClient::new(&JsValue::UNDEFINED, Some(provider()))
        .unwrap()
        .into()
}

pub(crate) fn credential(user: &str) -> JsValue {
    CommunicationTokenCredential::new(&token_of(user).into())
        .ok()
        .unwrap()
        .into()
}

async fn agent(client: &JsValue, user: &str, name: &str) -> JsValue {
    let options = js_sys::Object::new();
    Reflect::set(&options, &"displayName".into(), &name.into()).unwrap();
    invoke(client, "createCallAgent", &[credential(user), options.into()]).await
}

pub(crate) async fn camera() -> JsValue {
    let devices = invoke(&client(), "getDeviceManager", &[]).await;
    let cameras = invoke(&devices, "getCameras", &[]).await;
    let first = cameras.unchecked_into::<js_sys::Array>().get(0);
    LocalVideoStream::new(&first, &JsValue::UNDEFINED).unwrap().into()
}

/// The classes `LocalVideoStream` and `VideoStreamRenderer`.
pub(crate) async fn classes() -> (JsValue, JsValue) {
    let stream = camera().await;
    let renderer: JsValue = VideoStreamRenderer::new(&stream).unwrap().into();
    let class = |object: &JsValue| Reflect::get(object, &"constructor".into()).unwrap();
    (class(&stream), class(&renderer))
}

pub(crate) async fn invoke(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let function: Function = Reflect::get(object, &method.into()).unwrap().unchecked_into();
    let result = function.apply(object, &arguments.iter().collect()).unwrap();
    JsFuture::from(Promise::resolve(&result))
        .await
        .unwrap_or_else(|error| panic!("{}", text(&error)))
}

pub(crate) fn passes(result: Result<JsValue, JsValue>) {
    if let Err(error) = result {
        panic!("{}", text(&error));
    }
}

fn text(error: &JsValue) -> String {
    let stack = Reflect::get(error, &"stack".into())
        .ok()
        .and_then(|stack| stack.as_string());
    format!("{error:?} {}", stack.unwrap_or_default())
}
