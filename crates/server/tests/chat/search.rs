//! Search in one's threads.

use std::time::Duration;

use openline_server::config::Config;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::api::{Answer, Api, Person, identifier, path, string};

type Parameters<'a> = &'a [(&'a str, &'a str)];

/// The parameters, encoded, and the address.
fn address(parameters: Parameters<'_>) -> String {
    let pairs = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    format!("/chat/messages/search?{}", pairs.collect::<Vec<_>>().join("&"))
}

async fn search(api: &Api, person: &Person, parameters: Parameters<'_>) -> Answer {
    api.get(person, &address(parameters)).await
}

/// What the messages say that a query finds.
async fn find(api: &Api, person: &Person, query: &str) -> Vec<String> {
    let answer = search(api, person, &[("query", query)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    said(answer.body["value"].as_array().unwrap())
}

fn said(items: &[Value]) -> Vec<String> {
    items
        .iter()
        .map(|item| string(&item["message"]["content"]["message"]).to_owned())
        .collect()
}

/// The id in a thread's path.
fn id_of(thread: &str) -> String {
    thread
        .trim_start_matches("/chat/threads/")
        .replace("%3A", ":")
        .replace("%40", "@")
}

async fn send_html(api: &Api, person: &Person, thread: &str, html: &str) -> String {
    let sent = api
        .post(
            person,
            &format!("{thread}/messages"),
            json!({"content": html, "type": "html"}),
        )
        .await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    string(&sent.body["id"]).to_owned()
}

#[tokio::test]
async fn messages_with_every_word_are_found_in_all_threads_the_newest_first() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let (one, two) = (api.thread(&ann, &[&bob]).await, api.thread(&ann, &[]).await);
    api.message(&bob, &one, "Lunch tomorrow?").await;
    api.message(&ann, &two, "tomorrow: LUNCH with Zoë").await;
    api.message(&ann, &one, "no lunch today").await;
    api.message(&ann, &one, "tomorrow then").await;

    assert_eq!(
        find(&api, &ann, "lunch tomorrow").await,
        ["tomorrow: LUNCH with Zoë", "Lunch tomorrow?"]
    );
    assert_eq!(find(&api, &ann, "lun").await.len(), 3);
    assert_eq!(find(&api, &ann, "\"lun\"").await.len(), 0);
    assert_eq!(find(&api, &ann, "tom lunch").await.len(), 0);
    assert_eq!(find(&api, &ann, "\"lunch tomorrow\"").await, ["Lunch tomorrow?"]);
    assert_eq!(find(&api, &ann, "zoe").await, ["tomorrow: LUNCH with Zoë"]);
    assert_eq!(find(&api, &bob, "lunch tomorrow").await, ["Lunch tomorrow?"]);
}

#[tokio::test]
async fn an_item_is_the_message_with_its_thread_and_where_it_says_it() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.message(&ann, &thread, "😀 see you at lunch").await;
    let found = search(&api, &ann, &[("query", "lunch")]).await.body;
    let message = api.get(&ann, &format!("{thread}/messages/{id}")).await.body;
    assert_eq!(
        found,
        json!({"value": [{
            "threadId": id_of(&thread),
            "message": message,
            "snippet": {
                "text": "😀 see you at lunch",
                "offset": 0,
                "highlights": [{"offset": 14, "length": 5}],
            },
        }]})
    );
}

#[tokio::test]
async fn html_is_searched_by_its_text() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let html = "<p title='secret'>Fish &amp; <b>ch</b>ips</p><script>evil</script>";
    send_html(&api, &ann, &thread, html).await;
    for absent in ["secret", "evil", "script", "amp", "ch ips"] {
        assert_eq!(find(&api, &ann, absent).await.len(), 0, "{absent}");
    }
    let found = search(&api, &ann, &[("query", "\"fish chips\"")]).await.body;
    assert_eq!(
        found["value"][0]["snippet"],
        json!({"text": "Fish & chips", "offset": 0, "highlights": [{"offset": 0, "length": 12}]})
    );
    assert_eq!(found["value"][0]["message"]["content"]["message"], html);
}

#[tokio::test]
async fn what_is_edited_or_deleted_is_found_as_it_is_now() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.message(&ann, &thread, "breakfast").await;
    let message = format!("{thread}/messages/{id}");
    api.patch(&ann, &message, json!({"content": "supper"}))
        .await
        .is_empty(204);
    assert_eq!(find(&api, &ann, "breakfast").await.len(), 0);
    assert_eq!(find(&api, &ann, "supper").await, ["supper"]);
    api.patch(&ann, &message, json!({"metadata": {"a": "dinner"}}))
        .await
        .is_empty(204);
    assert_eq!(find(&api, &ann, "supper").await, ["supper"]);
    assert_eq!(find(&api, &ann, "dinner").await.len(), 0);
    api.delete(&ann, &message).await.is_empty(204);
    assert_eq!(find(&api, &ann, "supper").await.len(), 0);
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_read() {
    let api = Api::new().await;
    let (ann, bob, eve) = (api.person().await, api.person().await, api.person().await);
    let thread = api.thread(&ann, &[&eve]).await;
    api.message(&ann, &thread, "secret one").await;
    api.clock.advance(Duration::from_secs(60));
    let history = json!({"participants": [{
        "communicationIdentifier": identifier(&bob),
        "shareHistoryTime": "2023-11-14T22:13:50Z",
    }]});
    let added = api
        .post(&ann, &format!("{thread}/participants/:add"), history)
        .await;
    assert_eq!(added.status, 201, "{}", added.body);
    api.message(&ann, &thread, "secret two").await;
    assert_eq!(find(&api, &ann, "secret").await, ["secret two", "secret one"]);
    assert_eq!(find(&api, &bob, "secret").await, ["secret two"]);
    let id = id_of(&thread);
    let in_thread = [("query", "secret"), ("threadId", id.as_str())];
    assert_eq!(
        search(&api, &bob, &in_thread).await.body["value"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let removed = format!("{thread}/participants/:remove");
    api.post(&ann, &removed, identifier(&eve)).await.is_empty(204);
    assert_eq!(find(&api, &eve, "secret").await.len(), 0);
    search(&api, &eve, &in_thread).await.is_error(403, "Forbidden");
    let unknown = [("query", "secret"), ("threadId", "19:nowhere@thread.v2")];
    search(&api, &eve, &unknown).await.is_error(403, "Forbidden");
    let caller = api.token_with(&ann, "voip").await;
    search(&api, &caller, &in_thread).await.is_error(403, "Forbidden");

    api.delete(&ann, &thread).await.is_empty(204);
    assert_eq!(find(&api, &ann, "secret").await.len(), 0);
    search(&api, &ann, &in_thread).await.is_error(404, "NotFound");
    api.keep_house().await;
    assert_eq!(find(&api, &ann, "secret").await.len(), 0);
}

#[tokio::test]
async fn thread_sender_and_time_narrow_the_search() {
    let api = Api::new().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let (one, two) = (api.thread(&ann, &[&bob]).await, api.thread(&ann, &[&bob]).await);
    let mut times = Vec::new();
    for (sender, thread, text) in [
        (&ann, &one, "word a"),
        (&bob, &one, "word b"),
        (&bob, &two, "word c"),
        (&ann, &two, "word d"),
    ] {
        api.clock.advance(Duration::from_secs(60));
        let id: i64 = api.message(sender, thread, text).await.parse().unwrap();
        times.push(jiff::Timestamp::from_millisecond(id).unwrap().to_string());
    }
    let one_id = id_of(&one);
    let cases: [(Parameters<'_>, &[&str]); 6] = [
        (&[("threadId", &one_id)], &["word b", "word a"]),
        (
            &[("senderCommunicationIdentifier", &bob.raw_id)],
            &["word c", "word b"],
        ),
        (&[("startTime", &times[2])], &["word d", "word c"]),
        (&[("endTime", &times[2])], &["word b", "word a"]),
        (
            &[("startTime", &times[1]), ("endTime", &times[3])],
            &["word c", "word b"],
        ),
        (
            &[
                ("threadId", &one_id),
                ("senderCommunicationIdentifier", &bob.raw_id),
                ("endTime", &times[1]),
            ],
            &[],
        ),
    ];
    for (narrowed, expected) in cases {
        let parameters = [&[("query", "word")], narrowed].concat();
        let pages = api.pages(&ann, &address(&parameters)).await;
        assert_eq!(said(&pages.concat()), expected, "{narrowed:?}");
        let one_by_one = [parameters.as_slice(), &[("maxPageSize", "1")]].concat();
        let pages = api.pages(&ann, &address(&one_by_one)).await;
        assert_eq!(said(&pages.concat()), expected, "{narrowed:?}");
    }
}

#[tokio::test]
async fn pages_go_through_all_threads_in_order_whatever_is_sent_in_between() {
    let api = Api::new().await;
    let ann = api.person().await;
    let mut threads = Vec::new();
    for _ in 0..4 {
        threads.push(api.thread(&ann, &[]).await);
    }
    // The clock stands still: messages of several threads have the same time.
    let mut expected = Vec::new();
    for n in 0..30 {
        let text = format!("word {n}");
        let id = api.message(&ann, &threads[n * 7 % 4], &text).await;
        expected.push((id.parse::<u64>().unwrap(), n * 7 % 4, text));
    }
    expected.sort_unstable_by(|a, b| b.cmp(a));
    let expected: Vec<_> = expected.into_iter().map(|(_, _, text)| text).collect();
    for size in ["1", "4", "29", "30", "100"] {
        let first = [("query", "\"word\""), ("maxPageSize", size)];
        assert_eq!(
            said(&api.pages(&ann, &address(&first)).await.concat()),
            expected,
            "{size}"
        );
    }
    let first = search(&api, &ann, &[("query", "word"), ("maxPageSize", "29")])
        .await
        .body;
    api.clock.advance(Duration::from_secs(1));
    api.message(&ann, &threads[0], "word new").await;
    let next = api.follow(&ann, string(&first["nextLink"])).await.body;
    assert_eq!(said(next["value"].as_array().unwrap()), expected[29..]);
    assert_eq!(next.get("nextLink"), None);
}

#[tokio::test]
async fn any_text_can_be_searched_for() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    for text in [
        "a AND (b OR \"c\") NOT d*",
        "words : x ^ - + {y} NEAR(z, 2)",
        "it's 100% \\ _ ; DROP TABLE chat_messages; --",
        "\"\"unclosed 'quotes\" \u{201c}here",
        "\u{1}\u{7f} \u{200d}\u{301}b",
        "明天开会吗 👍🏽",
        "ﷺ İ ß ﬁ",
    ] {
        api.message(&ann, &thread, text).await;
        let found = find(&api, &ann, text).await;
        assert_eq!(found.first().map(String::as_str), Some(text));
    }
    assert_eq!(find(&api, &ann, "开会").await.len(), 1);
    assert_eq!(find(&api, &ann, "👍").await.len(), 1);
    for query in ["\"", "*", "AND", "-b", "col:b", "\0b", "NEAR(", "b\" OR \"1"] {
        let status = search(&api, &ann, &[("query", query)]).await.status;
        assert!(status == 200 || status == 400, "{query}: {status}");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_refused() {
    let api = Api::new().await;
    let ann = api.person().await;
    let (long, many) = ("x".repeat(513), "x ".repeat(33));
    for (name, value) in [
        ("query", ""),
        ("query", " ?! "),
        ("query", long.as_str()),
        ("query", many.as_str()),
        ("maxPageSize", "0"),
        ("maxPageSize", "101"),
        ("startTime", "yesterday"),
        ("endTime", "tomorrow"),
        ("syncState", "abc"),
    ] {
        let query = if name == "query" {
            vec![]
        } else {
            vec![("query", "x")]
        };
        let answer = search(&api, &ann, &[query, vec![(name, value)]].concat()).await;
        answer.is_error(400, "BadRequest");
        assert_eq!(answer.body["error"]["target"], name);
    }
    search(&api, &ann, &[]).await.is_error(400, "BadRequest");
    api.get(&ann, "/chat/messages/search?query=x&maxPageSize=x")
        .await
        .is_error(400, "BadRequest");
    let thread = path("19:x@thread.v2");
    api.get(&ann, &format!("{thread}/messages/search"))
        .await
        .is_error(403, "Forbidden");
}

#[tokio::test]
async fn searches_are_limited_per_user() {
    let mut config = Config::default();
    config.chat.rate_limits.search_messages = 2;
    let api = Api::with(config).await;
    let (ann, bob) = (api.person().await, api.person().await);
    for _ in 0..2 {
        assert_eq!(find(&api, &ann, "x").await.len(), 0);
    }
    let limited = search(&api, &ann, &[("query", "x")]).await;
    limited.is_error(429, "TooManyRequests");
    assert_eq!(limited.headers["retry-after"], "10");
    assert_eq!(find(&api, &bob, "x").await.len(), 0);
}

#[tokio::test]
async fn deleted_words_leave_the_disk() {
    let api = Api::new().await;
    let ann = api.person().await;
    let thread = api.thread(&ann, &[]).await;
    let id = api.message(&ann, &thread, "unutterable").await;
    api.delete(&ann, &format!("{thread}/messages/{id}"))
        .await
        .is_empty(204);
    api.keep_house().await;
    for entry in std::fs::read_dir(api.directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let part = b"utterable";
            assert!(
                !bytes.windows(part.len()).any(|window| window == part),
                "{path:?}"
            );
        }
    }
}
