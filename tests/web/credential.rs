//! Credentials, as JavaScript sees them.

use js_sys::{Function, Object, Promise, Reflect};
use openline::CommunicationTokenCredential;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::support::{Recorder, assert_error, call, field, function, settled, text, token};

#[wasm_bindgen_test]
async fn a_fixed_token_comes_back_with_its_expiry() {
    let jwt = token("ann", 3_600);
    let credential = JsValue::from(CommunicationTokenCredential::new(&jwt.as_str().into()).expect("valid"));
    let answer = settled(call(&credential, "getToken", &[]).expect("a promise"))
        .await
        .expect("a token");
    assert_eq!(text(&answer, "token"), jwt);
    assert!(
        field(&answer, "expiresOnTimestamp")
            .as_f64()
            .is_some_and(|at| at > js_sys::Date::now())
    );
}

#[wasm_bindgen_test]
async fn an_expired_fixed_token_is_handed_out_all_the_same() {
    let jwt = token("ann", -60);
    let credential = CommunicationTokenCredential::new(&jwt.as_str().into()).expect("valid");
    let answer = settled(credential.get_token(&JsValue::UNDEFINED))
        .await
        .expect("a token");
    assert_eq!(text(&answer, "token"), jwt);
}

#[wasm_bindgen_test]
async fn a_token_object_is_trusted() {
    let supplied = object(&[("token", "opaque".into()), ("expiresOnTimestamp", 5.into())]);
    let credential = CommunicationTokenCredential::new(&supplied).expect("valid");
    let answer = settled(credential.get_token(&JsValue::UNDEFINED))
        .await
        .expect("a token");
    assert_eq!(field(&answer, "expiresOnTimestamp"), 5);
}

#[wasm_bindgen_test]
fn arguments_that_are_no_token_throw() {
    let blank = CommunicationTokenCredential::new(&" ".into())
        .err()
        .expect("refused");
    assert_error(&blank, "CredentialError", "invalid");
    for wrong in [
        JsValue::UNDEFINED,
        JsValue::NULL,
        5.into(),
        object(&[]),
        object(&[("tokenRefresher", 5.into())]),
    ] {
        let error = CommunicationTokenCredential::new(&wrong).err().expect("refused");
        assert!(error.is_instance_of::<js_sys::TypeError>());
    }
}

#[wasm_bindgen_test]
fn strict_refuses_opaque_tokens_and_the_assumed_lifetime_has_a_range() {
    let refresher = function(|_| JsValue::UNDEFINED);
    let strict = object(&[
        ("tokenRefresher", refresher.clone()),
        ("token", "opaque".into()),
        ("strict", true.into()),
    ]);
    assert_error(
        &CommunicationTokenCredential::new(&strict).err().expect("refused"),
        "CredentialError",
        "invalid",
    );
    let range = object(&[
        ("tokenRefresher", refresher),
        ("undecodableTokenExpiryIntervalInSeconds", 0.into()),
    ]);
    let error = CommunicationTokenCredential::new(&range).err().expect("refused");
    assert!(error.is_instance_of::<js_sys::RangeError>());
}

#[wasm_bindgen_test]
async fn concurrent_callers_share_one_call_of_the_refresher() {
    let calls = Recorder::new();
    let (refresher, resolve) = pending_refresher(&calls);
    let credential =
        CommunicationTokenCredential::new(&object(&[("tokenRefresher", refresher)])).expect("valid");
    assert!(calls.got().is_empty(), "nobody asked yet");
    let first = credential.get_token(&JsValue::UNDEFINED);
    let second = credential.get_token(&JsValue::UNDEFINED);
    assert_eq!(calls.got().len(), 1);
    assert!(
        calls.got()[0].is_instance_of::<web_sys::AbortSignal>(),
        "the refresher gets a signal"
    );
    let jwt = token("ann", 3_600);
    resolve
        .call1(&JsValue::NULL, &jwt.as_str().into())
        .expect("resolves");
    for promise in [first, second] {
        assert_eq!(text(&settled(promise).await.expect("a token"), "token"), jwt);
    }
}

#[wasm_bindgen_test]
async fn a_failing_refresher_passes_its_error_on_and_is_asked_again() {
    let mut attempts = 0;
    let jwt = token("ann", 3_600);
    let answer = jwt.clone();
    let refresher = function(move |_| {
        attempts += 1;
        if attempts == 1 {
            Promise::reject(&js_sys::Error::new("offline").into()).into()
        } else {
            JsValue::from(answer.as_str())
        }
    });
    let credential =
        CommunicationTokenCredential::new(&object(&[("tokenRefresher", refresher)])).expect("valid");
    let error = settled(credential.get_token(&JsValue::UNDEFINED))
        .await
        .expect_err("offline");
    assert_eq!(text(&error, "message"), "offline");
    let token = settled(credential.get_token(&JsValue::UNDEFINED))
        .await
        .expect("a token");
    assert_eq!(text(&token, "token"), jwt);
}

#[wasm_bindgen_test]
async fn a_refresher_that_returns_an_expired_token_or_none_is_an_error() {
    for (answer, name, code) in [
        (JsValue::from(token("ann", -1)), "CredentialError", "expired"),
        (5.into(), "TypeError", ""),
    ] {
        let refresher = function(move |_| answer.clone());
        let credential =
            CommunicationTokenCredential::new(&object(&[("tokenRefresher", refresher)])).expect("valid");
        let error = settled(credential.get_token(&JsValue::UNDEFINED))
            .await
            .expect_err("refused");
        assert_error(&error, name, code);
    }
}

#[wasm_bindgen_test]
async fn an_aborted_caller_is_let_go_and_the_other_gets_the_token() {
    let calls = Recorder::new();
    let (refresher, resolve) = pending_refresher(&calls);
    let credential =
        CommunicationTokenCredential::new(&object(&[("tokenRefresher", refresher)])).expect("valid");
    let controller = AbortController::new().expect("supported");
    let first = credential.get_token(&object(&[("abortSignal", controller.signal().into())]));
    let second = credential.get_token(&JsValue::UNDEFINED);
    controller.abort();
    assert_error(&settled(first).await.expect_err("aborted"), "AbortError", "");
    let signal = calls.got()[0].clone();
    assert_eq!(field(&signal, "aborted"), false, "somebody still waits");
    let jwt = token("ann", 3_600);
    resolve
        .call1(&JsValue::NULL, &jwt.as_str().into())
        .expect("resolves");
    assert_eq!(text(&settled(second).await.expect("a token"), "token"), jwt);
}

#[wasm_bindgen_test]
async fn when_the_last_caller_gives_up_the_refresher_is_told() {
    let calls = Recorder::new();
    let (refresher, _) = pending_refresher(&calls);
    let credential =
        CommunicationTokenCredential::new(&object(&[("tokenRefresher", refresher)])).expect("valid");
    let controller = AbortController::new().expect("supported");
    let only = credential.get_token(&object(&[("abortSignal", controller.signal().into())]));
    controller.abort();
    assert_error(&settled(only).await.expect_err("aborted"), "AbortError", "");
    assert_eq!(field(&calls.got()[0], "aborted"), true);
}

#[wasm_bindgen_test]
async fn proactive_refresh_starts_by_itself() {
    let called = Promise::new(&mut |resolve, _| {
        let jwt = token("ann", 3_600);
        let refresher = function(move |_| {
            drop(resolve.call0(&JsValue::NULL));
            jwt.as_str().into()
        });
        let options = object(&[("tokenRefresher", refresher), ("refreshProactively", true.into())]);
        // Kept by its own timer's page: leaked on purpose, as a page's global would be.
        drop(JsValue::from(
            CommunicationTokenCredential::new(&options).expect("valid"),
        ));
    });
    settled(called).await.expect("the refresher was called");
}

#[wasm_bindgen_test]
async fn a_disposed_credential_refuses_those_who_wait_and_those_who_come() {
    let calls = Recorder::new();
    let (refresher, _) = pending_refresher(&calls);
    let credential =
        CommunicationTokenCredential::new(&object(&[("tokenRefresher", refresher)])).expect("valid");
    let waiting = credential.get_token(&JsValue::UNDEFINED);
    credential.dispose();
    credential.dispose();
    for promise in [waiting, credential.get_token(&JsValue::UNDEFINED)] {
        let error = settled(promise).await.expect_err("disposed");
        assert_error(&error, "CredentialError", "disposed");
        assert_eq!(text(&error, "message"), "User credential is disposed");
    }
    assert_eq!(field(&calls.got()[0], "aborted"), true);
}

/// A refresher that records its argument and resolves when told to.
fn pending_refresher(calls: &Recorder) -> (JsValue, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |ok, _| resolve = Some(ok));
    let record: Function = calls.function().unchecked_into();
    let refresher = function(move |signal| {
        record.call1(&JsValue::NULL, &signal).expect("records");
        promise.clone().into()
    });
    (refresher, resolve.expect("called at once").unchecked_into())
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value).expect("a plain object");
    }
    object.into()
}
