//! How a call is sent, with the package's own file for it: codecs, protection of the sound, limits, tones.

use js_sys::Function;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    call_server::CallServer,
    devices::Callers,
    users::{BOB, Users, classes, passes},
};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = mediaQualityOfCalls)]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = prepare)]
    static PREPARE: Function;
}

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = dtmf)]
extern "C" {
    #[wasm_bindgen(js_name = signOf)]
    fn sign_of(tone: &str) -> String;
}

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = lostMedia)]
extern "C" {
    #[wasm_bindgen(js_name = arrivedBy)]
    fn arrived_by(report: &js_sys::Map) -> JsValue;
}

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = mediaQuality)]
extern "C" {
    #[wasm_bindgen(variadic)]
    fn hardware(machines: Vec<JsValue>);
    #[wasm_bindgen(js_name = ownHardware)]
    fn own_hardware();
    #[wasm_bindgen(catch, js_name = soundIsProtected)]
    async fn sound_is_protected(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = bothSendTheSameCodec)]
    async fn both_send_the_same_codec(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        expected: &str,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = picturesAreLimited)]
    async fn pictures_are_limited(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = ownPicturesAreLimited)]
    async fn own_pictures_are_limited(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = whatWasWantedLastIsSent)]
    async fn what_was_wanted_last_is_sent(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = tonesAreSent)]
    async fn tones_are_sent(alice: &JsValue, bob: &JsValue, bob_id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = tonesWithoutAMicrophone)]
    async fn tones_without_a_microphone(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = tonesThatNobodyTakes)]
    async fn tones_that_nobody_takes(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
    ) -> Result<JsValue, JsValue>;
}

/// What the package gives `CallClient` as its second argument.
pub(crate) fn provider() -> Function {
    PREPARE.with(Clone::clone)
}

#[wasm_bindgen_test]
async fn sound_is_repaired_and_comes_before_the_picture() {
    assert!(arrived_by(&js_sys::Map::new()).is_undefined());
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    let (stream, _renderer) = classes().await;
    passes(sound_is_protected(&users.alice, &users.bob, BOB, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn both_sides_send_what_is_cheap_for_both_and_keep_to_it() {
    let list = |names: &[&str]| {
        names
            .iter()
            .copied()
            .map(JsValue::from_str)
            .collect::<js_sys::Array>()
    };
    for (alice, bob, expected) in [
        (list(&["AV1", "VP9"]), list(&["VP9"]), "VP9"),
        (list(&["VP9"]), list(&["AV1", "VP9"]), "VP9"),
        (list(&[]), list(&[]), "VP8"),
    ] {
        let _server = CallServer::start();
        hardware(vec![alice.into(), bob.into()]);
        let users = Users::sign_in().await;
        own_hardware();
        let (stream, _renderer) = classes().await;
        passes(both_send_the_same_codec(&users.alice, &users.bob, BOB, expected, &stream).await);
        users.sign_out().await;
    }
}

#[wasm_bindgen_test]
async fn pictures_stay_within_their_limits_whatever_is_sent() {
    let callers = Callers::sign_in().await;
    let (stream, _renderer) = classes().await;
    let users = callers.users;
    passes(pictures_are_limited(&users.alice, &users.bob, BOB, &callers.manager, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn pictures_of_the_page_stay_within_their_limits() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    let (stream, _renderer) = classes().await;
    passes(own_pictures_are_limited(&users.alice, &users.bob, BOB, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn hold_and_resume_in_quick_succession_leave_nobody_silent() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    let (stream, _renderer) = classes().await;
    passes(what_was_wanted_last_is_sent(&users.alice, &users.bob, BOB, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn tones_are_sent_in_order_also_while_muted() {
    assert_eq!(sign_of("Num1"), "1");
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(tones_are_sent(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn tones_are_sent_without_a_microphone() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(tones_without_a_microphone(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_tone_that_the_other_side_does_not_take_is_an_error() {
    let _server = CallServer::start();
    let users = Users::sign_in().await;
    passes(tones_that_nobody_takes(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}
