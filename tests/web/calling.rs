//! The calling classes as a page uses them: two users in one page, the real state machines of both sides, real peer
//! connections, and the browser's fake devices.

use std::time::Duration;

use js_sys::Reflect;
use openline::{LocalVideoStream, VideoStreamRenderer};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    call_server::CallServer,
    users::{ALICE, BOB, Users, camera, classes, client, credential, passes},
};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = calling)]
extern "C" {
    #[wasm_bindgen(catch, js_name = deviceManagerIsOneObject)]
    async fn device_manager_is_one_object(client: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = cameraFollowsItsUsers)]
    async fn camera_follows_its_users(stream: &JsValue, renderer: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = canvasIsShown)]
    async fn canvas_is_shown(stream: &JsValue, renderer: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aCallConnectsAndEnds)]
    async fn a_call_connects_and_ends(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
        renderer: &JsValue,
        is_idle: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = declinedAndCancelled)]
    async fn declined_and_cancelled(alice: &JsValue, bob: &JsValue, bob_id: &str)
    -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = nobodyAnswers)]
    async fn nobody_answers(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        pass: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = calleeOffline)]
    async fn callee_offline(alice: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = bothCallEachOther)]
    async fn both_call_each_other(
        alice: &JsValue,
        alice_id: &str,
        bob: &JsValue,
        bob_id: &str,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = oneAgentPerIdentity)]
    async fn one_agent_per_identity(
        client: &JsValue,
        other: &JsValue,
        credential: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aBusyCamera)]
    async fn a_busy_camera(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        camera: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = theLastWishWins)]
    async fn the_last_wish_wins(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        camera: &JsValue,
        other: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aCameraThatOpensLate)]
    async fn a_camera_that_opens_late(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        camera: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = anOverlongDescription)]
    async fn an_overlong_description(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        description: &str,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aDisposedAgentSaysNothing)]
    async fn a_disposed_agent_says_nothing(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = theCameraIsOffAfterwards)]
    async fn the_camera_is_off_afterwards(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        camera: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn the_device_manager_is_one_object_and_lists_the_devices() {
    passes(device_manager_is_one_object(&client()).await);
}

#[wasm_bindgen_test]
async fn the_camera_is_on_for_as_long_as_somebody_shows_it() {
    let stream = camera().await;
    let renderer = VideoStreamRenderer::new(&stream).unwrap().into();
    passes(camera_follows_its_users(&stream, &renderer).await);
}

#[wasm_bindgen_test]
async fn a_stream_of_the_page_is_shown_and_left_running() {
    let (stream, renderer) = classes().await;
    passes(canvas_is_shown(&stream, &renderer).await);
}

#[wasm_bindgen_test]
async fn a_call_connects_shows_the_other_side_and_leaves_nothing_behind() {
    let server = CallServer::start();
    let users = Users::sign_in().await;
    let (stream, renderer) = classes().await;
    let is_idle = Closure::<dyn Fn() -> bool>::new(move || server.live_calls() == 0);
    let idle = is_idle.as_js_value();
    passes(a_call_connects_and_ends(&users.alice, &users.bob, BOB, &stream, &renderer, idle).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn declined_and_cancelled_calls_end_with_their_codes() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(declined_and_cancelled(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_call_that_nobody_answers_ends_on_both_sides() {
    let server = CallServer::start();
    let users = Users::sign_in().await;
    let pass = Closure::<dyn Fn()>::new(move || server.advance(Duration::from_secs(61)));
    passes(nobody_answers(&users.alice, &users.bob, BOB, pass.as_js_value()).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_call_to_somebody_offline_ends_at_once() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(callee_offline(&users.alice).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn two_who_call_each_other_are_in_one_call() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(both_call_each_other(&users.alice, ALICE, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_busy_camera_is_an_error_of_its_own() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(a_busy_camera(&users.alice, &users.bob, BOB, &camera().await).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn the_camera_is_off_when_its_picture_is_not_sent_any_more() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(the_camera_is_off_afterwards(&users.alice, &users.bob, BOB, &camera().await).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn of_starting_and_stopping_video_in_quick_succession_the_last_counts() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    let (one, other) = (camera().await, camera().await);
    passes(the_last_wish_wins(&users.alice, &users.bob, BOB, &one, &other).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_camera_is_announced_once_it_is_open_and_can_be_stopped_before() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(a_camera_that_opens_late(&users.alice, &users.bob, BOB, &camera().await).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_description_that_fits_no_frame_ends_its_call_and_the_next_one_connects() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    // The second one is short, and long where it is written as JSON.
    for description in ["x".repeat(70_000), "\u{1}".repeat(20_000)] {
        passes(an_overlong_description(&users.alice, &users.bob, BOB, &description).await);
    }
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn what_an_agent_has_to_tell_is_told_before_it_is_disposed() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(a_disposed_agent_says_nothing(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn an_identity_has_one_agent_at_a_time() {
    let _server = CallServer::start();
    passes(one_agent_per_identity(&client(), &client(), &credential("alice")).await);
}

#[wasm_bindgen_test]
fn a_stream_of_nothing_is_refused_with_an_error_object() {
    let error = LocalVideoStream::new(&JsValue::from("camera"), &JsValue::UNDEFINED)
        .err()
        .unwrap();
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(
        Reflect::get(&error, &"subCode".into()).unwrap(),
        JsValue::from(43004)
    );
}
