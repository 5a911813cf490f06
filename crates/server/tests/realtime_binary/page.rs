//! A page of the real binary: the client's half of the session on a real socket, wherever the server is at present.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _, future};
use openline_protocol::{
    Instant,
    realtime::{ChatEvent, ServerFrame},
};
use openline_session::{ClientConfig, ClientEvent, ClientOutput, ClientSession, ClientState};
use openline_test_support::Random;
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::client::Person;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What the page's handlers are told.
#[derive(Debug)]
pub(crate) enum Told {
    /// Events follow from here on.
    Subscribed,
    /// An event and its position.
    Event(u64, Box<ChatEvent>),
}

pub(crate) struct Page {
    person: Person,
    endpoint: watch::Receiver<String>,
    session: ClientSession,
    socket: Option<Socket>,
    told: mpsc::UnboundedSender<Told>,
    random: Random,
    started: std::time::Instant,
}

impl Page {
    /// Follows chat until nobody listens any more. Its line breaks now and then.
    pub(crate) async fn run(
        person: Person,
        endpoint: watch::Receiver<String>,
        seed: u64,
        told: mpsc::UnboundedSender<Told>,
    ) {
        let mut page = Self {
            person,
            endpoint,
            session: ClientSession::new(ClientConfig::default(), seed),
            socket: None,
            told,
            random: Random::new(seed),
            started: std::time::Instant::now(),
        };
        let now = page.now();
        page.session.subscribe_chat(None, now);
        page.session.connect(now);
        while !page.told.is_closed() {
            page.carry_out().await;
            page.wait().await;
        }
    }

    fn now(&self) -> Instant {
        Instant::from_millis(u64::try_from(self.started.elapsed().as_millis()).unwrap())
    }

    async fn carry_out(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                ClientOutput::FetchToken { .. } => {
                    let token = self.person.token.clone();
                    self.session.token_ready(Ok(token), self.now());
                }
                ClientOutput::OpenSocket => self.open().await,
                ClientOutput::SendFrame(frame) => {
                    let text = serde_json::to_string(&frame).unwrap();
                    if let Some(socket) = &mut self.socket {
                        // Reading tells that it broke.
                        drop(socket.send(Message::text(text)).await);
                    }
                }
                ClientOutput::CloseSocket { .. } => self.socket = None,
                ClientOutput::Event(event) => self.tell(event),
            }
        }
    }

    async fn open(&mut self) {
        let url = format!("{}realtime", self.endpoint.borrow().replacen("http", "ws", 1));
        self.socket = connect_async(url).await.ok().map(|(socket, _)| socket);
        match self.socket {
            Some(_) => self.session.socket_opened(self.now()),
            None => self.session.socket_closed(None, self.now()),
        }
    }

    fn tell(&mut self, event: ClientEvent) {
        let told = match event {
            ClientEvent::ChatSubscribed { expired, .. } => {
                assert!(!expired, "nothing is pruned here");
                Told::Subscribed
            }
            ClientEvent::ChatEvent {
                position: Some(position),
                event,
            } => Told::Event(position, event),
            ClientEvent::StateChanged { state, reason } => {
                assert!(!matches!(state, ClientState::Closed { .. }), "{reason:?}");
                return;
            }
            _ => return,
        };
        // Nobody listens: the page is closed.
        drop(self.told.send(told));
    }

    /// Waits for what the socket, the clock or the server's next life brings.
    async fn wait(&mut self) {
        let due = self.session.poll_timeout();
        let left = due.map_or(Duration::MAX, |due| due.saturating_duration_since(self.now()));
        let socket = &mut self.socket;
        let item = async {
            match socket {
                Some(socket) => socket.next().await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            item = item => self.received(item.and_then(Result::ok)),
            () = tokio::time::sleep(left) => self.session.handle_timeout(self.now()),
            changed = self.endpoint.changed() => {
                changed.expect("the test outlives its pages");
                self.session.network_hint(self.now());
            }
            () = self.told.closed() => {}
        }
    }

    fn received(&mut self, message: Option<Message>) {
        let now = self.now();
        match message {
            Some(Message::Text(text)) => {
                let frame: ServerFrame = serde_json::from_str(&text).unwrap();
                self.session.frame_received(frame, now);
                if self.random.chance(3) {
                    self.lost(None, now);
                }
            }
            Some(Message::Close(close)) => {
                self.lost(close.map(|close| close.code.into()), now);
            }
            Some(_) => {}
            None => self.lost(None, now),
        }
    }

    /// The browser says at once that the network is back.
    fn lost(&mut self, code: Option<u16>, now: Instant) {
        self.socket = None;
        self.session.socket_closed(code, now);
        self.session.network_hint(now);
    }
}
