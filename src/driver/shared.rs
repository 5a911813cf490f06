//! One connection: the session core, its socket and timer, and who uses it.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use openline_identity::AccessToken;
use openline_protocol::{
    EndpointId, Instant, SessionId,
    realtime::{ClientFrame, IceServer, PATH, Topic, limits::MAX_SERVER_FRAME_BYTES},
};
use openline_session::{
    ClientConfig, ClientEvent, ClientOutput, ClientSession, ClientState, DisconnectReason,
};
use wasm_bindgen::JsCast as _;
use web_sys::PageTransitionEvent;

use super::{
    ConnectionError, ConnectionObserver, ConnectionState, error::reason_code, frames, token::Principal,
};
use crate::{
    browser::{
        clock,
        endpoint::Endpoint,
        listener::Listener,
        random,
        timer::Timer,
        web_socket::{Socket, SocketEvent},
    },
    js::{credential::CredentialHandle, events},
};

/// Chat events pass through as the browser parsed them.
type Session = ClientSession<frames::WireEvent>;

/// Names a user of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UserId(u32);

struct User {
    id: UserId,
    credential: CredentialHandle,
    observer: Weak<dyn ConnectionObserver>,
    chat: bool,
    calls: bool,
}

/// What the users of one connection share.
pub(super) struct Shared {
    pub(super) endpoint: Endpoint,
    pub(super) principal: Option<Principal>,
    pub(super) ice_servers: RefCell<Vec<IceServer>>,
    /// What the server understands.
    pub(super) level: Cell<u32>,
    /// Whether the server confirmed the chat subscription on this socket.
    pub(super) chat_subscribed: Cell<bool>,
    /// The token that told the identity: good for the first `hello`.
    pub(super) first_token: Cell<Option<AccessToken>>,
    /// The token that was sent last.
    pub(super) token: RefCell<Option<String>>,
    /// Whether it was sent in a `hello`, and not on a live socket that may have closed before it arrived.
    pub(super) token_greeted: Cell<bool>,
    session: RefCell<Session>,
    state: Cell<ConnectionState>,
    socket: RefCell<Option<Socket>>,
    timer: RefCell<Option<Timer>>,
    listeners: RefCell<Vec<Listener>>,
    users: RefCell<Vec<User>>,
    last_user: Cell<u32>,
    pumping: Cell<bool>,
}

impl Shared {
    pub(super) fn new(endpoint: Endpoint, principal: Option<Principal>, token: AccessToken) -> Rc<Self> {
        let shared = Rc::new(Self {
            endpoint,
            principal,
            ice_servers: RefCell::default(),
            level: Cell::new(0),
            chat_subscribed: Cell::new(false),
            first_token: Cell::new(Some(token)),
            token: RefCell::default(),
            token_greeted: Cell::new(false),
            session: RefCell::new(Session::new(ClientConfig::default(), random::bits())),
            state: Cell::new(ConnectionState::Disconnected),
            socket: RefCell::default(),
            timer: RefCell::default(),
            listeners: RefCell::default(),
            users: RefCell::default(),
            last_user: Cell::new(0),
            pumping: Cell::new(false),
        });
        shared.listen_to_the_page();
        shared
    }

    pub(super) fn state(&self) -> ConnectionState {
        self.state.get()
    }

    pub(super) fn endpoint_id(&self) -> Option<EndpointId> {
        self.session.borrow().endpoint_id().cloned()
    }

    pub(super) fn session_id(&self) -> Option<SessionId> {
        self.session.borrow().session_id().cloned()
    }

    pub(super) fn add_user(
        &self,
        credential: CredentialHandle,
        observer: Weak<dyn ConnectionObserver>,
    ) -> UserId {
        let id = UserId(self.last_user.get() + 1);
        self.last_user.set(id.0);
        self.users.borrow_mut().push(User {
            id,
            credential,
            observer,
            chat: false,
            calls: false,
        });
        id
    }

    pub(super) fn remove_user(self: &Rc<Self>, user: UserId) {
        self.unsubscribe(user, Topic::Chat);
        self.unsubscribe(user, Topic::Calls);
        self.users.borrow_mut().retain(|known| known.id != user);
    }

    pub(super) fn has_users(&self) -> bool {
        !self.users.borrow().is_empty()
    }

    /// The users' credentials, each once: most pages give chat and calls the same.
    pub(super) fn credentials(&self) -> Vec<CredentialHandle> {
        let mut credentials = Vec::new();
        for user in &*self.users.borrow() {
            if !credentials.contains(&user.credential) {
                credentials.push(user.credential.clone());
            }
        }
        credentials
    }

    pub(super) fn want(&self, user: UserId, topic: Topic, wanted: bool) {
        if let Some(user) = self.users.borrow_mut().iter_mut().find(|known| known.id == user) {
            *user.wants(topic) = wanted;
        }
    }

    /// Ends a subscription of one user, and on the server once nobody wants it any more.
    pub(super) fn unsubscribe(self: &Rc<Self>, user: UserId, topic: Topic) {
        let (had, left) = {
            let mut users = self.users.borrow_mut();
            let user = users.iter_mut().find(|known| known.id == user);
            let had = user.is_some_and(|user| std::mem::take(user.wants(topic)));
            (had, users.iter_mut().any(|user| *user.wants(topic)))
        };
        if had && !left {
            if topic == Topic::Chat {
                self.chat_subscribed.set(false);
            }
            self.with_session(|session, now| session.unsubscribe(topic, now));
        }
    }

    /// Feeds the session and carries out what it asks for.
    pub(super) fn with_session<T>(self: &Rc<Self>, input: impl FnOnce(&mut Session, Instant) -> T) -> T {
        let result = input(&mut self.session.borrow_mut(), clock::now());
        self.pump();
        result
    }

    /// Leaves for good. The goodbye is sent before this returns.
    pub(super) fn leave(self: &Rc<Self>, now: Instant) {
        self.session.borrow_mut().leave(now);
        self.pump();
        self.listeners.borrow_mut().clear();
        self.timer.take();
    }

    /// Tells one user, after everything it was told before.
    pub(super) fn tell_user(&self, user: UserId, tell: impl Fn(&dyn ConnectionObserver) + 'static) {
        let observers = self.users.borrow();
        let observer = observers
            .iter()
            .find(|known| known.id == user)
            .map(|known| known.observer.clone());
        events::defer(move || {
            if let Some(observer) = observer.and_then(|observer| observer.upgrade()) {
                tell(&*observer);
            }
        });
    }

    fn tell(&self, concerns: impl Fn(&User) -> bool, tell: impl Fn(&dyn ConnectionObserver) + 'static) {
        let users = self.users.borrow();
        let observers: Vec<_> = users
            .iter()
            .filter(|user| concerns(user))
            .map(|user| user.observer.clone())
            .collect();
        if observers.is_empty() {
            return;
        }
        events::defer(move || {
            for observer in observers.iter().filter_map(Weak::upgrade) {
                tell(&*observer);
            }
        });
    }

    fn pump(self: &Rc<Self>) {
        if self.pumping.replace(true) {
            return;
        }
        loop {
            let output = self.session.borrow_mut().poll_output();
            match output {
                Some(ClientOutput::FetchToken { force }) => self.fetch_token(force),
                Some(ClientOutput::OpenSocket) => self.open_socket(),
                Some(ClientOutput::SendFrame(frame)) => self.send(&frame),
                Some(ClientOutput::CloseSocket { code }) => {
                    if let Some(socket) = self.socket.take() {
                        socket.close(code);
                    }
                }
                Some(ClientOutput::Event(event)) => self.on_event(event),
                None => break,
            }
        }
        self.pumping.set(false);
        self.arm_timer();
    }

    fn open_socket(self: &Rc<Self>) {
        let shared = Rc::downgrade(self);
        let on_event = move |event| {
            if let Some(shared) = shared.upgrade() {
                shared.on_socket_event(event);
                events::flush();
            }
        };
        let opened = Socket::open(&self.endpoint.web_socket_url(PATH), on_event);
        let failed = opened.is_err();
        self.socket.replace(opened.ok());
        if failed {
            // A URL the browser refuses, or a security policy: the session backs off and tries again.
            self.session.borrow_mut().socket_closed(None, clock::now());
        }
    }

    fn on_socket_event(self: &Rc<Self>, event: SocketEvent) {
        self.with_session(|session, now| match event {
            SocketEvent::Opened => session.socket_opened(now),
            SocketEvent::Text(text) if text.len() <= MAX_SERVER_FRAME_BYTES => match frames::read(&text) {
                Some(frame) => session.frame_received(frame, now),
                None => session.unknown_frame_received(now),
            },
            SocketEvent::Text(_) | SocketEvent::Binary => session.unknown_frame_received(now),
            SocketEvent::Closed(code) => {
                self.socket.take();
                session.socket_closed(code, now);
            }
        });
    }

    fn send(&self, frame: &ClientFrame) {
        // Plain data: it always serialises.
        if let (Some(socket), Some(text)) = (&*self.socket.borrow(), frames::write(frame)) {
            socket.send(&text);
        }
    }

    fn arm_timer(self: &Rc<Self>) {
        let due = self.session.borrow().poll_timeout();
        let timer = due.map(|due| {
            let shared = Rc::downgrade(self);
            Timer::after(due.saturating_duration_since(clock::now()), move || {
                if let Some(shared) = shared.upgrade() {
                    shared.with_session(Session::handle_timeout);
                    events::flush();
                }
            })
        });
        self.timer.replace(timer);
    }

    fn on_event(self: &Rc<Self>, event: ClientEvent<frames::WireEvent>) {
        match event {
            ClientEvent::StateChanged { state, reason } => self.on_state(state, reason),
            ClientEvent::SessionStarted {
                resumed,
                ice_servers,
                level,
                ..
            } => {
                self.ice_servers.replace(ice_servers);
                self.level.set(level);
                self.tell(|_| true, move |observer| observer.on_session(resumed, level));
            }
            ClientEvent::IceServers(ice_servers) => drop(self.ice_servers.replace(ice_servers)),
            ClientEvent::SessionLost { .. } => self.tell(|_| true, |observer| observer.on_session_lost()),
            ClientEvent::Notice(notice) => {
                self.tell(|_| true, move |observer| observer.on_notice(notice.clone()));
            }
            ClientEvent::ChatEvent { event, .. } => {
                self.tell(|user| user.chat, move |observer| observer.on_chat_event(&event.0));
            }
            ClientEvent::ChatSubscribed { expired, .. } => {
                self.chat_subscribed.set(true);
                self.tell(
                    |user| user.chat,
                    move |observer| observer.on_subscribed(Topic::Chat, expired),
                );
            }
            ClientEvent::CallsSubscribed => {
                self.tell(
                    |user| user.calls,
                    |observer| observer.on_subscribed(Topic::Calls, false),
                );
            }
            ClientEvent::TokenNeeded { remaining } => self.renew_token(remaining),
            // Told with the state, which carries the reason.
            ClientEvent::Failed { .. } => {}
        }
    }

    fn on_state(&self, state: ClientState, reason: Option<DisconnectReason>) {
        let coarse = match state {
            ClientState::Idle | ClientState::Closed { .. } => ConnectionState::Disconnected,
            ClientState::Connected => ConnectionState::Connected,
            ClientState::WaitingForToken
            | ClientState::Connecting
            | ClientState::Greeting
            | ClientState::WaitingToRetry => ConnectionState::Connecting,
        };
        if coarse != ConnectionState::Connected {
            self.chat_subscribed.set(false);
        }
        if let Some(reason) = reason.filter(|_| !state.is_closed()) {
            self.tell(|_| true, move |observer| observer.on_trouble(reason_code(reason)));
        }
        if self.state.replace(coarse) != coarse {
            self.tell(|_| true, move |observer| observer.on_state(coarse));
        }
        if let (ClientState::Closed { .. }, Some(reason)) = (state, reason) {
            let error = ConnectionError::from(reason);
            if !matches!(error, ConnectionError::Left) {
                self.tell(|_| true, move |observer| observer.on_failed(&error));
            }
        }
    }

    fn listen_to_the_page(self: &Rc<Self>) {
        let react = |reaction: fn(&Rc<Self>, &web_sys::Event)| {
            let shared = Rc::downgrade(self);
            move |event: web_sys::Event| {
                if let Some(shared) = shared.upgrade() {
                    reaction(&shared, &event);
                    events::flush();
                }
            }
        };
        let hint = |shared: &Rc<Self>, _: &web_sys::Event| {
            shared.with_session(|session, now| {
                session.handle_timeout(now);
                session.network_hint(now);
            });
        };
        let mut listeners = self.listeners.borrow_mut();
        listeners.extend(Listener::global("online", react(hint)));
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            listeners.push(Listener::new(&document, "visibilitychange", react(hint)));
        }
        // The page is closed, or kept aside for a later return: either way nobody is here any more.
        listeners.extend(Listener::global(
            "pagehide",
            react(|shared, _| {
                shared.with_session(Session::leave);
            }),
        ));
        listeners.extend(Listener::global(
            "pageshow",
            react(|shared, event| {
                if event
                    .dyn_ref::<PageTransitionEvent>()
                    .is_some_and(PageTransitionEvent::persisted)
                {
                    shared.with_session(Session::connect);
                }
            }),
        ));
    }
}

impl User {
    const fn wants(&mut self, topic: Topic) -> &mut bool {
        match topic {
            Topic::Chat => &mut self.chat,
            Topic::Calls => &mut self.calls,
        }
    }
}
