//! Devices of a machine on which they are refused, in use, unplugged and plugged in again, in calls and before.

use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    call_server::CallServer,
    users::{BOB, Users, classes, client, invoke, passes},
};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = machine)]
extern "C" {
    #[wasm_bindgen(js_name = forgetDevices)]
    fn forget_devices();
}

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = devices)]
extern "C" {
    #[wasm_bindgen(catch, js_name = preheatedDevicesAreClosedWithTheirClient)]
    async fn preheated_devices_are_closed_with_their_client(client: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = whatMayBeUsedIsNotAskedFor)]
    async fn what_may_be_used_is_not_asked_for(manager: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = askingLeavesACallAlone)]
    async fn asking_leaves_a_call_alone(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = theMicrophoneIsUnplugged)]
    async fn the_microphone_is_unplugged(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = theSpeakerIsUnplugged)]
    async fn the_speaker_is_unplugged(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = theSpeakerIsChosenInTheBrowser)]
    async fn the_speaker_is_chosen_in_the_browser(manager: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = theCameraIsUnplugged)]
    async fn the_camera_is_unplugged(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        manager: &JsValue,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aStreamOfThePageThatEndsEndsTheVideo)]
    async fn a_stream_of_the_page_that_ends_ends_the_video(
        alice: &JsValue,
        bob: &JsValue,
        bob_id: &str,
        stream: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = theChoiceIsRemembered)]
    async fn the_choice_is_remembered(
        first: &JsValue,
        second: &JsValue,
        third: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aCameraIsFoundByItsName)]
    async fn a_camera_is_found_by_its_name(manager: &JsValue, stream: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = everyFailureOfACamera)]
    async fn every_failure_of_a_camera(manager: &JsValue, stream: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = aRefusedMicrophone)]
    async fn a_refused_microphone(alice: &JsValue, bob: &JsValue, bob_id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = noMicrophone)]
    async fn no_microphone(alice: &JsValue, bob: &JsValue, bob_id: &str) -> Result<JsValue, JsValue>;
}

/// Alice and Bob on a server, and Alice's device manager.
pub(crate) struct Callers {
    pub(crate) _server: CallServer,
    pub(crate) users: Users,
    pub(crate) manager: JsValue,
}

impl Callers {
    pub(crate) async fn sign_in() -> Self {
        forget_devices();
        let server = CallServer::start();
        let users = Users::sign_in().await;
        let manager = manager_of(&users.clients[0]).await;
        Self {
            _server: server,
            users,
            manager,
        }
    }
}

async fn manager_of(client: &JsValue) -> JsValue {
    invoke(client, "getDeviceManager", &[]).await
}

async fn a_manager() -> JsValue {
    forget_devices();
    manager_of(&client()).await
}

#[wasm_bindgen_test]
async fn preheated_devices_are_closed_with_their_client_and_none_are_opened_after_it() {
    passes(preheated_devices_are_closed_with_their_client(&client()).await);
}

#[wasm_bindgen_test]
async fn what_may_be_used_already_is_not_asked_for_again() {
    passes(what_may_be_used_is_not_asked_for(&a_manager().await).await);
}

#[wasm_bindgen_test]
async fn asking_for_the_camera_leaves_the_microphone_of_a_call_alone() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(asking_leaves_a_call_alone(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_microphone_that_is_unplugged_gives_way_to_the_default_and_comes_back() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(the_microphone_is_unplugged(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_loudspeaker_that_is_unplugged_gives_way_to_the_default() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    passes(the_speaker_is_unplugged(&users.alice, &users.bob, BOB, &manager).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn a_loudspeaker_that_is_not_listed_is_chosen_in_the_browser() {
    passes(the_speaker_is_chosen_in_the_browser(&a_manager().await).await);
}

#[wasm_bindgen_test]
async fn a_camera_that_is_unplugged_gives_way_to_another_one() {
    let Callers {
        _server,
        users,
        manager,
    } = Callers::sign_in().await;
    let (stream, _) = classes().await;
    passes(the_camera_is_unplugged(&users.alice, &users.bob, BOB, &manager, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn the_end_of_a_stream_of_the_page_is_the_end_of_its_video() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    let (stream, _) = classes().await;
    passes(a_stream_of_the_page_that_ends_ends_the_video(&users.alice, &users.bob, BOB, &stream).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn what_was_chosen_is_remembered_by_id_and_by_name() {
    let first = a_manager().await;
    let another = Closure::<dyn Fn() -> js_sys::Promise>::new(|| {
        wasm_bindgen_futures::future_to_promise(async { Ok(manager_of(&client()).await) })
    });
    let another = another.as_js_value();
    passes(the_choice_is_remembered(&first, another, another).await);
}

#[wasm_bindgen_test]
async fn a_camera_whose_id_changed_is_found_by_its_name() {
    let (stream, _) = classes().await;
    passes(a_camera_is_found_by_its_name(&a_manager().await, &stream).await);
}

#[wasm_bindgen_test]
async fn every_failure_of_a_camera_is_an_error_of_its_own() {
    let (stream, _) = classes().await;
    passes(every_failure_of_a_camera(&a_manager().await, &stream).await);
}

#[wasm_bindgen_test]
async fn with_a_refused_microphone_one_calls_and_answers_muted() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    passes(a_refused_microphone(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}

#[wasm_bindgen_test]
async fn without_a_microphone_one_calls_muted_until_one_is_plugged_in() {
    let Callers { _server, users, .. } = Callers::sign_in().await;
    passes(no_microphone(&users.alice, &users.bob, BOB).await);
    users.sign_out().await;
}
