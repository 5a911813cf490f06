//! How often chat may be used, with the limits as they are by default.

use std::time::Duration;

use axum::http::Method;
use openline_server::config::Config;
use serde_json::{Value, json};

use crate::api::{Answer, Api, Person, identifier, participant, path, string};

async fn limited() -> Api {
    Api::with(Config::default()).await
}

/// The seconds to wait, of a refusal.
#[track_caller]
fn retry_after(answer: &Answer) -> u64 {
    answer.is_error(429, "TooManyRequests");
    answer.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

impl Api {
    /// Runs a request `count` times, each with its number in it, then once more.
    async fn exhaust(
        &self,
        person: &Person,
        count: usize,
        request: impl Fn(usize) -> (Method, String, Option<Value>),
    ) -> Answer {
        for number in 0..count {
            let (method, path, body) = request(number);
            let answer = self.call(person, method, &path, body).await;
            assert!(answer.status.is_success(), "{number}: {}", answer.body);
        }
        let (method, path, body) = request(count);
        self.call(person, method, &path, body).await
    }

    /// A thread of its own time: what making it counted is over.
    async fn rested_thread(&self, creator: &Person, others: &[&Person]) -> String {
        let thread = self.thread(creator, others).await;
        self.clock.advance(Duration::from_secs(60));
        thread
    }
}

#[tokio::test]
async fn each_limit_of_a_user_holds_for_that_user_alone() {
    let api = limited().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let mut threads = Vec::new();
    for _ in 0..2 {
        for _ in 0..6 {
            threads.push(api.thread(&ann, &[&bob]).await);
        }
        api.clock.advance(Duration::from_secs(10));
    }
    let (ours, rest) = threads.split_first().unwrap();
    let create = |_| {
        (
            Method::POST,
            "/chat/threads".to_owned(),
            Some(json!({"topic": "x"})),
        )
    };
    let delete = |at: usize| (Method::DELETE, rest[at].clone(), None);
    let update = |n: usize| {
        (
            Method::PATCH,
            ours.clone(),
            Some(json!({"topic": format!("topic {n}")})),
        )
    };
    let read = |n: usize| {
        let list = "/chat/threads".to_owned();
        (
            Method::GET,
            if n.is_multiple_of(2) { list } else { ours.clone() },
            None,
        )
    };
    let messages = |_| (Method::GET, format!("{ours}/messages"), None);
    assert_eq!(retry_after(&api.exhaust(&ann, 10, create).await), 10);
    assert_eq!(retry_after(&api.exhaust(&ann, 10, delete).await), 10);
    assert_eq!(retry_after(&api.exhaust(&ann, 5, update).await), 10);
    assert_eq!(retry_after(&api.exhaust(&ann, 50, read).await), 10);
    assert_eq!(retry_after(&api.exhaust(&ann, 50, messages).await), 10);
    // Another user is free, also in the same thread.
    for (method, path, body) in [create(0), delete(10), update(5), read(0), read(1), messages(0)] {
        let answer = api.call(&bob, method, &path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.body);
    }
    api.clock.advance(Duration::from_secs(10));
    for (method, path, body) in [create(0), update(6), read(0), read(1), messages(0)] {
        let answer = api.call(&ann, method, &path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn each_limit_of_a_thread_holds_for_all_in_it_and_in_no_other() {
    let api = limited().await;
    let (ann, bob, cat) = (api.person().await, api.person().await, api.person().await);
    let other = api.thread(&ann, &[&bob]).await;
    let thread = api.rested_thread(&ann, &[&bob]).await;
    let mut ids = Vec::new();
    for n in 0..12 {
        ids.push(api.message(&ann, &thread, &n.to_string()).await);
        api.clock.advance(Duration::from_secs(6));
    }
    api.clock.advance(Duration::from_secs(60));

    let id = &ids[0];
    let message = |thread: &str, n: usize| match n % 3 {
        0 => (
            Method::POST,
            format!("{thread}/messages"),
            Some(json!({"content": "x"})),
        ),
        1 => (
            Method::PATCH,
            format!("{thread}/messages/{id}"),
            Some(json!({"content": "y"})),
        ),
        _ => (
            Method::DELETE,
            format!("{thread}/messages/{}", ids[1 + n / 3]),
            None,
        ),
    };
    let receipt = |n: usize| {
        let body = json!({"chatMessageId": ids[n]});
        (Method::POST, format!("{thread}/readReceipts"), Some(body))
    };
    let delivery = |n: usize| {
        let body = json!({"chatMessageId": ids[n % ids.len()]});
        (Method::POST, format!("{thread}/deliveryReceipts"), Some(body))
    };
    let typing = |_| (Method::POST, format!("{thread}/typing"), Some(json!({})));
    let participants = |n: usize| {
        if n.is_multiple_of(2) {
            let body = json!({"participants": [participant(&cat)]});
            (Method::POST, format!("{thread}/participants/:add"), Some(body))
        } else {
            let path = format!("{thread}/participants/:remove");
            (Method::POST, path, Some(identifier(&cat)))
        }
    };
    assert_eq!(
        retry_after(&api.exhaust(&ann, 10, |n| message(&thread, n)).await),
        10
    );
    assert_eq!(retry_after(&api.exhaust(&ann, 10, receipt).await), 10);
    assert_eq!(retry_after(&api.exhaust(&ann, 200, delivery).await), 10);
    assert_eq!(retry_after(&api.exhaust(&ann, 5, typing).await), 10);
    assert_eq!(retry_after(&api.exhaust(&ann, 10, participants).await), 10);
    // It is the thread's: its other participants wait too.
    for (method, path, body) in [
        message(&thread, 0),
        receipt(0),
        delivery(0),
        typing(0),
        participants(0),
    ] {
        assert!(retry_after(&api.call(&bob, method, &path, body).await) <= 10);
    }
    api.message(&bob, &other, "elsewhere").await;
}

#[tokio::test]
async fn the_minute_counts_too() {
    let api = limited().await;
    let (ann, bob) = (api.person().await, api.person().await);
    let thread = api.rested_thread(&ann, &[&bob]).await;
    for _ in 0..3 {
        for n in 0..10 {
            api.message(&ann, &thread, &n.to_string()).await;
        }
        api.clock.advance(Duration::from_millis(10_500));
    }
    // 31.5 s after the first one: 28.5 s are left, rounded up.
    let messages = format!("{thread}/messages");
    let refused = api.post(&ann, &messages, json!({"content": "x"})).await;
    assert_eq!(retry_after(&refused), 29);
    api.clock.advance(Duration::from_secs(28));
    let refused = api.post(&ann, &messages, json!({"content": "x"})).await;
    assert_eq!(retry_after(&refused), 1);
    api.clock.advance(Duration::from_millis(500));
    api.message(&ann, &thread, "at last").await;
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_is_not_counted() {
    let api = limited().await;
    let ann = api.person().await;
    let thread = api.rested_thread(&ann, &[]).await;
    let messages = format!("{thread}/messages");
    for n in 0..10 {
        api.message(&ann, &thread, &n.to_string()).await;
    }
    for _ in 0..40 {
        let refused = api.post(&ann, &messages, json!({"content": "refused"})).await;
        assert_eq!(retry_after(&refused), 10);
    }
    let stored = api.pages(&ann, &messages).await.concat();
    assert_eq!(stored.len(), 12);
    assert!(
        stored
            .iter()
            .all(|message| message["content"]["message"] != "refused")
    );
    // 10 of 30 in the minute.
    for _ in 0..2 {
        api.clock.advance(Duration::from_secs(10));
        for n in 0..10 {
            api.message(&ann, &thread, &n.to_string()).await;
        }
    }
}

#[tokio::test]
async fn a_repetition_is_answered_though_the_limit_is_reached() {
    let api = limited().await;
    let ann = api.person().await;
    let thread = api.rested_thread(&ann, &[]).await;
    let messages = format!("{thread}/messages");
    let send = async |id: &str| api.post_as(&ann, id, &messages, &json!({"content": "x"})).await;
    let first = send("first").await.body;
    for n in 1..10 {
        assert_eq!(send(&n.to_string()).await.status, 201);
    }
    retry_after(&send("refused").await);
    for _ in 0..20 {
        let again = send("first").await;
        assert_eq!((again.status.as_u16(), &again.body), (201, &first));
    }
    api.clock.advance(Duration::from_secs(10));
    assert_eq!(send("refused").await.status, 201);

    let create = async |id: &str| {
        api.post_as(&ann, id, "/chat/threads", &json!({"topic": "x"}))
            .await
    };
    let first = create("first").await.body;
    for n in 1..10 {
        assert_eq!(create(&n.to_string()).await.status, 201);
    }
    retry_after(&create("refused").await);
    assert_eq!(create("first").await.body, first);
}

#[tokio::test]
async fn who_is_not_in_a_thread_cannot_use_up_what_it_is_allowed() {
    let api = limited().await;
    let (ann, eve) = (api.person().await, api.person().await);
    let thread = api.rested_thread(&ann, &[]).await;
    for _ in 0..20 {
        let body = json!({"content": "x"});
        api.post(&eve, &format!("{thread}/messages"), body)
            .await
            .is_error(403, "Forbidden");
        api.post(&eve, &format!("{thread}/typing"), json!({}))
            .await
            .is_error(403, "Forbidden");
    }
    api.message(&ann, &thread, "x").await;
    api.post(&ann, &format!("{thread}/typing"), json!({}))
        .await
        .is_empty(200);
}

#[tokio::test]
async fn limits_are_as_the_settings_say() {
    let mut config = Config::default();
    config.chat.rate_limits.window_s = 3;
    config.chat.rate_limits.messages = 2;
    config.chat.rate_limits.create_thread = 0;
    let api = Api::with(config).await;
    let ann = api.person().await;
    let mut last = String::new();
    for _ in 0..30 {
        let created = api.post(&ann, "/chat/threads", json!({"topic": "x"})).await;
        last = path(string(&created.body["chatThread"]["id"]));
    }
    let send = |_| {
        let body = Some(json!({"content": "x"}));
        (Method::POST, format!("{last}/messages"), body)
    };
    assert_eq!(retry_after(&api.exhaust(&ann, 2, send).await), 3);

    let unlimited = Api::new().await;
    let ann = unlimited.person().await;
    let thread = unlimited.thread(&ann, &[]).await;
    for n in 0..100 {
        unlimited.message(&ann, &thread, &n.to_string()).await;
    }
}
