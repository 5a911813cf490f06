//! The realtime half of a chat client: when it is started, and which events it fires.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use js_sys::{Function, Promise};
use openline_protocol::realtime::Topic;
use wasm_bindgen::JsValue;

use crate::{
    browser::{endpoint::Endpoint, timer::Timer},
    driver::{Connection, ConnectionError, ConnectionObserver},
    js::{
        chat_events::{event_name, event_to_js},
        credential::CredentialHandle,
        error::ErrorBuilder,
        events::EventEmitter,
        local_data::LocalData,
        object::{Plain, get},
        promise::{deferred, spawn},
    },
};

/// How long a start may take.
const START_TIMEOUT: Duration = Duration::from_secs(30);

thread_local! {
    /// Those that are started: their listeners go on even if the page lets go of its `ChatClient`.
    static STARTED: RefCell<Vec<Rc<Realtime>>> = const { RefCell::new(Vec::new()) };
}

/// The realtime half of one chat client.
pub(super) struct Realtime {
    pub(super) events: Rc<EventEmitter>,
    this: Weak<Self>,
    endpoint: Endpoint,
    credential: CredentialHandle,
    phase: RefCell<Phase>,
    /// Counts starts, so that what a stopped one brings in late is dropped.
    start: Cell<u32>,
    state: Cell<ChatState>,
    /// Why it is in that state, where it is not what was asked for.
    reason: Cell<Option<&'static str>>,
    connection: RefCell<Option<Connection>>,
    local: Option<Rc<LocalData>>,
}

/// Whether events arrive.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ChatState {
    Disconnected,
    Connecting,
    Connected,
    Reconnecting,
}

enum Phase {
    Stopped,
    Starting {
        promise: Promise,
        resolve: Function,
        reject: Function,
        _time_limit: Timer,
    },
    Started,
}

impl Realtime {
    pub(super) fn new(
        endpoint: Endpoint,
        credential: CredentialHandle,
        events: Rc<EventEmitter>,
        local: Option<Rc<LocalData>>,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            events,
            this: Weak::clone(this),
            endpoint,
            credential,
            phase: RefCell::new(Phase::Stopped),
            start: Cell::new(0),
            state: Cell::new(ChatState::Disconnected),
            reason: Cell::new(None),
            connection: RefCell::default(),
            local,
        })
    }

    pub(super) fn start(self: &Rc<Self>) -> Promise {
        match &*self.phase.borrow() {
            Phase::Stopped => {}
            Phase::Starting { promise, .. } => return promise.clone(),
            Phase::Started => return Promise::resolve(&JsValue::UNDEFINED),
        }
        self.enter(ChatState::Connecting, None);
        let start = self.start.get().wrapping_add(1);
        self.start.set(start);
        let promise = self.enter_starting(start);
        STARTED.with_borrow_mut(|started| started.push(Rc::clone(self)));
        let realtime = Rc::clone(self);
        spawn(async move { realtime.connect(start).await });
        promise
    }

    pub(super) fn stop(self: &Rc<Self>) {
        self.events.clear();
        let message = "The notifications were stopped before they had started.";
        self.end("closed", &realtime_error("closed", message));
    }

    async fn connect(self: Rc<Self>, start: u32) {
        let this: Rc<dyn ConnectionObserver> = Rc::<Self>::clone(&self);
        let opened = Connection::open(&self.endpoint, self.credential.clone(), Rc::downgrade(&this)).await;
        if self.start.get() != start || matches!(*self.phase.borrow(), Phase::Stopped) {
            return;
        }
        match opened {
            Ok(connection) => {
                connection.subscribe_chat();
                self.connection.replace(Some(connection));
            }
            Err(error) => self.end(error.code(), &error.to_js()),
        }
    }

    fn enter_starting(self: &Rc<Self>, start: u32) -> Promise {
        let (promise, resolve, reject) = deferred();
        let realtime = Rc::downgrade(self);
        let time_limit = Timer::after(START_TIMEOUT, move || {
            if let Some(realtime) = realtime
                .upgrade()
                .filter(|realtime| realtime.start.get() == start)
            {
                let message =
                    "The server could not be reached. Check the network and the endpoint, then start again.";
                realtime.end("timedOut", &realtime_error("timedOut", message));
            }
        });
        self.phase.replace(Phase::Starting {
            promise: promise.clone(),
            resolve,
            reject,
            _time_limit: time_limit,
        });
        promise
    }

    /// Lets go of the connection. Whoever waits for the start is told `error`.
    fn end(self: &Rc<Self>, reason: &'static str, error: &JsValue) {
        let phase = self.phase.replace(Phase::Stopped);
        self.enter(ChatState::Disconnected, Some(reason));
        if let Some(local) = &self.local {
            local.events_missed();
        }
        drop(self.connection.take());
        STARTED.with_borrow_mut(|started| started.retain(|known| !Rc::ptr_eq(known, self)));
        if let Phase::Starting { reject, .. } = phase {
            // The functions of a promise do not throw.
            drop(reject.call1(&JsValue::UNDEFINED, error));
        }
    }

    /// The state, as applications get it.
    pub(super) const fn state(&self) -> &'static str {
        self.state.get().name()
    }

    fn enter(&self, state: ChatState, reason: Option<&'static str>) {
        let before = self.state.replace(state);
        if self.reason.replace(reason) == reason && before == state {
            return;
        }
        let change = Plain::new()
            .with("oldValue", before.name())
            .with("newValue", state.name())
            .with("reason", reason);
        self.events.queue("connectionStateChanged", [change.build()]);
        if state == ChatState::Connected {
            self.events.queue("realTimeNotificationConnected", []);
        } else if state == ChatState::Reconnecting && before == ChatState::Connected {
            self.events.queue("realTimeNotificationDisconnected", []);
        }
    }
}

impl ChatState {
    const fn name(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnected",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Reconnecting => "reconnecting",
        }
    }
}

impl ConnectionObserver for Realtime {
    fn on_trouble(&self, reason: &'static str) {
        let state = match *self.phase.borrow() {
            Phase::Stopped => return,
            Phase::Starting { .. } => ChatState::Connecting,
            Phase::Started => ChatState::Reconnecting,
        };
        self.enter(state, Some(reason));
    }

    fn on_subscribed(&self, topic: Topic, expired: bool) {
        if topic != Topic::Chat || matches!(*self.phase.borrow(), Phase::Stopped) {
            return;
        }
        if let Some(local) = &self.local {
            if expired {
                local.events_missed();
            }
            local.events_arrive();
        }
        if let Phase::Starting { resolve, .. } = self.phase.replace(Phase::Started) {
            drop(resolve.call0(&JsValue::UNDEFINED));
        }
        self.enter(ChatState::Connected, None);
    }

    fn on_chat_event(&self, event: &JsValue) {
        if let Some(name) = event_name(event) {
            let recipient = self.connection.borrow().as_ref().and_then(Connection::identity);
            let told = event_to_js(name, event, recipient.as_ref(), &self.endpoint);
            if let Some(local) = &self.local {
                let sequence_id = get(event, "sequenceId").unwrap_or(JsValue::UNDEFINED);
                local.tell("event", &[name.into(), told.clone(), sequence_id]);
            }
            self.events.queue(name, [told]);
        }
    }

    fn on_failed(&self, error: &ConnectionError) {
        let (reason, error) = (error.code(), error.to_js());
        // Whoever waits for the start learns it from there.
        if matches!(*self.phase.borrow(), Phase::Started) {
            self.events
                .queue("realTimeNotificationDisconnected", [error.clone()]);
        }
        if let Some(this) = self.this.upgrade() {
            this.end(reason, &error);
        }
    }
}

fn realtime_error(code: &str, message: &str) -> JsValue {
    ErrorBuilder::new("RealtimeError", message)
        .with("code", code)
        .build()
}
