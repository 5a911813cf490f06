//! Sound of the page's own in calls, and how loud it is.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    devices::Callers,
    users::{BOB, passes},
};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = audioStreams)]
extern "C" {
    #[wasm_bindgen(catch, js_name = aStreamOfThePageAsMicrophone)]
    async fn a_stream_of_the_page_as_microphone(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = whatBecomesOfAStreamOfThePage)]
    async fn what_becomes_of_a_stream_of_the_page(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aCallBeginsWithAStreamOfThePage)]
    async fn a_call_begins_with_a_stream_of_the_page(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aCallBeginsWithAMicrophoneThatIsRefused)]
    async fn a_call_begins_with_a_microphone_that_is_refused(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aMicrophoneThatOpensTooLate)]
    async fn a_microphone_that_opens_too_late(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = microphonesAsStreams)]
    async fn microphones_as_streams(manager: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = howLoudItIs)]
    async fn how_loud_it_is(alice: &JsValue, bob: &JsValue, bob_id: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen_test]
async fn a_stream_of_the_page_takes_the_microphones_place_and_gives_it_back() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    passes(a_stream_of_the_page_as_microphone(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_stream_of_the_page_that_ends_or_is_taken_back_is_not_sent() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    passes(what_becomes_of_a_stream_of_the_page(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_call_begins_with_the_sound_that_it_is_given() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(a_call_begins_with_a_stream_of_the_page(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_call_that_begins_with_a_microphone_in_use_sends_the_selected_one() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(a_call_begins_with_a_microphone_that_is_refused(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_microphone_that_opens_after_its_call_is_over_is_turned_off() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(a_microphone_that_opens_too_late(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_microphone_as_a_stream_is_opened_changed_and_turned_off() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(microphones_as_streams(&manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn the_volume_follows_what_is_heard_in_one_context_that_is_closed_again() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    passes(how_loud_it_is(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}
