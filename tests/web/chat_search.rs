//! Search, against a stubbed `fetch`.

use js_sys::{Date, Reflect};
use openline::ChatClient;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    ENDPOINT, call, credential_of, field, install, json, request_at, request_count, settled, text,
    will_answer,
};

const FOUND: &str = r#"{"threadId":"t","message":{"id":"17","type":"text","sequenceId":"3","version":"18",
    "content":{"message":"Lunch?"},"createdOn":"2024-05-14T07:51:06Z",
    "senderCommunicationIdentifier":{"rawId":"8:acs:r_ann","communicationUser":{"id":"8:acs:r_ann"}}},
    "snippet":{"text":"Lunch?","offset":0,"highlights":[{"offset":0,"length":5}]}}"#;

#[wasm_bindgen_test]
async fn everything_that_narrows_a_search_is_in_its_first_request() {
    install();
    will_answer(200, &page(Some("https://stub.test/chat/messages/search?c=2")), "");
    will_answer(200, &page(None), "");
    let options = json(
        r#"{"query":"lunch & \"at noon\"","threadId":"19:x@thread.v2","maxPageSize":2,
            "sender":{"communicationUserId":"8:acs:r_ann"}}"#,
    );
    for (name, millis) in [("startTime", 0.0), ("endTime", 1_000.0)] {
        let time = Date::new(&millis.into());
        Reflect::set(&options, &name.into(), &time).expect("a plain object");
    }
    let found = JsValue::from(client().search_messages(&options).expect("valid"));
    let pages = call(&found, "byPage", &[]).expect("pages");
    let first = settled(call(&pages, "next", &[]).expect("a promise"))
        .await
        .expect("a page");
    let item = field(&first, "value.0");
    assert_eq!(text(&item, "threadId"), "t");
    assert_eq!(text(&item, "message.sender.communicationUserId"), "8:acs:r_ann");
    assert!(field(&item, "message.createdOn").is_instance_of::<Date>());
    assert_eq!(field(&item, "snippet.highlights.0.length"), 5);
    settled(call(&pages, "next", &[]).expect("a promise"))
        .await
        .expect("a page");

    assert_eq!(
        text(&request_at(0), "url"),
        "https://stub.test/chat/messages/search?maxPageSize=2&query=lunch%20%26%20%22at%20noon%22\
         &senderCommunicationIdentifier=8%3Aacs%3Ar_ann&threadId=19%3Ax%40thread.v2\
         &startTime=1970-01-01T00%3A00%3A00.000Z&endTime=1970-01-01T00%3A00%3A01.000Z&api-version=2025-03-15"
    );
    assert_eq!(
        text(&request_at(1), "url"),
        "https://stub.test/chat/messages/search?c=2"
    );
}

#[wasm_bindgen_test]
fn a_search_for_nothing_is_refused() {
    install();
    for nothing in [
        JsValue::UNDEFINED,
        json("{}"),
        json(r#"{"query":"x","sender":"ann"}"#),
        json(r#"{"query":"x","endTime":"today"}"#),
    ] {
        let refused = client().search_messages(&nothing).err().expect("refused");
        assert!(refused.is_instance_of::<js_sys::TypeError>());
    }
    assert_eq!(request_count(), 0);
}

fn client() -> ChatClient {
    ChatClient::new(ENDPOINT, &credential_of("ann"), &JsValue::UNDEFINED).expect("valid")
}

fn page(next: Option<&str>) -> String {
    let link = next
        .map(|link| format!(r#","nextLink":"{link}""#))
        .unwrap_or_default();
    format!(r#"{{"value":[{FOUND}]{link}}}"#)
}
