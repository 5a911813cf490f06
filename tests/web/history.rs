//! Messages of threads that are kept on the device, against a stubbed server and the browser's IndexedDB.

use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    local_data::client,
    support::{call, install, request_count, sent_frame, server_sends, settled, text, will_answer},
};

#[wasm_bindgen_test]
async fn what_was_listed_is_there_without_the_server_also_for_the_next_client() {
    install();
    let first = client("cache");
    list(&first, &[(3, "three"), (2, "two"), (1, "one")]).await;
    let asked = request_count();
    assert_eq!(cached(&first).await, ["3 three", "2 two", "1 one"]);
    assert_eq!(cached(&client("cache")).await, ["3 three", "2 two", "1 one"]);
    assert_eq!(request_count(), asked);
    clear(&first).await;
    assert!(cached(&client("cache")).await.is_empty());
}

#[wasm_bindgen_test]
async fn new_edited_and_deleted_messages_change_what_is_kept() {
    install();
    let client = started("follow").await;
    list(&client, &[(2, "two"), (1, "one")]).await;
    message(11, "chatMessageReceived", 3, 3, "three");
    message(12, "chatMessageEdited", 2, 9, "second");
    message(13, "chatMessageEdited", 2, 8, "an older edit");
    message(14, "chatMessageDeleted", 1, 9, "");
    assert_eq!(cached(&client).await, ["3 three", "2 second", "1 "]);
    list(&client, &[(4, "four"), (3, "three")]).await;
    assert_eq!(
        cached(&client).await,
        ["4 four", "3 three"],
        "the server says that there is nothing older"
    );
    clear(&client).await;
    stop(&client).await;
}

#[wasm_bindgen_test]
async fn what_does_not_follow_what_is_kept_is_not_put_beside_it() {
    install();
    let client = started("holes").await;
    message(11, "chatMessageReceived", 7, 7, "who knows what was before");
    assert!(cached(&client).await.is_empty());
    list(&client, &[(7, "seven"), (6, "six")]).await;
    message(
        12,
        "chatMessageReceived",
        9,
        9,
        "nine, after a change of the topic",
    );
    assert_eq!(cached(&client).await.len(), 3);
    clear(&client).await;
    stop(&client).await;
}

/// Reads all pages of the thread: one.
#[wasm_bindgen_test]
async fn a_thread_that_the_server_no_longer_shows_is_not_kept() {
    install();
    let client = client("gone");
    for (status, kept) in [(500, 1), (403, 0), (404, 0)] {
        list(&client, &[(1, "one")]).await;
        will_answer(status, r#"{"error":{"code":"No","message":"No."}}"#, "");
        let list = call(&thread(&client), "listMessages", &[]).expect("a list");
        let refused = settled(call(&list, "next", &[]).expect("a promise")).await;
        assert!(refused.is_err());
        assert_eq!(cached(&client).await.len(), kept, "{status}");
    }
    clear(&client).await;
}

async fn list(client: &JsValue, messages: &[(u32, &str)]) {
    let items: Vec<String> = messages
        .iter()
        .map(|(id, text)| {
            format!(
                r#"{{"id":"{id}","sequenceId":"{id}","version":"{id}","type":"text","content":{{"message":"{text}"}},
                    "createdOn":"2024-05-14T07:51:06Z"}}"#
            )
        })
        .collect();
    will_answer(200, &format!(r#"{{"value":[{}]}}"#, items.join(",")), "");
    let list = call(&thread(client), "listMessages", &[]).expect("a list");
    settled(call(&list, "next", &[]).expect("a promise"))
        .await
        .expect("a page");
}

async fn cached(client: &JsValue) -> Vec<String> {
    let list = settled(call(&thread(client), "getCachedMessages", &[]).expect("a promise")).await;
    let list: Array = list.expect("a list").unchecked_into();
    list.iter()
        .map(|message| format!("{} {}", text(&message, "id"), text(&message, "content.message")))
        .collect()
}

async fn started(user: &str) -> JsValue {
    let client = client(user);
    let pending = call(&client, "startRealtimeNotifications", &[]).expect("a promise");
    settled(sent_frame(0, "hello")).await.expect("a frame");
    server_sends(
        0,
        r#"{"type":"welcome","version":1,"sessionId":"s","endpointId":"e","resumed":false,"receivedSeq":0,
            "heartbeatIntervalMs":10000,"sessionGraceMs":30000,"iceServers":[]}"#,
    );
    server_sends(0, r#"{"type":"subscribed","topic":"chat","cursor":10}"#);
    settled(pending).await.expect("started");
    client
}

fn message(position: u64, kind: &str, id: u32, version: u32, content: &str) {
    server_sends(
        0,
        &format!(
            r#"{{"type":"event","position":{position},"event":{{"type":"{kind}","threadId":"19:x@thread.v2","id":"{id}",
                "sequenceId":"{id}","version":"{version}","messageType":"text","sender":"8:acs:r_bob",
                "senderDisplayName":"Bob","createdOn":1700000000000,"message":"{content}"}}}}"#
        ),
    );
}

fn thread(client: &JsValue) -> JsValue {
    call(client, "getChatThreadClient", &["19:x@thread.v2".into()]).expect("a client")
}

async fn clear(client: &JsValue) {
    settled(call(client, "clearLocalData", &[]).expect("a promise"))
        .await
        .expect("cleared");
}

async fn stop(client: &JsValue) {
    settled(call(client, "stopRealtimeNotifications", &[]).expect("a promise"))
        .await
        .expect("stopped");
}
