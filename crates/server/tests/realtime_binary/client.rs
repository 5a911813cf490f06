//! Clients of the real binary: of its REST interface and of its socket.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use openline_protocol::{
    CallId, RawId,
    realtime::{
        CallCommand, CallNotice, ChatEvent, ClientFrame, MediaState, Resume, ServerFrame, Topic, VERSION,
    },
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::binary::TestServer;

/// Longer than anything a test waits for. Nothing is asserted about time.
const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const CHAT_VERSION: &str = "api-version=2024-03-07";

#[derive(Clone)]
pub(crate) struct Api {
    endpoint: String,
    http: reqwest::Client,
}

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Api {
    pub(crate) fn of(server: &TestServer) -> Self {
        Self {
            endpoint: server.http.clone(),
            http: server.client.clone(),
        }
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Person {
        let body = json!({ "name": name });
        let answer = self.post("demo/token", None, &body).await.unwrap();
        Person {
            id: answer["identity"]["id"].as_str().unwrap().to_owned(),
            token: answer["token"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn thread(&self, creator: &Person, topic: &str, other: &Person) -> String {
        let other = json!({ "communicationIdentifier": { "rawId": other.id } });
        let body = json!({ "topic": topic, "participants": [other] });
        let path = format!("chat/threads?{CHAT_VERSION}");
        let answer = self.post(&path, Some(creator), &body).await.unwrap();
        answer["chatThread"]["id"].as_str().unwrap().to_owned()
    }

    /// Whether the message was acknowledged.
    pub(crate) async fn send(&self, sender: &Person, thread: &str, text: &str) -> bool {
        let path = format!("chat/threads/{thread}/messages?{CHAT_VERSION}");
        self.post(&path, Some(sender), &json!({ "content": text }))
            .await
            .is_ok()
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        person: Option<&Person>,
        body: &Value,
    ) -> reqwest::Result<Value> {
        let mut request = self.http.post(format!("{}{path}", self.endpoint)).json(body);
        if let Some(person) = person {
            request = request.bearer_auth(&person.token);
        }
        request.send().await?.error_for_status()?.json().await
    }
}

pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) session: Option<Resume>,
    commands: u64,
}

pub(crate) struct Seen {
    pub(crate) cursor: u64,
    pub(crate) texts: Vec<String>,
}

impl Client {
    /// A socket that has said nothing.
    pub(crate) async fn open(server: &TestServer) -> Self {
        let url = format!("{}realtime", server.http.replacen("http", "ws", 1));
        let (socket, _) = connect_async(url).await.unwrap();
        Self {
            socket,
            session: None,
            commands: 0,
        }
    }

    /// In a new session, whatever was tried to resume.
    pub(crate) async fn connect(server: &TestServer, person: &Person, resume: Option<Resume>) -> Self {
        let mut client = Self::open(server).await;
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

    /// In a new session, and can be rung by this name.
    pub(crate) async fn callable(server: &TestServer, person: &Person, name: &str) -> Self {
        let mut client = Self::connect(server, person, None).await;
        client
            .send(&ClientFrame::Subscribe {
                topic: Topic::Calls,
                cursor: None,
                display_name: Some(name.to_owned()),
            })
            .await;
        assert!(matches!(client.frame().await, ServerFrame::Subscribed { .. }));
        client
    }

    /// Subscribes to chat and returns the cursor.
    pub(crate) async fn subscribe(&mut self, cursor: Option<u64>) -> u64 {
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

    pub(crate) async fn event(&mut self, seen: &mut Seen) {
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

    pub(crate) async fn start_call(&mut self, call_id: &str, callee: &Person, name: &str) {
        self.command(CallCommand::Start {
            call_id: CallId::new(call_id),
            callee: RawId::new(callee.id.as_str()),
            display_name: Some(name.to_owned()),
            media: MediaState::default(),
        })
        .await;
    }

    pub(crate) async fn command(&mut self, command: CallCommand) {
        self.commands += 1;
        let seq = self.commands;
        self.send(&ClientFrame::Command { seq, command }).await;
    }

    /// The next notice, whatever comes before.
    pub(crate) async fn notice(&mut self) -> CallNotice {
        loop {
            if let ServerFrame::Notice { notice, .. } = self.frame().await {
                return notice;
            }
        }
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) {
        self.send_text(serde_json::to_string(frame).unwrap()).await;
    }

    pub(crate) async fn send_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn frame(&mut self) -> ServerFrame {
        let text = async {
            loop {
                if let Message::Text(text) = self.socket.next().await.expect("open").unwrap() {
                    return text;
                }
            }
        };
        let text = tokio::time::timeout(PATIENCE, text)
            .await
            .expect("something comes");
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) async fn close_code(&mut self) -> Option<u16> {
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
