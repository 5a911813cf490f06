//! Devices that open late, fail or never open, and what was wished meanwhile.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    devices::Callers,
    users::{BOB, classes, passes},
};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = deviceWishes)]
extern "C" {
    #[wasm_bindgen(catch, js_name = theLastMicrophoneCounts)]
    async fn the_last_microphone_counts(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = callsKeepOneMicrophone)]
    async fn calls_keep_one_microphone(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aCameraThatFails)]
    async fn a_camera_that_fails(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = streamsWithoutPictures)]
    async fn streams_without_pictures(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = acceptedTwice)]
    async fn accepted_twice(alice: &JsValue, bob: &JsValue, bob_id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = anAnswerThatTakesItsTime)]
    async fn an_answer_that_takes_its_time(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aCameraThatNeverOpens)]
    async fn a_camera_that_never_opens(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn of_two_microphones_chosen_in_quick_succession_the_last_one_is_used_and_remembered() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(the_last_microphone_counts(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn calls_of_one_client_keep_one_microphone_where_one_of_them_cannot_open_the_next() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(calls_keep_one_microphone(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_camera_that_fails_leaves_the_call_without_video_and_is_told() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    let (stream, _) = classes().await;
    passes(a_camera_that_fails(&users.alice, &users.bob, BOB, &manager, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_stream_without_a_picture_is_not_sent() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    let (stream, _) = classes().await;
    passes(streams_without_pictures(&users.alice, &users.bob, BOB, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_call_that_is_being_accepted_says_so() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    passes(accepted_twice(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_camera_that_never_opens_is_not_waited_for_forever() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    let (stream, _) = classes().await;
    passes(a_camera_that_never_opens(&users.alice, &users.bob, BOB, &manager, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_person_who_is_asked_for_the_camera_may_take_their_time() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    let (stream, _) = classes().await;
    passes(an_answer_that_takes_its_time(&users.alice, &users.bob, BOB, &manager, &stream).await);
    users.sign_out().await;
}
