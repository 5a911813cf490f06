//! What an answer promises, with the real binary: a message that was acknowledged is there after `kill -9`,
//! and its event is in the log once.

#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use std::{
    collections::BTreeMap,
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use openline_protocol::{
    RawId, ResourceId,
    realtime::{ChatEvent, ServerFrame},
};
use openline_server::{bus::InProcessBus, clock::SystemClock, domain::chat::Chats, storage::sqlite};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::Notify,
};

const PATIENCE: Duration = Duration::from_secs(60);
const SENDERS: usize = 8;
const ROUNDS: usize = 3;
const ACKNOWLEDGED_PER_ROUND: usize = 100;

#[tokio::test]
async fn messages_acknowledged_before_a_kill_are_stored_and_logged_once() {
    let directory = tempfile::tempdir().unwrap();
    let mut thread = None;
    // Message id to text, of every message that was acknowledged in any round.
    let mut acknowledged = BTreeMap::new();
    for round in 0..ROUNDS {
        let server = Server::start(directory.path()).await;
        let ann = server.client.sign_in().await;
        let thread = match &thread {
            Some(thread) => thread,
            None => thread.insert(server.client.create_thread(&ann).await),
        };
        acknowledged.extend(stream_until_killed(server, &ann, thread, round).await);
    }

    let server = Server::start(directory.path()).await;
    let ann = server.client.sign_in().await;
    let thread = thread.unwrap();
    let stored = server.client.messages(&ann, &thread).await;
    let (id, text) = (
        |m: &Value| string(&m["id"]),
        |m: &Value| string(&m["content"]["message"]),
    );
    let texts: BTreeMap<_, _> = stored
        .iter()
        .map(|message| (id(message), text(message)))
        .collect();
    for (id, text) in &acknowledged {
        assert_eq!(
            texts.get(id),
            Some(text),
            "message {id} was acknowledged and lost"
        );
    }
    let sequence: Vec<u64> = stored
        .iter()
        .map(|m| string(&m["sequenceId"]).parse().unwrap())
        .collect();
    // Newest first; the two below are the system messages of the beginning.
    assert_eq!(sequence, (3..sequence.len() as u64 + 3).rev().collect::<Vec<_>>());
    assert!(stored.is_sorted_by(|a, b| id(a).parse::<u64>().unwrap() > id(b).parse::<u64>().unwrap()));
    server.kill().await;

    let logged = logged_messages(directory.path(), &ann.raw_id).await;
    let stored: Vec<_> = stored
        .iter()
        .rev()
        .map(|message| string(&message["id"]))
        .collect();
    assert_eq!(logged, stored, "the log has each stored message once, in order");
}

/// As a client's outbox does: whatever had no answer when the server died is sent again under the same id, and so
/// is what had one.
#[tokio::test]
async fn what_is_sent_again_after_a_kill_is_stored_once_and_keeps_its_id() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path()).await;
    let ann = server.client.sign_in().await;
    let thread = server.client.create_thread(&ann).await;
    let acknowledged = stream_until_killed(server, &ann, &thread, 0).await;
    let texts: BTreeMap<_, _> = acknowledged.iter().map(|(id, text)| (text, id)).collect();

    let server = Server::start(directory.path()).await;
    let mut outboxes = Vec::new();
    for sender in 0..SENDERS {
        let of_sender = texts
            .keys()
            .filter(|text| text.starts_with(&format!("0/{sender}/")));
        // The last one had no answer, and may be stored or not.
        for n in 0..=of_sender.count() {
            outboxes.push(format!("0/{sender}/{n}"));
        }
    }
    for text in &outboxes {
        let both = tokio::join!(
            server.client.send(&ann, &thread, text),
            server.client.send(&ann, &thread, text)
        );
        let (id, again) = (both.0.unwrap(), both.1.unwrap());
        assert_eq!(id, again);
        if let Some(first) = texts.get(text) {
            assert_eq!(&id, *first, "{text}");
        }
    }
    let stored = server.client.messages(&ann, &thread).await;
    let mut stored: Vec<_> = stored.iter().map(|m| string(&m["content"]["message"])).collect();
    stored.sort();
    outboxes.sort();
    assert_eq!(stored, outboxes);
    server.kill().await;
}

/// Has several senders send until the server is killed in the middle; returns what was acknowledged.
async fn stream_until_killed(
    server: Server,
    ann: &Person,
    thread: &str,
    round: usize,
) -> BTreeMap<String, String> {
    let (count, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (client, ann, thread) = (server.client.clone(), ann.clone(), thread.to_owned());
            let (count, enough) = (Arc::clone(&count), Arc::clone(&enough));
            tokio::spawn(async move {
                let mut acknowledged = BTreeMap::new();
                loop {
                    let text = format!("{round}/{sender}/{}", acknowledged.len());
                    let Ok(id) = client.send(&ann, &thread, &text).await else {
                        return acknowledged;
                    };
                    acknowledged.insert(id, text);
                    if count.fetch_add(1, Ordering::SeqCst) == ACKNOWLEDGED_PER_ROUND {
                        enough.notify_one();
                    }
                }
            })
        })
        .collect();
    tokio::time::timeout(PATIENCE, enough.notified())
        .await
        .expect("messages are acknowledged");
    server.kill().await;
    let mut acknowledged = BTreeMap::new();
    for sender in senders {
        acknowledged.extend(sender.await.unwrap());
    }
    acknowledged
}

/// The ids of the messages that the log tells of, in order.
async fn logged_messages(directory: &Path, raw_id: &str) -> Vec<String> {
    let storage = sqlite::open(&directory.join("openline.db")).await.unwrap();
    let chats = Chats::new(
        storage.clone(),
        Arc::new(InProcessBus::new()),
        Arc::new(SystemClock::default()),
    );
    let resource = raw_id
        .strip_prefix("8:acs:")
        .and_then(|rest| rest.split('_').next())
        .unwrap();
    let (resource, raw_id) = (ResourceId::new(resource), RawId::new(raw_id));
    let (mut ids, mut after) = (Vec::new(), 0);
    loop {
        let batch = chats.replay(&resource, &raw_id, after).await.unwrap();
        for event in &batch.events {
            let frame: ServerFrame = serde_json::from_str(&event.frame).unwrap();
            let ServerFrame::Event { event, .. } = frame else {
                panic!("an event frame");
            };
            if let ChatEvent::ChatMessageReceived(message) = *event {
                ids.push(message.id.into_string());
            }
        }
        after = batch.cursor;
        if batch.complete {
            storage.close().await;
            return ids;
        }
    }
}

struct Server {
    process: Child,
    client: Client,
}

impl Server {
    async fn start(directory: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_openline-server"))
            .args(["dev", "--http-port", "0", "--https-port", "0", "--data-dir"])
            .arg(directory)
            .env("OPENLINE_CHAT__RATE_LIMITS__ENABLED", "false")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .expect("ready in time");
        let ready: Value = serde_json::from_str(&line.unwrap().expect("a line")).unwrap();
        // Installed once in a process.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let client = Client {
            endpoint: string(&ready["http"]),
            http: reqwest::Client::new(),
        };
        Self { process, client }
    }

    /// SIGKILL.
    async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}

#[derive(Clone)]
struct Person {
    raw_id: String,
    token: String,
}

#[derive(Clone)]
struct Client {
    endpoint: String,
    http: reqwest::Client,
}

impl Client {
    async fn sign_in(&self) -> Person {
        let body = json!({"name": "Ann"});
        let request = self.http.post(format!("{}demo/token", self.endpoint)).json(&body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        Person {
            raw_id: string(&answer["identity"]["id"]),
            token: string(&answer["token"]),
        }
    }

    async fn create_thread(&self, person: &Person) -> String {
        let answer = self
            .post(person, "chat/threads", &json!({"topic": "Lunch"}))
            .await
            .unwrap();
        string(&answer["chatThread"]["id"])
    }

    async fn send(&self, person: &Person, thread: &str, text: &str) -> reqwest::Result<String> {
        let url = format!(
            "{}chat/threads/{thread}/messages?api-version=2025-03-15",
            self.endpoint
        );
        let request = self.http.post(url).bearer_auth(&person.token);
        // The texts are all different.
        let request = request.header("repeatability-request-id", text);
        let answer = request.json(&json!({"content": text})).send().await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        Ok(string(&answer["id"]))
    }

    /// All messages that somebody sent, newest first.
    async fn messages(&self, person: &Person, thread: &str) -> Vec<Value> {
        let mut next = Some(format!(
            "{}chat/threads/{thread}/messages?maxPageSize=200&api-version=2025-03-15",
            self.endpoint
        ));
        let mut messages = Vec::new();
        while let Some(page) = next {
            let answer = self
                .http
                .get(page)
                .bearer_auth(&person.token)
                .send()
                .await
                .unwrap();
            let page: Value = answer.error_for_status().unwrap().json().await.unwrap();
            messages.extend(
                page["value"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|m| m["type"] == "text")
                    .cloned(),
            );
            next = page["nextLink"].as_str().map(str::to_owned);
        }
        messages
    }

    async fn post(&self, person: &Person, path: &str, body: &Value) -> reqwest::Result<Value> {
        let url = format!("{}{path}?api-version=2025-03-15", self.endpoint);
        let request = self.http.post(url).bearer_auth(&person.token).json(body);
        request.send().await?.error_for_status()?.json().await
    }
}

fn string(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("a string instead of {value}"))
        .to_owned()
}
