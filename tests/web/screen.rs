//! Screens that are shared in a call, with the camera and without.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    devices::Callers,
    users::{BOB, classes, passes},
};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = screen)]
extern "C" {
    #[wasm_bindgen(catch, js_name = cameraAndScreenAtOnce)]
    async fn camera_and_screen_at_once(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
        renderer: &JsValue,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = bothShare)]
    async fn both_share(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
        renderer: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aSharedScreenOnHold)]
    async fn a_shared_screen_on_hold(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
        renderer: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aStreamOfThePageAsScreen)]
    async fn a_stream_of_the_page_as_screen(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
        renderer: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

/// Alice and Bob, and the classes of streams and of views.
async fn sharers() -> (Callers, JsValue, JsValue) {
    let (stream, renderer) = classes().await;
    (Callers::sign_in().await, stream, renderer)
}

#[wasm_bindgen_test]
async fn the_screen_is_seen_beside_the_camera_and_heard_beside_the_microphone() {
    let (
        Callers {
            _server,
            users,
            manager,
        },
        stream,
        renderer,
    ) = sharers().await;
    passes(camera_and_screen_at_once(&users.alice, &users.bob, BOB, &stream, &renderer, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn both_sides_share_until_the_browsers_button_or_the_end_of_the_call() {
    let (Callers { _server, users, .. }, stream, renderer) = sharers().await;
    passes(both_share(&users.alice, &users.bob, BOB, &stream, &renderer).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn nothing_of_the_screen_is_sent_while_the_call_is_on_hold() {
    let (Callers { _server, users, .. }, stream, renderer) = sharers().await;
    passes(a_shared_screen_on_hold(&users.alice, &users.bob, BOB, &stream, &renderer).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_stream_of_the_page_is_shared_and_sharing_is_refused_with_its_reasons() {
    let (Callers { _server, users, .. }, stream, renderer) = sharers().await;
    passes(a_stream_of_the_page_as_screen(&users.alice, &users.bob, BOB, &stream, &renderer).await);
    users.sign_out().await;
}
