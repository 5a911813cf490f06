//! Clients of the real binary: of its REST interface and of its socket.

use std::{collections::BTreeMap, time::Duration};

use futures::{SinkExt as _, StreamExt as _};
use openline_protocol::{
    CallId, RawId,
    realtime::{CallCommand, CallNotice, ClientFrame, MediaState, ServerFrame, Topic, VERSION},
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::binary::TestServer;

/// Longer than anything a test waits for. Nothing is asserted about time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
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

    pub(crate) async fn thread_of(&self, creator: &Person, topic: &str, others: &[Person]) -> String {
        let others = others
            .iter()
            .map(|other| json!({ "communicationIdentifier": { "rawId": other.id } }));
        let body = json!({ "topic": topic, "participants": others.collect::<Vec<_>>() });
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

    /// What each message of somebody says, by id; nothing where it is deleted.
    pub(crate) async fn messages(&self, person: &Person, thread: &str) -> BTreeMap<String, Option<String>> {
        let path = format!("chat/threads/{thread}/messages?maxPageSize=200&{CHAT_VERSION}");
        let mut next = Some(format!("{}{path}", self.endpoint));
        let mut messages = BTreeMap::new();
        while let Some(page) = next {
            let answer = self.http.get(page).bearer_auth(&person.token).send().await;
            let page: Value = answer.unwrap().error_for_status().unwrap().json().await.unwrap();
            for message in page["value"].as_array().unwrap() {
                if message["type"] == "text" {
                    let text = message["content"]["message"].as_str().map(str::to_owned);
                    messages.insert(message["id"].as_str().unwrap().to_owned(), text);
                }
            }
            next = page["nextLink"].as_str().map(str::to_owned);
        }
        messages
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
    commands: u64,
}

impl Client {
    /// A socket that has said nothing.
    pub(crate) async fn open(server: &TestServer) -> Self {
        let url = format!("{}realtime", server.http.replacen("http", "ws", 1));
        let (socket, _) = connect_async(url).await.unwrap();
        Self { socket, commands: 0 }
    }

    /// In a new session.
    pub(crate) async fn connect(server: &TestServer, person: &Person) -> Self {
        let mut client = Self::open(server).await;
        client
            .send(&ClientFrame::Hello {
                versions: vec![VERSION],
                token: person.token.clone(),
                resume: None,
            })
            .await;
        assert!(matches!(client.frame().await, ServerFrame::Welcome { .. }));
        client
    }

    /// In a new session, and can be rung by this name.
    pub(crate) async fn callable(server: &TestServer, person: &Person, name: &str) -> Self {
        let mut client = Self::connect(server, person).await;
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

    pub(crate) async fn start_call(&mut self, call_id: &str, callee: &Person, name: &str) {
        self.command(CallCommand::Start {
            call_id: CallId::new(call_id),
            callee: RawId::new(callee.id.as_str()),
            display_name: Some(name.to_owned()),
            media: MediaState::default(),
            custom_context: None,
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
