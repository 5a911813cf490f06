//! A raw client: says exactly what a test says.

use std::{net::SocketAddr, time::Duration};

use futures::{SinkExt as _, StreamExt as _};
use openline_protocol::{
    CallId, EndpointId, RawId, SessionId,
    realtime::{
        CallCommand, CallNotice, ChatEvent, ClientFrame, IceServer, MediaState, Resume, ServerFrame, Topic,
        VERSION,
    },
};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::world::{Person, World};

/// Longer than anything a test waits for. Nothing is asserted about time.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<TcpStream>,
    /// What the client knows of its session.
    pub(crate) session: Option<Resume>,
    pub(crate) endpoint_id: EndpointId,
    pub(crate) cursor: Option<u64>,
    sent: u64,
}

/// What a client keeps over a break.
pub(crate) struct Disconnected {
    session: Option<Resume>,
    endpoint_id: EndpointId,
    cursor: Option<u64>,
    sent: u64,
}

impl Disconnected {
    pub(crate) async fn connect(self, world: &World, person: &Person) -> (Client, Welcome) {
        let mut client = Client::open(world).await;
        (client.session, client.endpoint_id) = (self.session, self.endpoint_id);
        (client.cursor, client.sent) = (self.cursor, self.sent);
        let welcome = client.hello(person).await;
        (client, welcome)
    }
}

/// What `welcome` said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Welcome {
    pub(crate) resumed: bool,
    pub(crate) received_seq: u64,
    pub(crate) ice_servers: Vec<IceServer>,
}

/// What comes from the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Received {
    Frame(ServerFrame),
    Closed(Option<u16>),
}

impl Client {
    /// A socket that has said nothing.
    pub(crate) async fn open(world: &World) -> Self {
        Self::open_buffered(world.address, None).await
    }

    /// As [`Self::open`], with a receive buffer of so many bytes.
    pub(crate) async fn open_buffered(address: SocketAddr, buffer: Option<u32>) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(size) = buffer {
            socket.set_recv_buffer_size(size).unwrap();
        }
        let stream = socket.connect(address).await.unwrap();
        let (socket, _) = client_async(format!("ws://{address}/realtime"), stream)
            .await
            .unwrap();
        Self {
            socket,
            session: None,
            endpoint_id: EndpointId::new(""),
            cursor: None,
            sent: 0,
        }
    }

    /// In a new session.
    pub(crate) async fn connect(world: &World, person: &Person) -> Self {
        let mut client = Self::open(world).await;
        let welcome = client.hello(person).await;
        assert!(!welcome.resumed);
        client
    }

    /// In a new session, and can be rung.
    pub(crate) async fn callable(world: &World, person: &Person) -> Self {
        let mut client = Self::connect(world, person).await;
        client.subscribe_calls().await;
        client
    }

    /// In a new session, with chat from now on.
    pub(crate) async fn chatting(world: &World, person: &Person) -> Self {
        let mut client = Self::connect(world, person).await;
        client.subscribe_chat().await;
        client
    }

    /// The same client on a new socket; the old one is dropped without a close.
    pub(crate) async fn reconnect(self, world: &World, person: &Person) -> (Self, Welcome) {
        self.cut().connect(world, person).await
    }

    /// Drops the socket without a close.
    pub(crate) fn cut(self) -> Disconnected {
        Disconnected {
            session: self.session,
            endpoint_id: self.endpoint_id,
            cursor: self.cursor,
            sent: self.sent,
        }
    }

    pub(crate) async fn hello(&mut self, person: &Person) -> Welcome {
        self.send(&ClientFrame::Hello {
            versions: vec![VERSION],
            token: person.token.clone(),
            resume: self.session.clone(),
        })
        .await;
        let ServerFrame::Welcome {
            session_id,
            endpoint_id,
            resumed,
            received_seq,
            ice_servers,
            ..
        } = self.frame().await
        else {
            panic!("a welcome");
        };
        if !resumed {
            self.session = Some(Resume {
                session_id,
                received_seq: 0,
                attempt: 0,
            });
            self.endpoint_id = endpoint_id;
            self.sent = 0;
        }
        Welcome {
            resumed,
            received_seq,
            ice_servers,
        }
    }

    pub(crate) async fn subscribe_calls(&mut self) {
        self.send(&ClientFrame::Subscribe {
            topic: Topic::Calls,
            cursor: None,
            display_name: None,
        })
        .await;
        let subscribed = ServerFrame::Subscribed {
            topic: Topic::Calls,
            cursor: None,
            expired: false,
        };
        assert_eq!(self.frame().await, subscribed);
    }

    /// Subscribes from the cursor; says whether it had expired.
    pub(crate) async fn subscribe_chat(&mut self) -> bool {
        let cursor = self.cursor;
        self.send(&ClientFrame::Subscribe {
            topic: Topic::Chat,
            cursor,
            display_name: None,
        })
        .await;
        let ServerFrame::Subscribed {
            topic: Topic::Chat,
            cursor,
            expired,
        } = self.frame().await
        else {
            panic!("subscribed");
        };
        self.cursor = cursor;
        expired
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) {
        self.send_text(serde_json::to_string(frame).unwrap()).await;
    }

    pub(crate) async fn send_text(&mut self, text: impl Into<String>) {
        self.send_message(Message::text(text.into())).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Sends a command.
    pub(crate) async fn command(&mut self, command: CallCommand) {
        self.sent += 1;
        self.send(&ClientFrame::Command {
            seq: self.sent,
            command,
        })
        .await;
    }

    pub(crate) async fn start(&mut self, call_id: &str, callee: RawId) {
        self.command(CallCommand::Start {
            call_id: CallId::new(call_id),
            callee,
            display_name: None,
            media: MediaState::default(),
            custom_context: None,
        })
        .await;
    }

    pub(crate) async fn accept(&mut self, call_id: &str) {
        self.command(CallCommand::Accept {
            call_id: CallId::new(call_id),
            display_name: None,
            media: MediaState::default(),
        })
        .await;
    }

    pub(crate) async fn hang_up(&mut self, call_id: &str) {
        self.command(CallCommand::HangUp {
            call_id: CallId::new(call_id),
        })
        .await;
    }

    /// Waits until everything sent before was handled.
    pub(crate) async fn ping(&mut self) {
        self.send(&ClientFrame::Ping { id: 7 }).await;
        assert_eq!(self.frame().await, ServerFrame::Pong { id: 7 });
    }

    /// What comes next.
    pub(crate) async fn receive(&mut self) -> Received {
        tokio::time::timeout(PATIENCE, self.next())
            .await
            .expect("nothing came")
    }

    /// The next frame as it is on the wire.
    pub(crate) async fn text(&mut self) -> String {
        let message = tokio::time::timeout(PATIENCE, self.socket.next())
            .await
            .expect("nothing came");
        message.unwrap().unwrap().into_text().unwrap().to_string()
    }

    async fn next(&mut self) -> Received {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Received::Frame(serde_json::from_str(&text).unwrap());
                }
                Some(Ok(Message::Close(close))) => {
                    return Received::Closed(close.map(|close| close.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Received::Closed(None),
            }
        }
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> ServerFrame {
        match self.receive().await {
            Received::Frame(frame) => frame,
            Received::Closed(code) => panic!("closed with {code:?}"),
        }
    }

    /// The code of the close, whatever comes before.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Received::Closed(code) = self.receive().await {
                return code;
            }
        }
    }

    /// The next notice; acknowledgements are passed over.
    pub(crate) async fn notice(&mut self) -> CallNotice {
        loop {
            let frame = self.frame().await;
            if let ServerFrame::Notice { seq, notice } = frame {
                let session = self.session.as_mut().unwrap();
                assert_eq!(seq, session.received_seq + 1, "in order and once");
                session.received_seq = seq;
                return notice;
            }
            assert!(
                matches!(frame, ServerFrame::Ack { .. }),
                "{frame:?} instead of a notice"
            );
        }
    }

    /// The text of the next message; positions rise.
    pub(crate) async fn message(&mut self) -> String {
        loop {
            let ServerFrame::Event { position, event, .. } = self.frame().await else {
                panic!("an event")
            };
            assert!(position > self.cursor, "{position:?} after {:?}", self.cursor);
            self.cursor = position;
            if let ChatEvent::ChatMessageReceived(message) = *event {
                return message.message.unwrap();
            }
        }
    }
}

/// The id of a session nobody has.
pub(crate) fn unknown_session() -> Option<Resume> {
    Some(Resume {
        session_id: SessionId::new("nobody's"),
        received_seq: 0,
        attempt: 1,
    })
}
