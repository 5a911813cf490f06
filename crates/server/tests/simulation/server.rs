//! One life of the server: its use cases and sessions, with the edge between them that `ws` is around real sockets.

use std::{collections::BTreeMap, sync::Arc};

use futures::future::join_all;
use openline_protocol::{
    EndpointId, Instant, RawId, SessionId, ThreadId, Timestamp,
    realtime::{ChatEvent, ClientFrame, CloseCode, ServerFrame, Topic},
};
use openline_server::{
    bus::{BusEvent, EventBus, Frame, InProcessBus, MAX_QUEUED_MESSAGES, Publication},
    domain::chat::{Caller, ChatFollower, Chats, Followed},
    storage::{Storage, StorageError},
};
use openline_session::{IceGrant, ServerHandshake, ServerOutput, ServerSession, ServerSessionConfig};

use crate::{
    clock::FakeClock,
    disk::resource_id,
    mortal::{Fuse, MortalBus, MortalEngine},
    network::Down,
    requests::{Answer, Request},
};

/// The number of a connection.
pub(crate) type SocketId = u64;

struct Socket {
    /// Until `hello`.
    handshake: Option<ServerHandshake>,
    session: Option<SessionId>,
    follower: Option<ChatFollower>,
    /// What the socket was told last of the log.
    told: u64,
}

struct Session {
    core: ServerSession,
    who: Caller,
    socket: Option<SocketId>,
}

pub(crate) struct Server {
    pub(crate) chats: Chats,
    pub(crate) fuse: Arc<Fuse>,
    storage: Storage,
    bus: Arc<dyn EventBus>,
    sockets: BTreeMap<SocketId, Socket>,
    sessions: BTreeMap<SessionId, Session>,
    life: u64,
    /// To be sent.
    out: Vec<(SocketId, Down)>,
}

impl Server {
    pub(crate) fn start(inner: Storage, fuse: Arc<Fuse>, clock: Arc<FakeClock>, life: u64) -> Self {
        let engine = MortalEngine {
            inner,
            fuse: Arc::clone(&fuse),
        };
        let storage = Storage::new(engine);
        let bus: Arc<dyn EventBus> = Arc::new(MortalBus {
            inner: InProcessBus::new(),
            fuse: Arc::clone(&fuse),
        });
        let chats = Chats::new(storage.clone(), Arc::clone(&bus), clock);
        Self {
            chats,
            fuse,
            storage,
            bus,
            sockets: BTreeMap::new(),
            sessions: BTreeMap::new(),
            life,
            out: Vec::new(),
        }
    }

    /// What goes out now.
    pub(crate) fn take_out(&mut self) -> Vec<(SocketId, Down)> {
        std::mem::take(&mut self.out)
    }

    pub(crate) fn socket_opened(&mut self, id: SocketId, now: Instant) {
        let socket = Socket {
            handshake: Some(ServerHandshake::new(now)),
            session: None,
            follower: None,
            told: 0,
        };
        self.sockets.insert(id, socket);
        self.out.push((id, Down::Opened));
    }

    /// `who` is whose token a `hello` carries; `None` where it is refused.
    pub(crate) async fn frame_received(
        &mut self,
        id: SocketId,
        frame: ClientFrame,
        who: Option<&Caller>,
        now: Instant,
    ) {
        let Some(socket) = self.sockets.get_mut(&id) else {
            return;
        };
        if let Some(handshake) = socket.handshake.take() {
            return self.greet(id, handshake, frame, who, now).await;
        }
        let Some(session_id) = socket.session.clone() else {
            return;
        };
        if let Some(session) = self.sessions.get_mut(&session_id) {
            session.core.frame_received(frame, now);
            self.settle(&session_id).await;
        }
    }

    async fn greet(
        &mut self,
        id: SocketId,
        handshake: ServerHandshake,
        frame: ClientFrame,
        who: Option<&Caller>,
        now: Instant,
    ) {
        let Some(who) = who else {
            return self.close(id, CloseCode::TokenRefused);
        };
        let hello = match handshake.frame_received(frame) {
            Ok(hello) => hello,
            Err(code) => return self.close(id, code),
        };
        let resume = hello.resume.filter(|resume| {
            let found = self.sessions.get(&resume.session_id);
            found.is_some_and(|session| session.who == *who && !session.core.is_ended())
        });
        let session_id = match &resume {
            Some(resume) => resume.session_id.clone(),
            None => self.start_session(who, id, now),
        };
        let session = self.sessions.get_mut(&session_id).expect("found or made above");
        let expires_in = std::time::Duration::from_secs(24 * 60 * 60);
        let attached = session
            .core
            .attach(resume.as_ref(), expires_in, IceGrant::default(), now);
        if let Err(code) = attached {
            return self.close(id, code);
        }
        if let Some(old) = session.socket.replace(id) {
            self.close(old, CloseCode::Superseded);
        }
        self.sockets.get_mut(&id).expect("it said hello").session = Some(session_id.clone());
        self.settle(&session_id).await;
    }

    fn start_session(&mut self, who: &Caller, socket: SocketId, now: Instant) -> SessionId {
        let name = format!("{}-{socket}", self.life);
        let session_id = SessionId::new(name.clone());
        let core = ServerSession::new(
            ServerSessionConfig::default(),
            session_id.clone(),
            EndpointId::new(name),
            now,
        );
        let session = Session {
            core,
            who: who.clone(),
            socket: None,
        };
        self.sessions.insert(session_id.clone(), session);
        session_id
    }

    async fn settle(&mut self, session_id: &SessionId) {
        while let Some(session) = self.sessions.get_mut(session_id) {
            let Some(output) = session.core.poll_output() else {
                return;
            };
            let socket = session.socket;
            match (output, socket) {
                (ServerOutput::Send(frame), Some(id)) => {
                    let json = serde_json::to_string(&frame).unwrap();
                    self.out.push((id, Down::Frame(json.into())));
                }
                (ServerOutput::SubscribeChat { cursor }, Some(id)) => {
                    let who = session.who.clone();
                    self.subscribe(id, &who, cursor).await;
                }
                (ServerOutput::Close(code), Some(id)) => self.close(id, code),
                (ServerOutput::Detached, socket) => {
                    session.socket = None;
                    socket.map(|id| self.sockets.remove(&id));
                }
                (ServerOutput::Ended(_), _) => {
                    self.sessions.remove(session_id);
                }
                (other, socket) => panic!("nothing here asks for {other:?} on {socket:?}"),
            }
        }
    }

    async fn subscribe(&mut self, id: SocketId, who: &Caller, cursor: Option<u64>) {
        let mut follower = self.chats.follow(&who.resource_id, &who.raw_id);
        let start = match follower.start(cursor).await {
            Ok(start) => start,
            Err(_) if self.fuse.is_blown() => return,
            Err(error) => panic!("a subscription cannot begin: {error}"),
        };
        self.out.push((id, subscribed(start.cursor, start.expired)));
        let socket = self.sockets.get_mut(&id).expect("its session has it");
        socket.follower = Some(follower);
        socket.told = start.cursor;
    }

    /// Sends a socket up to `most` of the events that wait for it. True if there are none left.
    pub(crate) async fn pump(&mut self, id: SocketId, most: u64) -> bool {
        let Some(socket) = self.sockets.get_mut(&id) else {
            return true;
        };
        let Some(follower) = &mut socket.follower else {
            return true;
        };
        for _ in 0..most {
            let BusEvent { position, frame } = match follower.try_next().await {
                Ok(Some(Followed::Live(event) | Followed::Missed(event))) => event,
                Ok(Some(Followed::Expired(cursor))) => {
                    socket.told = cursor;
                    self.out.push((id, subscribed(cursor, true)));
                    continue;
                }
                Ok(None) => return true,
                Err(_) if self.fuse.is_blown() => return true,
                Err(error) => panic!("events cannot be read: {error}"),
            };
            if let Some(position) = position {
                assert!(
                    position > socket.told,
                    "event {position} is sent after {} on one subscription",
                    socket.told
                );
                socket.told = position;
            }
            self.out.push((id, Down::Frame(frame)));
        }
        false
    }

    /// The sockets that follow chat.
    pub(crate) fn followers(&self) -> Vec<SocketId> {
        let following = self
            .sockets
            .iter()
            .filter(|(_, socket)| socket.follower.is_some());
        following.map(|(id, _)| *id).collect()
    }

    pub(crate) fn follows(&self, id: SocketId) -> bool {
        self.sockets
            .get(&id)
            .is_some_and(|socket| socket.follower.is_some())
    }

    pub(crate) async fn socket_closed(&mut self, id: SocketId, code: Option<u16>, now: Instant) {
        let Some(socket) = self.sockets.remove(&id) else {
            return;
        };
        let Some(session_id) = socket.session else { return };
        if let Some(session) = self
            .sessions
            .get_mut(&session_id)
            .filter(|session| session.socket == Some(id))
        {
            session.core.detach(code, now);
            self.settle(&session_id).await;
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let sessions = self
            .sessions
            .values()
            .filter_map(|session| session.core.poll_timeout());
        let greetings = self
            .sockets
            .values()
            .filter_map(|socket| socket.handshake.as_ref());
        sessions.chain(greetings.map(ServerHandshake::deadline)).min()
    }

    pub(crate) async fn handle_timeout(&mut self, now: Instant) {
        let silent = self.sockets.iter().filter(|(_, socket)| {
            let handshake = socket.handshake.as_ref();
            handshake.is_some_and(|handshake| handshake.deadline() <= now)
        });
        for id in silent.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.close(id, CloseCode::HeartbeatMissed);
        }
        let all: Vec<SessionId> = self.sessions.keys().cloned().collect();
        for session_id in all {
            if let Some(session) = self.sessions.get_mut(&session_id) {
                session.core.handle_timeout(now);
                self.settle(&session_id).await;
            }
        }
    }

    fn close(&mut self, id: SocketId, code: CloseCode) {
        self.sockets.remove(&id);
        self.out.push((id, Down::Closed(Some(code.code()))));
    }

    /// What arrived at one time: changes share commits, then everything that only reads.
    pub(crate) async fn answer(&self, asked: Vec<(Caller, Request)>) -> Vec<Answer> {
        let writes = asked
            .iter()
            .filter(|(_, request)| request.writes())
            .map(|ask| self.answer_one(ask));
        let mut written = join_all(writes).await.into_iter();
        let mut answers = Vec::with_capacity(asked.len());
        for ask in &asked {
            let answer = if ask.1.writes() {
                written.next().expect("as many as were asked")
            } else {
                self.answer_one(ask).await
            };
            answers.push(answer);
        }
        answers
    }

    async fn answer_one(&self, (who, request): &(Caller, Request)) -> Answer {
        if self.fuse.is_blown() {
            return Answer::Lost;
        }
        let answer = request.clone().run(&self.chats, who).await;
        self.fuse.step();
        if self.fuse.is_blown() {
            Answer::Lost
        } else {
            answer
        }
    }

    /// More than what may wait for a subscriber at once, none of it worth keeping.
    pub(crate) fn flood(&self, raw_id: &RawId) {
        let event = ChatEvent::TypingIndicatorReceived {
            thread_id: ThreadId::new("flood"),
            sender: raw_id.clone(),
            sender_display_name: String::new(),
            received_on: Timestamp::default(),
            version: "0".to_owned(),
        };
        let frame = serde_json::to_string(&ServerFrame::Event {
            position: None,
            thread_sequence: None,
            event: Box::new(event),
        });
        let frame: Frame = frame.unwrap().into();
        for _ in 0..=MAX_QUEUED_MESSAGES {
            self.bus.publish(Publication::Event {
                resource_id: resource_id(),
                recipients: vec![raw_id.clone()],
                event: BusEvent {
                    position: None,
                    frame: frame.clone(),
                },
            });
        }
    }

    /// Forgets the oldest events.
    pub(crate) async fn prune(&self, before: Timestamp, limit: u32) {
        let pruned = self
            .storage
            .write(move |tx| tx.prune_chat_events(before, limit))
            .await;
        pruned.unwrap_or_else(|error: StorageError| panic!("pruning failed: {error}"));
    }

    /// Tells everybody that it will be back.
    pub(crate) async fn say_goodbye(&mut self, now: Instant) {
        let all: Vec<SessionId> = self.sessions.keys().cloned().collect();
        for session_id in all {
            if let Some(session) = self.sessions.get_mut(&session_id) {
                session.core.close(CloseCode::ServerRestart, now);
                self.settle(&session_id).await;
            }
        }
    }

    /// Lets go of files that nobody opens again.
    pub(crate) async fn bury(self) {
        self.storage.close().await;
    }
}

fn subscribed(cursor: u64, expired: bool) -> Down {
    let frame: ServerFrame = ServerFrame::Subscribed {
        topic: Topic::Chat,
        cursor: Some(cursor),
        expired,
    };
    Down::Frame(serde_json::to_string(&frame).unwrap().into())
}
