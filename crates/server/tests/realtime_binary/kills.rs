//! The simulation of `tests/simulation` with the real binary and real sockets, smaller: people write, edit and delete
//! over HTTP and follow over sockets that break, while the server is killed again and again.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use openline_protocol::realtime::ChatEvent;
use openline_test_support::Random;
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc, watch};

use crate::{
    binary::TestServer,
    client::{Api, CHAT_VERSION, PATIENCE, Person},
    page::{Page, Told},
};

const KILLS: u64 = 4;
const MESSAGES_PER_PERSON: usize = 80;

#[tokio::test]
async fn nothing_acknowledged_is_lost_or_told_twice_however_often_the_server_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = TestServer::dev(directory.path());
    let api = Api::of(&server);
    let people = [
        api.sign_in("Ada").await,
        api.sign_in("Bob").await,
        api.sign_in("Cid").await,
    ];
    let thread = api.thread_of(&people[0], "Lunch", &people[1..]).await;
    let (endpoint, current) = watch::channel(server.http.clone());
    let mut pages = Vec::new();
    // Ada has two.
    for (seed, person) in people.iter().chain(&people[..1]).enumerate() {
        let (told, mut page) = mpsc::unbounded_channel();
        tokio::spawn(Page::run(person.clone(), current.clone(), seed as u64, told));
        assert!(matches!(next(&mut page).await, Told::Subscribed));
        pages.push(page);
    }

    let progress = Arc::<Progress>::default();
    let writers: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(number, person)| {
            let writer = Writer {
                person: person.clone(),
                thread: thread.clone(),
                endpoint: current.clone(),
                http: server.client.clone(),
                progress: Arc::clone(&progress),
            };
            tokio::spawn(writer.run(number))
        })
        .collect();
    let mut random = Random::new(4);
    let step = (people.len() * MESSAGES_PER_PERSON) as u64 / (KILLS + 1);
    for kill in 1..=KILLS {
        let acknowledged = kill * step + random.below(step / 2);
        progress.reaches(usize::try_from(acknowledged).unwrap()).await;
        server.stop_with("-KILL");
        server = TestServer::dev(directory.path());
        endpoint.send_replace(server.http.clone());
    }
    let mut acknowledged = BTreeMap::new();
    for writer in writers {
        acknowledged.extend(tokio::time::timeout(PATIENCE, writer).await.unwrap().unwrap());
    }

    let api = Api::of(&server);
    assert!(api.send(&people[0], &thread, "last").await);
    let mut told = Vec::new();
    for page in &mut pages {
        told.push(events_until_last(page).await);
    }
    let shown = shown(&told[0]);
    for other in &told {
        assert_eq!(
            positions(other),
            positions(&told[0]),
            "every page is told the same"
        );
        assert_eq!(self::shown(other), shown);
    }
    assert!(positions(&told[0]).is_sorted_by(|before, after| before < after));
    let mut stored = api.messages(&people[0], &thread).await;
    stored.retain(|_, text| text.as_deref() != Some("last"));
    assert_eq!(shown, stored, "what was told comes to what is stored");
    assert_eq!(shown, acknowledged, "and that is what was acknowledged");
}

/// How many messages were acknowledged.
#[derive(Default)]
struct Progress {
    count: AtomicUsize,
    more: Notify,
}

impl Progress {
    async fn reaches(&self, count: usize) {
        let reached = async {
            while self.count.load(Ordering::SeqCst) < count {
                self.more.notified().await;
            }
        };
        tokio::time::timeout(PATIENCE, reached)
            .await
            .expect("messages are acknowledged");
    }
}

/// Sends one message after the other, each until it is acknowledged, as an outbox does. Edits some and deletes some.
struct Writer {
    person: Person,
    thread: String,
    endpoint: watch::Receiver<String>,
    http: reqwest::Client,
    progress: Arc<Progress>,
}

impl Writer {
    /// Returns what each message says in the end, by id.
    async fn run(mut self, number: usize) -> BTreeMap<String, Option<String>> {
        let mut messages = BTreeMap::new();
        for index in 0..MESSAGES_PER_PERSON {
            let text = format!("{number}/{index}");
            let body = json!({ "content": text });
            let answer = self.ask(reqwest::Method::POST, "", Some(&text), &body).await;
            let answer: Value = serde_json::from_str(&answer).unwrap();
            let id = answer["id"].as_str().unwrap().to_owned();
            let mut says = Some(text);
            if index % 3 == 0 {
                let text = format!("{number}/{index}, edited");
                let body = json!({ "content": text });
                self.ask(reqwest::Method::PATCH, &format!("/{id}"), None, &body)
                    .await;
                says = Some(text);
            }
            if index % 5 == 0 {
                self.ask(reqwest::Method::DELETE, &format!("/{id}"), None, &Value::Null)
                    .await;
                says = None;
            }
            assert!(messages.insert(id, says).is_none(), "two messages with one id");
            self.progress.count.fetch_add(1, Ordering::SeqCst);
            self.progress.more.notify_one();
        }
        messages
    }

    /// Asks until there is an answer, of whatever life of the server.
    async fn ask(&mut self, method: reqwest::Method, path: &str, key: Option<&str>, body: &Value) -> String {
        loop {
            let endpoint = self.endpoint.borrow_and_update().clone();
            let url = format!(
                "{endpoint}chat/threads/{}/messages{path}?{CHAT_VERSION}",
                self.thread
            );
            let mut request = self
                .http
                .request(method.clone(), url)
                .bearer_auth(&self.person.token);
            if let Some(key) = key {
                request = request.header("repeatability-request-id", key);
            }
            if !body.is_null() {
                request = request.json(body);
            }
            if let Ok(answer) = request.send().await {
                let answer = answer.error_for_status().expect("only a dead server refuses");
                if let Ok(whole) = answer.text().await {
                    return whole;
                }
            }
            self.endpoint
                .changed()
                .await
                .expect("the test outlives its writers");
        }
    }
}

async fn next(page: &mut mpsc::UnboundedReceiver<Told>) -> Told {
    tokio::time::timeout(PATIENCE, page.recv())
        .await
        .expect("something is told")
        .expect("the page is open")
}

async fn events_until_last(page: &mut mpsc::UnboundedReceiver<Told>) -> Vec<(u64, Box<ChatEvent>)> {
    let mut events = Vec::new();
    loop {
        let Told::Event(position, event) = next(page).await else {
            continue;
        };
        if matches!(&*event, ChatEvent::ChatMessageReceived(message) if message.message.as_deref() == Some("last"))
        {
            return events;
        }
        events.push((position, event));
    }
}

fn positions(events: &[(u64, Box<ChatEvent>)]) -> Vec<u64> {
    events.iter().map(|(position, _)| *position).collect()
}

/// What a page shows that was told this: the text of each message, nothing of a deleted one.
fn shown(events: &[(u64, Box<ChatEvent>)]) -> BTreeMap<String, Option<String>> {
    let mut shown = BTreeMap::new();
    for (position, event) in events {
        match &**event {
            ChatEvent::ChatMessageReceived(message) => {
                let before = shown.insert(message.id.as_str().to_owned(), message.message.clone());
                assert!(before.is_none(), "the message of {position} was told before");
            }
            ChatEvent::ChatMessageEdited(message) | ChatEvent::ChatMessageDeleted(message) => {
                let before = shown.insert(message.id.as_str().to_owned(), message.message.clone());
                assert!(
                    before.is_some(),
                    "{position} is about a message that nobody was told of"
                );
            }
            _ => {}
        }
    }
    shown
}
