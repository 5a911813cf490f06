//! A page: the real session, a copy of its threads, and what it wants sent until it is answered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openline_protocol::{
    Instant, RawId, ThreadId,
    realtime::{ChatEvent, ClientFrame, ServerFrame},
};
use openline_server::{bus::Frame, domain::chat::Caller};
use openline_session::{
    ClientConfig, ClientEvent, ClientOutput, ClientSession, ClientState, DisconnectReason, TokenFailure,
};

use crate::{
    copy::Copy,
    names::Names,
    network::Down,
    requests::{Answer, Request},
};

/// What a client wants of the world.
#[derive(Debug)]
pub(crate) enum Wish {
    FetchToken,
    OpenSocket,
    SendFrame(ClientFrame),
    CloseSocket(u16),
    Ask(u64, Request),
    /// The session gave up: the person presses the button.
    Reconnect,
}

/// What a handler was told since a subscription that began at `start`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Epoch {
    pub(crate) start: Option<u64>,
    pub(crate) events: Vec<(u64, ChatEvent)>,
}

impl Epoch {
    /// Once each, and in the order of their thread: where one was missing, it comes after later ones of others.
    fn add(&mut self, position: u64, event: &ChatEvent) {
        let start = self.start.expect("events come after the subscription");
        assert!(position > start, "{position} is told, after {start}");
        let of_thread = self
            .events
            .iter()
            .rev()
            .find(|(_, other)| other.thread_id() == event.thread_id());
        let last = of_thread.map(|(position, _)| *position);
        assert!(
            last.is_none_or(|last| last < position),
            "{position} is told after {last:?}"
        );
        self.events.push((position, event.clone()));
    }

    pub(crate) fn newest(&self) -> Option<u64> {
        self.events.iter().map(|(position, _)| *position).max()
    }
}

/// What a client knows to be so.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    /// The id of each message, by its text.
    pub(crate) sent: BTreeMap<String, (ThreadId, u64)>,
    /// By the topic.
    pub(crate) created: BTreeMap<String, ThreadId>,
    /// Refused at the only time it was asked for.
    pub(crate) refused: BTreeSet<String>,
    pub(crate) done: Vec<Request>,
}

/// What a page stores to go on with.
#[derive(Debug, Clone)]
struct Stored {
    cursor: u64,
    copy: Copy,
}

pub(crate) struct Client {
    pub(crate) who: Caller,
    session: ClientSession,
    pub(crate) socket: Option<u64>,
    pub(crate) copy: Copy,
    /// The last one goes on.
    pub(crate) epochs: Vec<Epoch>,
    outbox: VecDeque<Request>,
    pending: BTreeMap<u64, Request>,
    next_number: u64,
    /// How often the first of the outbox was or may have been asked for.
    attempts: u64,
    typing_seen: BTreeSet<String>,
    stored: Option<Stored>,
    names: Names,
    pub(crate) answered: Answered,
    wishes: Vec<Wish>,
}

impl Client {
    pub(crate) fn new(who: Caller, names: Names, seed: u64, now: Instant) -> Self {
        let mut client = Self {
            copy: Copy::new(who.raw_id.clone()),
            who,
            session: ClientSession::new(ClientConfig::default(), seed),
            socket: None,
            epochs: vec![Epoch::default()],
            outbox: VecDeque::new(),
            pending: BTreeMap::new(),
            next_number: 0,
            attempts: 0,
            typing_seen: BTreeSet::new(),
            stored: None,
            names,
            answered: Answered::default(),
            wishes: Vec::new(),
        };
        client.session.subscribe_chat(None, now);
        client.session.connect(now);
        client
    }

    pub(crate) fn me(&self) -> &RawId {
        &self.who.raw_id
    }

    /// The page is closed and opened again: with what it stored, or as if for the first time. What was sent is sent
    /// again, what was asked is forgotten.
    pub(crate) fn reload(&mut self, remembers: bool, seed: u64, now: Instant) {
        self.session = ClientSession::new(ClientConfig::default(), seed);
        self.pending.clear();
        let cursor = match self.stored.clone().filter(|_| remembers) {
            Some(stored) => {
                self.copy = stored.copy;
                Some(stored.cursor)
            }
            None => {
                self.copy = Copy::new(self.who.raw_id.clone());
                self.stored = None;
                self.epochs.push(Epoch::default());
                None
            }
        };
        for thread in self.names.sorted(self.copy.loading()) {
            self.load(thread);
        }
        self.session.subscribe_chat(cursor, now);
        self.session.connect(now);
        self.work_outbox();
    }

    pub(crate) fn connect(&mut self, now: Instant) {
        self.session.connect(now);
    }

    pub(crate) fn network_hint(&mut self, now: Instant) {
        self.session.network_hint(now);
    }

    pub(crate) fn token_ready(&mut self, good: bool, now: Instant) {
        let token = if good {
            Ok("token".to_owned())
        } else {
            Err(TokenFailure::Temporary)
        };
        self.session.token_ready(token, now);
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.session.poll_timeout()
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        self.session.handle_timeout(now);
    }

    /// Something arrived on the socket.
    pub(crate) fn received(&mut self, item: Down, now: Instant) {
        match item {
            Down::Opened => self.session.socket_opened(now),
            Down::Frame(frame) => self.session.frame_received(parse(&frame), now),
            Down::Closed(code) => {
                self.socket = None;
                self.session.socket_closed(code, now);
            }
        }
    }

    /// Whether nothing is left to be done or learned.
    pub(crate) fn is_settled(&self) -> bool {
        let has_start = self.epochs.last().is_some_and(|epoch| epoch.start.is_some());
        let connected = self.session.state() == ClientState::Connected;
        connected
            && has_start
            && self.pending.is_empty()
            && self.outbox.is_empty()
            && self.copy.loading().is_empty()
    }

    /// What the session and the page want now.
    pub(crate) fn take_wishes(&mut self) -> Vec<Wish> {
        while let Some(output) = self.session.poll_output() {
            match output {
                ClientOutput::FetchToken { .. } => self.wishes.push(Wish::FetchToken),
                ClientOutput::OpenSocket => self.wishes.push(Wish::OpenSocket),
                ClientOutput::SendFrame(frame) => self.wishes.push(Wish::SendFrame(frame)),
                ClientOutput::CloseSocket { code } => self.wishes.push(Wish::CloseSocket(code)),
                ClientOutput::Event(event) => self.told(event),
            }
        }
        std::mem::take(&mut self.wishes)
    }

    fn told(&mut self, event: ClientEvent) {
        match event {
            ClientEvent::StateChanged {
                state: ClientState::Closed { reason },
                ..
            } => {
                let to_be_expected =
                    matches!(reason, DisconnectReason::Left | DisconnectReason::TokenRefused);
                assert!(to_be_expected, "{} gives up: {reason:?}", self.who.raw_id);
                self.wishes.push(Wish::Reconnect);
            }
            ClientEvent::ChatSubscribed { cursor, expired } => self.subscribed(cursor, expired),
            ClientEvent::ChatEvent { position, event } => self.handle(position, &event),
            _ => {}
        }
    }

    fn subscribed(&mut self, cursor: Option<u64>, expired: bool) {
        if expired {
            self.epochs.push(Epoch::default());
            self.stored = None;
        }
        let epoch = self.epochs.last_mut().expect("one from the beginning");
        if epoch.start.is_none() {
            assert!(cursor.is_some(), "a subscription without a place");
            epoch.start = cursor;
            self.ask(Request::List);
        }
    }

    /// The application's handler.
    fn handle(&mut self, position: Option<u64>, event: &ChatEvent) {
        self.names.number(event.thread_id());
        let Some(position) = position else {
            return self.handle_typing(event);
        };
        let epoch = self.epochs.last_mut().expect("one from the beginning");
        epoch.add(position, event);
        if self.copy.handle(event) {
            self.load(event.thread_id().clone());
        }
        let newest = self.epochs.last().and_then(Epoch::newest);
        self.store(newest.expect("one was just told"));
    }

    fn handle_typing(&mut self, event: &ChatEvent) {
        let ChatEvent::TypingIndicatorReceived {
            sender_display_name, ..
        } = event
        else {
            panic!("an event that is kept has no position")
        };
        assert!(
            sender_display_name.is_empty() || self.typing_seen.insert(sender_display_name.clone()),
            "a typing indicator is told twice"
        );
    }

    /// Only a copy that is whole is worth storing: what was being read would have to be read again.
    fn store(&mut self, cursor: u64) {
        if !self
            .pending
            .values()
            .any(|request| matches!(request, Request::List))
        {
            self.stored = Some(Stored {
                cursor,
                copy: self.copy.clone(),
            });
        }
    }

    fn load(&mut self, thread: ThreadId) {
        let number = self.copy.start_loading(&thread);
        self.ask(Request::Load { thread, number });
    }

    /// Asks once, whatever becomes of it, or until it is answered.
    pub(crate) fn ask(&mut self, request: Request) {
        if matches!(request, Request::Send { .. } | Request::Create { .. }) {
            self.outbox.push_back(request);
            return self.work_outbox();
        }
        self.next_number += 1;
        self.pending.insert(self.next_number, request.clone());
        self.wishes.push(Wish::Ask(self.next_number, request));
    }

    /// One after the other: they arrive in order.
    fn work_outbox(&mut self) {
        let Some(first) = self.outbox.front() else { return };
        if self.pending.values().any(|request| request.has_key()) {
            return;
        }
        self.attempts += 1;
        self.next_number += 1;
        self.pending.insert(self.next_number, first.clone());
        self.wishes.push(Wish::Ask(self.next_number, first.clone()));
    }

    /// The network delivers what was asked a second time.
    pub(crate) const fn doubled(&mut self) {
        self.attempts += 1;
    }

    pub(crate) fn waits_for(&self, number: u64) -> bool {
        self.pending.contains_key(&number)
    }

    /// Takes an answer. Returns what to ask again later, under its new number.
    pub(crate) fn answered(&mut self, number: u64, answer: Answer) -> Option<(u64, Request)> {
        let request = self.pending.remove(&number)?;
        if matches!(answer, Answer::Lost) {
            if !request.must_be_answered() {
                return None;
            }
            self.attempts += u64::from(request.has_key());
            self.next_number += 1;
            self.pending.insert(self.next_number, request.clone());
            return Some((self.next_number, request));
        }
        match (request, answer) {
            (_, Answer::Failed(error)) => panic!("the server failed: {error}"),
            (Request::List, Answer::Threads(threads)) => {
                let known = self.copy.threads.keys().cloned();
                let all = self.names.sorted(threads.into_iter().chain(known).collect());
                all.into_iter().for_each(|thread| self.load(thread));
            }
            (Request::Load { thread, number }, Answer::Loaded(read)) => {
                self.copy.loaded(&thread, number, Some(read));
            }
            (Request::Load { thread, number }, _) => self.copy.loaded(&thread, number, None),
            (Request::Send { thread, text }, Answer::Sent(id)) => {
                let id = id.as_str().parse().unwrap();
                self.answered.sent.insert(text, (thread, id));
                self.outbox_done();
            }
            (Request::Create { topic, .. }, Answer::Created(id)) => {
                self.answered.created.insert(topic, id);
                self.outbox_done();
            }
            (Request::Send { text: name, .. } | Request::Create { topic: name, .. }, _) => {
                if self.attempts == 1 {
                    self.answered.refused.insert(name);
                }
                self.outbox_done();
            }
            (request, Answer::Done) => self.answered.done.push(request),
            (_, _) => {}
        }
        None
    }

    fn outbox_done(&mut self) {
        self.outbox.pop_front();
        self.attempts = 0;
        self.work_outbox();
    }
}

fn parse(frame: &Frame) -> ServerFrame {
    serde_json::from_str(frame).expect("the server speaks the protocol")
}
