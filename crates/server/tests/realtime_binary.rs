//! The realtime socket of the real binary: what a kill and an orderly stop mean for its clients.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it cannot go on"
)]

use std::{
    collections::HashSet,
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{SinkExt as _, StreamExt as _};
use openline_protocol::realtime::{ChatEvent, ClientFrame, Resume, ServerFrame, Topic, VERSION};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

const PATIENCE: Duration = Duration::from_secs(30);
const CHAT_VERSION: &str = "api-version=2024-03-07";

#[tokio::test]
async fn messages_acknowledged_before_a_kill_arrive_after_it_once_and_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path()).await;
    let (ada, bob) = (server.sign_in("Ada").await, server.sign_in("Bob").await);
    let thread = server.thread(&ada, &bob).await;
    let mut client = Client::connect(&server, &bob, None).await;
    let start = client.subscribe(None).await;

    let acknowledged = Arc::<AtomicUsize>::default();
    let sender = tokio::spawn({
        let (server, ada, thread) = (server.api(), ada.clone(), thread.clone());
        let acknowledged = Arc::clone(&acknowledged);
        async move {
            while server
                .send(&ada, &thread, &acknowledged.load(Ordering::SeqCst).to_string())
                .await
            {
                acknowledged.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let mut seen = Seen {
        cursor: start,
        texts: Vec::new(),
    };
    while seen.texts.len() < 60 {
        client.event(&mut seen).await;
    }
    server.kill().await;
    sender.await.unwrap();

    let acknowledged = acknowledged.load(Ordering::SeqCst);
    let server = Server::start(directory.path()).await;
    let session = client.session.take();
    let mut client = Client::connect(&server, &bob, session).await;
    assert_eq!(client.subscribe(Some(seen.cursor)).await, seen.cursor);
    assert!(server.api().send(&ada, &thread, "last").await);
    while seen.texts.last().is_none_or(|text| text != "last") {
        client.event(&mut seen).await;
    }
    seen.texts.pop();
    // The message under way when the server died may have been stored without being acknowledged.
    assert!(
        (acknowledged..=acknowledged + 1).contains(&seen.texts.len()),
        "{acknowledged} and {}",
        seen.texts.len()
    );
    assert_eq!(
        seen.texts,
        (0..seen.texts.len())
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    );
    assert_eq!(seen.texts.iter().collect::<HashSet<_>>().len(), seen.texts.len());
    server.kill().await;
}

#[tokio::test]
async fn a_stopping_server_tells_its_clients_to_come_back_and_exits_cleanly() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path()).await;
    let ada = server.sign_in("Ada").await;
    let mut client = Client::connect(&server, &ada, None).await;
    let process = server.process.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &process])
            .status()
            .await
            .unwrap()
            .success()
    );
    assert_eq!(client.close_code().await, Some(1012));
    let status = tokio::time::timeout(PATIENCE, server.process.wait())
        .await
        .expect("stops")
        .unwrap();
    assert!(status.success());
}

struct Server {
    process: Child,
    api: Api,
}

#[derive(Clone)]
struct Api {
    endpoint: String,
    http: reqwest::Client,
}

#[derive(Clone)]
struct Person {
    id: String,
    token: String,
}

impl Server {
    async fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_openline-server"))
            .args(["dev", "--http-port", "0", "--https-port", "0", "--data-dir"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .expect("ready in time")
            .unwrap();
        let ready: Value = serde_json::from_str(&line.expect("a line")).unwrap();
        // A provider may be installed once in a process; another test was first.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let endpoint = ready["http"].as_str().unwrap().to_owned();
        Self {
            process,
            api: Api {
                endpoint,
                http: reqwest::Client::new(),
            },
        }
    }

    fn api(&self) -> Api {
        self.api.clone()
    }

    async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    async fn sign_in(&self, name: &str) -> Person {
        let answer = self
            .api
            .post("demo/token", None, &json!({ "name": name }))
            .await
            .unwrap();
        Person {
            id: answer["identity"]["id"].as_str().unwrap().to_owned(),
            token: answer["token"].as_str().unwrap().to_owned(),
        }
    }

    async fn thread(&self, creator: &Person, other: &Person) -> String {
        let other = json!({ "communicationIdentifier": { "rawId": other.id } });
        let body = json!({ "topic": "Lunch", "participants": [other] });
        let path = format!("chat/threads?{CHAT_VERSION}");
        let answer = self.api.post(&path, Some(creator), &body).await.unwrap();
        answer["chatThread"]["id"].as_str().unwrap().to_owned()
    }
}

impl Api {
    /// Whether the message was acknowledged.
    async fn send(&self, sender: &Person, thread: &str, text: &str) -> bool {
        let path = format!("chat/threads/{thread}/messages?{CHAT_VERSION}");
        self.post(&path, Some(sender), &json!({ "content": text }))
            .await
            .is_ok()
    }

    async fn post(&self, path: &str, person: Option<&Person>, body: &Value) -> reqwest::Result<Value> {
        let mut request = self.http.post(format!("{}{path}", self.endpoint)).json(body);
        if let Some(person) = person {
            request = request.bearer_auth(&person.token);
        }
        request.send().await?.error_for_status()?.json().await
    }
}

struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: Option<Resume>,
}

struct Seen {
    cursor: u64,
    texts: Vec<String>,
}

impl Client {
    async fn connect(server: &Server, person: &Person, resume: Option<Resume>) -> Self {
        let url = format!("{}realtime", server.api.endpoint.replacen("http", "ws", 1));
        let (socket, _) = connect_async(url).await.unwrap();
        let mut client = Self {
            socket,
            session: None,
        };
        client
            .send(&ClientFrame::Hello {
                versions: vec![VERSION],
                token: person.token.clone(),
                resume,
            })
            .await;
        let ServerFrame::Welcome {
            session_id,
            resumed: false,
            ..
        } = client.frame().await
        else {
            panic!("a welcome to a new session");
        };
        client.session = Some(Resume {
            session_id,
            received_seq: 0,
        });
        client
    }

    /// Subscribes to chat and returns the cursor.
    async fn subscribe(&mut self, cursor: Option<u64>) -> u64 {
        self.send(&ClientFrame::Subscribe {
            topic: Topic::Chat,
            cursor,
            display_name: None,
        })
        .await;
        let ServerFrame::Subscribed {
            cursor,
            expired: false,
            ..
        } = self.frame().await
        else {
            panic!("subscribed");
        };
        cursor.unwrap()
    }

    async fn event(&mut self, seen: &mut Seen) {
        let ServerFrame::Event {
            position: Some(position),
            event,
            ..
        } = self.frame().await
        else {
            panic!("an event");
        };
        assert!(position > seen.cursor);
        seen.cursor = position;
        if let ChatEvent::ChatMessageReceived(message) = *event {
            seen.texts.push(message.message.unwrap());
        }
    }

    async fn send(&mut self, frame: &ClientFrame) {
        self.socket
            .send(Message::text(serde_json::to_string(frame).unwrap()))
            .await
            .unwrap();
    }

    async fn frame(&mut self) -> ServerFrame {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("something comes");
            if let Message::Text(text) = message.expect("open").unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    async fn close_code(&mut self) -> Option<u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("something comes");
            if let Message::Close(close) = message?.ok()? {
                return close.map(|close| close.code.into());
            }
        }
    }
}
