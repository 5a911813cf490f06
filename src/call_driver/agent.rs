//! Drives the call core of one user: hands in what the page asks, what the connection brings, what the peer
//! connections tell and what time it is. What comes in is in `agent_input`, what is done in `carry_out`. No decisions.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use js_sys::{Function, Reflect};
use openline_call::agent::{CallAgent as Core, SessionChange};
use openline_protocol::{
    CallId, Instant, RawId,
    realtime::{CallCommand, IceServer},
};
use openline_session::CommandRefused;
use wasm_bindgen::{JsCast as _, JsValue};

use super::{
    active_call::ActiveCall, call_media::CallMedia, client_settings::ClientSettings, devices::Devices,
    ringing_call::RingingCall,
};
use crate::{
    browser::{clock, endpoint::Endpoint, leaving::Leaving, media_quality::MediaQuality, timer::Timer},
    driver::{Connection, ConnectionError, ConnectionState},
    js::{
        events::{self, EventEmitter},
        logger::Logger,
        object::{Plain, array},
    },
};

/// The calls of one user, and what rings.
pub(crate) struct AgentDriver {
    pub(super) this: Weak<Self>,
    pub(super) core: RefCell<Core>,
    pub(super) calls: RefCell<Vec<Entry<ActiveCall>>>,
    pub(super) ringing: RefCell<Vec<Entry<RingingCall>>>,
    /// What the next call that the core adds is made with.
    pub(super) upcoming: RefCell<Option<Rc<CallMedia>>>,
    pub(super) events: Rc<EventEmitter>,
    devices: Rc<Devices>,
    /// Makes the quality of a call, see `MediaQuality`.
    quality: RefCell<Option<Function>>,
    leaving: RefCell<Option<Leaving>>,
    display_name: Option<String>,
    ice_servers: Option<Vec<IceServer>>,
    logger: Logger,
    connection: RefCell<Option<Connection>>,
    registered: Cell<bool>,
    carrying: Cell<bool>,
    timer: RefCell<Option<Timer>>,
    on_ready: RefCell<Vec<ReadyCallback>>,
}

type ReadyCallback = Box<dyn FnOnce(Result<(), ConnectionError>)>;

/// Something of the agent's and the one object that stands for it.
pub(super) struct Entry<T> {
    pub(super) item: Rc<T>,
    pub(super) object: JsValue,
}

impl<T> Clone for Entry<T> {
    fn clone(&self) -> Self {
        Self {
            item: Rc::clone(&self.item),
            object: self.object.clone(),
        }
    }
}

impl AgentDriver {
    /// An agent without a connection.
    pub(crate) fn new(
        devices: Rc<Devices>,
        display_name: Option<String>,
        settings: ClientSettings,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: this.clone(),
            core: RefCell::new(Core::new()),
            calls: RefCell::default(),
            ringing: RefCell::default(),
            upcoming: RefCell::default(),
            events: EventEmitter::new(),
            devices,
            quality: RefCell::default(),
            leaving: RefCell::default(),
            display_name,
            ice_servers: settings.ice_servers,
            logger: settings.logger,
            connection: RefCell::default(),
            registered: Cell::new(false),
            carrying: Cell::new(false),
            timer: RefCell::default(),
            on_ready: RefCell::default(),
        })
    }

    /// Registers the user for calls over that connection.
    pub(crate) fn connect(&self, connection: Connection) {
        let in_session = connection.state() == ConnectionState::Connected;
        let level = connection.level();
        self.tell_session(&connection);
        connection.subscribe_calls(self.display_name.clone());
        self.connection.replace(Some(connection));
        if in_session {
            // The chat client of the same user had connected before.
            let change = SessionChange::Connected {
                resumed: false,
                level,
            };
            self.input(|core, now| core.handle_session(change, now));
        }
    }

    /// Calls back once, when the server can ring this client or when it is clear that it never will.
    pub(crate) fn when_ready(&self, callback: impl FnOnce(Result<(), ConnectionError>) + 'static) {
        if self.registered.get() {
            callback(Ok(()));
        } else {
            self.on_ready.borrow_mut().push(Box::new(callback));
        }
    }

    /// The events of the agent.
    pub(crate) const fn events(&self) -> &Rc<EventEmitter> {
        &self.events
    }

    /// How its calls send is up to what the first of these makes, how it leaves to what the second does.
    pub(crate) fn set_files(&self, files: &JsValue, endpoint: &Endpoint) {
        let file = |index| Reflect::get_u32(files, index).ok()?.dyn_into().ok();
        self.quality.replace(file(0));
        self.leaving.replace(Leaving::begin(file(1), endpoint));
    }

    /// Tells how to leave the session that there is now.
    fn tell_session(&self, connection: &Connection) {
        if let Some(session_id) = connection.session_id() {
            self.tell_leaving("session", session_id.as_str(), None);
        }
    }

    /// Tells what concerns leaving.
    pub(super) fn tell_leaving(&self, what: &str, about: &str, more: Option<&str>) {
        if let Some(leaving) = &*self.leaving.borrow() {
            leaving.tell(what, &about.into(), &more.into());
        }
    }

    /// There is a session, a new one or that of before.
    pub(super) fn session_began(&self) {
        if let Some(connection) = &*self.connection.borrow() {
            self.tell_session(connection);
        }
    }

    /// The media of a new call.
    pub(super) fn new_media(&self, muted: bool) -> Rc<CallMedia> {
        let quality = MediaQuality::new(self.quality.borrow().as_ref());
        CallMedia::new(Rc::clone(&self.devices), quality, muted)
    }

    /// The own name, as others see it.
    pub(crate) fn display_name(&self) -> Option<String> {
        self.display_name.clone()
    }

    /// Who the agent is.
    pub(crate) fn identity(&self) -> Option<RawId> {
        self.connection.borrow().as_ref()?.identity()
    }

    /// This client, as its peers know it.
    pub(crate) fn endpoint_id(&self) -> Option<String> {
        Some(self.connection.borrow().as_ref()?.endpoint_id()?.into_string())
    }

    /// Whether the server can ring this client now.
    pub(crate) fn registered(&self) -> bool {
        self.registered.get()
    }

    /// The calls, a fresh array of the same objects.
    pub(crate) fn call_objects(&self) -> JsValue {
        array(self.calls.borrow().iter().map(|entry| entry.object.clone()))
    }

    /// The servers that help to find a path.
    pub(crate) fn ice_servers(&self) -> Vec<IceServer> {
        let servers = || self.connection.borrow().as_ref().map(Connection::ice_servers);
        self.ice_servers.clone().or_else(servers).unwrap_or_default()
    }

    /// Asks whether the socket is alive.
    pub(super) fn look_after_connection(&self) {
        if let Some(connection) = &*self.connection.borrow() {
            connection.look_after();
        }
    }

    /// Tells the page's developer.
    pub(super) fn warn(&self, message: &str) {
        self.logger.warn(message);
    }

    /// Hangs everything up and unregisters. What it has to tell is told when this returns, and nothing afterwards.
    pub(crate) fn dispose(&self) {
        self.input(|core, now| core.dispose(now));
        self.timer.replace(None);
        // Whoever drops the last hold on a connection leaves: the commands above are sent before.
        let connection = self.connection.take();
        let said_so = connection.is_some_and(|connection| connection.state() == ConnectionState::Connected);
        if let Some(leaving) = self.leaving.take() {
            leaving.tell("left", &said_so.into(), &JsValue::UNDEFINED);
        }
        self.set_registered(false, None);
        // For features of the client.
        self.events.queue("disposed", []);
        self.resolve_ready(&Err(ConnectionError::Left));
        events::flush();
        self.events.end();
    }

    /// Hands something to the core and carries out what comes of it.
    pub(crate) fn input<R>(&self, input: impl FnOnce(&mut Core, Instant) -> R) -> R {
        let now = clock::now();
        let result = input(&mut self.core.borrow_mut(), now);
        self.carry_out_all();
        result
    }

    /// Sends a command of the core. One that cannot be queued any more means that the way to the server is lost.
    pub(super) fn send(&self, command: CallCommand) {
        let call_id = command.call_id().clone();
        let sent = self
            .connection
            .borrow()
            .as_ref()
            .map(|connection| connection.send_command(command));
        match sent {
            Some(Err(CommandRefused::TooLarge)) => {
                self.warn("A message about a call is too large to be sent. The call ends.");
                self.input(|core, _now| core.handle_oversized(&call_id));
            }
            Some(Err(_)) => self.input(|core, now| core.handle_session(SessionChange::Lost, now)),
            Some(Ok(())) | None => {}
        }
    }

    /// The call of that id, or of the id it has after a merge.
    pub(super) fn call(&self, call_id: &CallId) -> Option<Entry<ActiveCall>> {
        self.calls
            .borrow()
            .iter()
            .find(|entry| entry.item.id() == *call_id)
            .cloned()
    }

    /// What rings under that id.
    pub(super) fn ringing(&self, call_id: &CallId) -> Option<Entry<RingingCall>> {
        self.ringing
            .borrow()
            .iter()
            .find(|entry| entry.item.id() == call_id)
            .cloned()
    }

    fn carry_out_all(&self) {
        if self.carrying.replace(true) {
            return;
        }
        loop {
            let output = self.core.borrow_mut().poll_output();
            let Some(output) = output else { break };
            self.carry_out(output);
        }
        self.carrying.set(false);
        self.arm_timer();
    }

    fn arm_timer(&self) {
        let due = self.core.borrow().poll_timeout();
        let timer = due.map(|due| {
            let weak = self.this.clone();
            Timer::after(due.saturating_duration_since(clock::now()), move || {
                if let Some(agent) = weak.upgrade() {
                    agent.input(Core::handle_timeout);
                    events::flush();
                }
            })
        });
        self.timer.replace(timer);
    }

    pub(super) fn set_registered(&self, registered: bool, reason: Option<&'static str>) {
        if self.registered.get() != registered {
            self.tell_registered(registered, reason);
        }
    }

    /// Tells the page, also where nothing changed but the reason.
    pub(super) fn tell_registered(&self, registered: bool, reason: Option<&'static str>) {
        let word = |registered| if registered { "Connected" } else { "Disconnected" };
        let change = Plain::new()
            .with("newValue", word(registered))
            .with("oldValue", word(self.registered.replace(registered)))
            .with("reason", reason)
            .build();
        self.events.queue("connectionStateChanged", [change]);
    }

    /// Whether somebody waits for the first registration.
    pub(super) fn is_registering(&self) -> bool {
        !self.on_ready.borrow().is_empty()
    }

    pub(super) fn resolve_ready(&self, result: &Result<(), ConnectionError>) {
        for callback in self.on_ready.take() {
            callback(result.clone());
        }
    }
}
