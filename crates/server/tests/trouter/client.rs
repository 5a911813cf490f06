//! A client as the published one behaves, over WebSocket or long polling.

use std::{collections::VecDeque, future::Future, time::Duration};

use futures::{SinkExt as _, StreamExt as _};
use openline_trouter::payload;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

/// Longer than anything a test waits for. Nothing is asserted about time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for what comes in any case.
pub(crate) async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    WebSocket,
    Polling,
}

pub(crate) const TRANSPORTS: [Transport; 2] = [Transport::WebSocket, Transport::Polling];

/// A tab: what the client keeps over its connections.
#[derive(Debug, Clone)]
pub(crate) struct Tab {
    pub(crate) http: reqwest::Client,
    /// `http://host:port`
    pub(crate) origin: String,
    pub(crate) token: String,
    pub(crate) epid: String,
}

/// What came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Came {
    /// A request: its id and the event in it.
    Request(u64, Value),
    Frame(String),
    /// The connection is over, with the code of a WebSocket or the status of a poll that was refused.
    End(Option<u16>),
}

pub(crate) struct Client {
    tab: Tab,
    pub(crate) sid: String,
    carrier: Carrier,
    frames: VecDeque<String>,
}

enum Carrier {
    WebSocket(Box<WebSocketStream<MaybeTlsStream<TcpStream>>>),
    Polling,
}

impl Tab {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.origin))
            .header("x-skypetoken", &self.token)
    }

    pub(crate) async fn allocate(&self) -> Value {
        let path = format!("/v4/a?cor_id=c&con_num=1_0&epid={}", self.epid);
        let answer = self.request(Method::POST, &path).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// What a client puts into the queries of handshake and connection.
    pub(crate) fn query(&self, allocation: &Value) -> String {
        let params = allocation["connectparams"].as_object().unwrap();
        let params: Vec<_> = params
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
            .collect();
        let tc = "%7B%22cv%22%3A%221%22%7D";
        format!(
            "{}&v=v4&tc={tc}&timeout=40&auth=true&epid={}&cor_id=c&con_num=1_0",
            params.join("&"),
            self.epid
        )
    }

    pub(crate) async fn handshake(&self, query: &str) -> Response {
        let path = format!("/socket.io/1/?{query}&t=1");
        self.request(Method::GET, &path).send().await.unwrap()
    }

    /// The number of a connection, and the query to make it with.
    pub(crate) async fn sid(&self) -> (String, String) {
        let query = self.query(&self.allocate().await);
        let answer = self.handshake(&query).await.error_for_status().unwrap();
        let body = answer.text().await.unwrap();
        let (sid, rest) = body.split_once(':').unwrap();
        assert_eq!(rest, "180:180:websocket,xhr-polling");
        (sid.to_owned(), query)
    }

    pub(crate) fn web_socket_url(&self, sid: &str, query: &str) -> String {
        let origin = self.origin.replacen("http", "ws", 1);
        format!("{origin}/socket.io/1/websocket/{sid}?{query}")
    }

    /// Connects, up to and without the greeting.
    pub(crate) async fn open(&self, transport: Transport) -> Client {
        self.open_with(self.sid().await, transport).await
    }

    /// The same with a number and a query that are there.
    pub(crate) async fn open_with(&self, (sid, query): (String, String), transport: Transport) -> Client {
        let carrier = match transport {
            Transport::WebSocket => {
                let (socket, _) = connect_async(self.web_socket_url(&sid, &query)).await.unwrap();
                Carrier::WebSocket(Box::new(socket))
            }
            Transport::Polling => Carrier::Polling,
        };
        Client {
            tab: self.clone(),
            sid,
            carrier,
            frames: VecDeque::new(),
        }
    }

    /// Connects and is greeted.
    pub(crate) async fn connect(&self, transport: Transport) -> Client {
        let mut client = self.open(transport).await;
        client.is_greeted().await;
        client
    }

    pub(crate) async fn unregister(&self) {
        let path = format!("/v3/registrations/{}", self.epid);
        let answer = self.request(Method::DELETE, &path).send().await.unwrap();
        assert_eq!(answer.status(), 202);
    }
}

impl Client {
    pub(crate) async fn is_greeted(&mut self) {
        assert_eq!(self.next().await, Came::Frame("1::".to_owned()));
        let Came::Frame(connected) = self.next().await else {
            panic!("the second greeting");
        };
        let is_event = connected.starts_with("5:::") && connected.contains("trouter.connected");
        assert!(is_event, "{connected}");
    }

    pub(crate) async fn is_told_of_a_loss(&mut self) {
        let came = self.next().await;
        let is_loss = matches!(&came, Came::Frame(frame) if frame.contains("trouter.message_loss"));
        assert!(is_loss, "{came:?}");
    }

    /// Goes on with another token.
    pub(crate) fn renew(&mut self, token: &str) {
        token.clone_into(&mut self.tab.token);
    }

    pub(crate) async fn send(&mut self, frame: &str) {
        match &mut self.carrier {
            // A socket that the server closed is noticed when reading.
            Carrier::WebSocket(socket) => drop(socket.send(Message::text(frame)).await),
            Carrier::Polling => {
                self.post(frame.to_owned()).await;
            }
        }
    }

    /// The status of a body of frames.
    pub(crate) async fn post(&self, body: impl Into<reqwest::Body>) -> u16 {
        let path = format!("/socket.io/1/xhr-polling/{}?t=1", self.sid);
        let request = self.tab.request(Method::POST, &path).body(body);
        request.send().await.unwrap().status().as_u16()
    }

    /// What comes next.
    pub(crate) async fn next(&mut self) -> Came {
        in_time(self.read_next()).await
    }

    async fn read_next(&mut self) -> Came {
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return read(frame);
            }
            match &mut self.carrier {
                Carrier::WebSocket(socket) => match socket.next().await {
                    Some(Ok(Message::Text(text))) => self.frames.push_back(text.to_string()),
                    Some(Ok(Message::Close(frame))) => {
                        return Came::End(frame.map(|frame| frame.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Came::End(None),
                },
                Carrier::Polling => {
                    let Ok(answer) = poll(&self.tab, &self.sid).send().await else {
                        return Came::End(None);
                    };
                    if answer.status() != 200 {
                        return Came::End(Some(answer.status().as_u16()));
                    }
                    let body = answer.text().await.unwrap();
                    let frames = payload::decode(&body).unwrap().into_iter();
                    self.frames
                        .extend(frames.filter(|frame| *frame != "8::").map(str::to_owned));
                }
            }
        }
    }

    /// What comes next, where `happens` happens while the client waits for it.
    pub(crate) async fn next_while<T>(&mut self, happens: impl Future<Output = T>) -> Came {
        if let Carrier::WebSocket(_) = self.carrier {
            happens.await;
            return self.next().await;
        }
        // Of two polls one is told to give up: then the other is known to wait.
        let other = poll(&self.tab, &self.sid);
        let happens = async {
            let given_up = other.send().await.unwrap().text().await.unwrap();
            assert_eq!(given_up, "8::");
            happens.await
        };
        tokio::join!(self.next(), happens).0
    }

    /// Returns once the server has pinged the WebSocket. The answer goes out with what is read next.
    pub(crate) async fn pinged(&mut self) {
        let Carrier::WebSocket(socket) = &mut self.carrier else {
            panic!("polls are not pinged");
        };
        let pinged = async { while !matches!(socket.next().await.unwrap().unwrap(), Message::Ping(_)) {} };
        in_time(pinged).await;
        socket.flush().await.unwrap();
    }

    /// The next event, unanswered.
    pub(crate) async fn request(&mut self) -> (u64, Value) {
        match self.next().await {
            Came::Request(id, event) => (id, event),
            other @ (Came::Frame(_) | Came::End(_)) => panic!("{other:?} is no event"),
        }
    }

    pub(crate) async fn answer(&mut self, id: u64, status: u16) {
        let answer = json!({ "id": id, "status": status, "headers": {}, "body": "" });
        self.send(&format!("3:::{answer}")).await;
    }

    /// The next event, answered.
    pub(crate) async fn event(&mut self) -> Value {
        let (id, event) = self.request().await;
        self.answer(id, 200).await;
        event
    }

    /// The next message's text, answered.
    pub(crate) async fn text(&mut self) -> String {
        loop {
            let event = self.event().await;
            if event["eventId"] == 200 {
                return event["messageBody"].as_str().unwrap().to_owned();
            }
        }
    }

    /// What comes after a frame.
    pub(crate) async fn next_after(&mut self, frame: &str) -> Came {
        self.send(frame).await;
        self.next().await
    }

    /// Returns once the server has read everything that was sent.
    pub(crate) async fn settle(&mut self) {
        self.send(r#"5:77+::{"name":"ping"}"#).await;
        assert_eq!(self.next().await, Came::Frame(r#"6:::77+["pong"]"#.to_owned()));
    }
}

fn poll(tab: &Tab, sid: &str) -> RequestBuilder {
    tab.request(Method::GET, &format!("/socket.io/1/xhr-polling/{sid}?t=1"))
}

fn read(frame: String) -> Came {
    if frame == "0::" {
        return Came::End(None);
    }
    let Some(json) = frame.strip_prefix("3:::") else {
        return Came::Frame(frame);
    };
    let request: Value = serde_json::from_str(json).unwrap();
    assert_eq!(request["method"], "POST");
    let body = request["body"].as_str().unwrap();
    Came::Request(
        request["id"].as_u64().unwrap(),
        serde_json::from_str(body).unwrap(),
    )
}
