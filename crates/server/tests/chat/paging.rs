//! Pages and the links between them.

use serde_json::json;

use crate::api::{Api, VERSION, string};

#[tokio::test]
async fn pages_of_one_hold_each_item_once() {
    let api = Api::new().await;
    let (ann, bob, cat) = (api.person().await, api.person().await, api.person().await);
    let mut threads = Vec::new();
    for _ in 0..3 {
        threads.push(api.thread(&ann, &[&bob, &cat]).await);
    }
    let thread = &threads[0];
    let message = api.message(&ann, thread, "x").await;
    for reader in [&ann, &bob, &cat] {
        let receipt = json!({"chatMessageId": message});
        api.post(reader, &format!("{thread}/readReceipts"), receipt)
            .await
            .is_empty(200);
    }
    for list in [
        "/chat/threads".to_owned(),
        format!("{thread}/messages"),
        format!("{thread}/participants"),
        format!("{thread}/readReceipts"),
        format!("{thread}/deliveryReceipts"),
    ] {
        let all = api.pages(&ann, &list).await.concat();
        assert_eq!(all.len(), 3, "{list}");
        let pages = api.pages(&ann, &format!("{list}?maxPageSize=1")).await;
        assert!(pages.iter().all(|page| page.len() == 1), "{list}");
        assert_eq!(pages.concat(), all, "{list}");
        let pages = api.pages(&ann, &format!("{list}?maxPageSize=2")).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1], "{list}");
    }
}

#[tokio::test]
async fn participants_and_receipts_can_be_skipped() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&bob]).await;
    let list = api.get(&ann, &format!("{thread}/participants?skip=1")).await.body;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
    let list = api
        .get(&ann, &format!("{thread}/participants?skip=5&maxPageSize=5"))
        .await
        .body;
    assert_eq!(list, json!({"value": []}));
}

#[tokio::test]
async fn a_start_time_holds_for_the_pages_that_follow() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(api.message(&ann, &thread, &n.to_string()).await);
    }
    let start = jiff::Timestamp::from_millisecond(ids[1].parse().unwrap()).unwrap();
    let start = start.to_string().replace(':', "%3A");
    let pages = api
        .pages(
            &ann,
            &format!("{thread}/messages?maxPageSize=3&startTime={start}"),
        )
        .await;
    let listed: Vec<_> = pages
        .concat()
        .iter()
        .map(|message| string(&message["id"]).to_owned())
        .collect();
    ids.remove(0);
    ids.reverse();
    assert_eq!(listed, ids);
}

#[tokio::test]
async fn links_are_absolute_name_the_version_and_need_no_coding() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let page = api
        .get(&ann, &format!("{thread}/messages?maxPageSize=1"))
        .await
        .body;
    let link = string(&page["nextLink"]);
    let (address, query) = link.split_once('?').unwrap();
    assert_eq!(address, format!("https://localhost:8443{thread}/messages"));
    assert!(query.ends_with(&format!("&api-version={VERSION}")), "{query}");
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=&.".contains(c);
    assert!(query.chars().all(plain), "{query}");
}

#[tokio::test]
async fn sizes_and_links_that_cannot_be_are_refused() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    for query in [
        "maxPageSize=0",
        "maxPageSize=201",
        "maxPageSize=-1",
        "maxPageSize=x",
    ] {
        for list in [
            "/chat/threads",
            &format!("{thread}/messages"),
            &format!("{thread}/participants"),
        ] {
            api.get(&ann, &format!("{list}?{query}"))
                .await
                .is_error(400, "BadRequest");
        }
    }
    for query in ["syncState=abc", "syncState=", "startTime=yesterday"] {
        for list in ["/chat/threads", &format!("{thread}/messages")] {
            api.get(&ann, &format!("{list}?{query}"))
                .await
                .is_error(400, "BadRequest");
        }
    }
    for query in ["skip=-1", "skip=99999999999"] {
        api.get(&ann, &format!("{thread}/participants?{query}"))
            .await
            .is_error(400, "BadRequest");
    }
}
