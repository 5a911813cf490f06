//! The server's half in the page of the test: sessions and the exchange, behind a socket that ends here.

use std::{cell::RefCell, time::Duration};

use js_sys::{Function, Reflect};
use openline_call::exchange::{EndpointRef, Exchange, ExchangeConfig, GoneReason};
use openline_protocol::{
    EndpointId, Instant, RawId, ResourceId, SessionId,
    realtime::{ClientFrame, CloseCode, ServerFrame, limits::MAX_CLIENT_FRAME_BYTES},
};
use openline_session::{IceGrant, ServerHandshake, ServerOutput, ServerSession, ServerSessionConfig};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen(module = "/tests/web/browser.js", js_namespace = callServer)]
extern "C" {
    #[wasm_bindgen(js_name = installSocket)]
    fn install_socket(opened: &Function, received: &Function, closed: &Function);
    #[wasm_bindgen(js_name = removeSocket)]
    fn remove_socket();
    /// A token for that user.
    #[wasm_bindgen(js_name = tokenOf)]
    pub(crate) fn token_of(user: &str) -> String;
}

struct Client {
    socket: JsValue,
    raw_id: RawId,
    session: Option<ServerSession>,
}

struct Server {
    exchange: Exchange,
    clients: Vec<Client>,
    /// How far the server's clock is ahead of the page's.
    ahead: Duration,
}

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
}

/// A running server. Dropping it gives the page its own sockets back.
pub(crate) struct CallServer {
    _callbacks: [JsValue; 3],
}

impl CallServer {
    pub(crate) fn start() -> Self {
        SERVER.with_borrow_mut(|server| {
            let exchange = Exchange::new(ExchangeConfig::default());
            *server = Some(Server {
                exchange,
                clients: Vec::new(),
                ahead: Duration::ZERO,
            });
        });
        let opened: Closure<dyn Fn(JsValue) -> usize> = Closure::new(opened);
        let received: Closure<dyn Fn(usize, String)> = Closure::new(received);
        let closed: Closure<dyn Fn(usize, u16)> = Closure::new(closed);
        let callbacks = [
            opened.into_js_value(),
            received.into_js_value(),
            closed.into_js_value(),
        ];
        let [opened, received, closed] = &callbacks;
        install_socket(
            opened.unchecked_ref(),
            received.unchecked_ref(),
            closed.unchecked_ref(),
        );
        Self {
            _callbacks: callbacks,
        }
    }

    /// Lets that much time pass on the server.
    pub(crate) fn advance(&self, time: Duration) {
        with(|server| {
            server.ahead += time;
            let now = server.now();
            server.exchange.handle_timeout(now);
        });
    }

    /// Calls that ring or were answered.
    pub(crate) fn live_calls(&self) -> usize {
        with(|server| {
            let counts = server.exchange.counts();
            counts.ringing_calls + counts.answered_calls
        })
        .unwrap_or_default()
    }
}

impl Drop for CallServer {
    fn drop(&mut self) {
        remove_socket();
        SERVER.with_borrow_mut(|server| *server = None);
    }
}

fn opened(socket: JsValue) -> usize {
    with(|server| {
        server.clients.push(Client {
            socket,
            raw_id: RawId::new(""),
            session: None,
        });
        server.clients.len() - 1
    })
    .unwrap_or(usize::MAX)
}

fn received(id: usize, text: String) {
    with(|server| {
        if text.len() > MAX_CLIENT_FRAME_BYTES {
            return server.close(id, CloseCode::FrameTooLarge);
        }
        let frame: ClientFrame = serde_json::from_str(&text).expect("the SDK sends what the protocol says");
        let now = server.now();
        let Some(client) = server.clients.get_mut(id) else {
            return;
        };
        match &mut client.session {
            Some(session) => session.frame_received(frame, now),
            none => {
                let hello = ServerHandshake::new(now)
                    .frame_received(frame)
                    .expect("the first frame is hello");
                client.raw_id = identity(&hello.token);
                let names = (
                    SessionId::new(format!("session-{id}")),
                    EndpointId::new(format!("endpoint-{id}")),
                );
                let session = ServerSession::new(ServerSessionConfig::default(), names.0, names.1, now);
                let session = none.insert(session);
                session
                    .attach(None, Duration::from_secs(3600), IceGrant::default(), now)
                    .expect("a new session can be attached");
            }
        }
        server.drain(id);
    });
}

fn closed(id: usize, code: u16) {
    with(|server| {
        let now = server.now();
        if let Some(session) = server
            .clients
            .get_mut(id)
            .and_then(|client| client.session.as_mut())
        {
            session.detach(Some(code), now);
        }
        server.drain(id);
    });
}

fn with<T>(action: impl FnOnce(&mut Server) -> T) -> Option<T> {
    SERVER.with_borrow_mut(|server| {
        let server = server.as_mut()?;
        let result = action(server);
        server.deliver();
        Some(result)
    })
}

impl Server {
    fn now(&self) -> Instant {
        Instant::from_millis(js_sys::Date::now() as u64) + self.ahead
    }

    fn close(&mut self, id: usize, code: CloseCode) {
        call(&self.clients[id].socket, "end", &code.code().into());
    }

    fn drain(&mut self, id: usize) {
        let now = self.now();
        loop {
            let client = &mut self.clients[id];
            let Some(session) = &mut client.session else {
                return;
            };
            let endpoint_id = session.endpoint_id().clone();
            match session.poll_output() {
                Some(ServerOutput::Send(frame)) => deliver(&client.socket, &frame),
                Some(ServerOutput::Command(command)) => {
                    self.exchange.handle_command(&endpoint_id, command, now)
                }
                Some(ServerOutput::SubscribeCalls { display_name }) => {
                    let endpoint = EndpointRef {
                        resource: ResourceId::new("resource"),
                        raw_id: client.raw_id.clone(),
                        endpoint_id,
                        display_name,
                        may_start: true,
                    };
                    self.exchange.endpoint_registered(endpoint, now);
                    let topic = openline_protocol::realtime::Topic::Calls;
                    deliver(
                        &client.socket,
                        &ServerFrame::Subscribed {
                            topic,
                            cursor: None,
                            expired: false,
                        },
                    );
                }
                Some(ServerOutput::Close(code)) => self.close(id, code),
                Some(ServerOutput::Ended(_)) => self.exchange.endpoint_gone(&endpoint_id, GoneReason::Left),
                Some(
                    ServerOutput::CheckToken(_)
                    | ServerOutput::SubscribeChat { .. }
                    | ServerOutput::Unsubscribe(_)
                    | ServerOutput::RenewIceServers
                    | ServerOutput::Detached,
                ) => {}
                None => return,
            }
        }
    }

    // The exchange's notices, each to its session.
    fn deliver(&mut self) {
        while let Some(notify) = self.exchange.poll_output() {
            let of = |client: &Client| {
                client
                    .session
                    .as_ref()
                    .is_some_and(|session| *session.endpoint_id() == notify.endpoint_id)
            };
            if let Some(id) = self.clients.iter().position(of) {
                if let Some(session) = &mut self.clients[id].session {
                    session.push_notice(notify.notice);
                }
                self.drain(id);
            }
        }
    }
}

fn identity(token: &str) -> RawId {
    openline_identity::Claims::decode(token)
        .and_then(|claims| claims.identity())
        .expect("the test's tokens name somebody")
}

fn deliver(socket: &JsValue, frame: &ServerFrame) {
    let text = serde_json::to_string(frame).expect("frames serialise");
    call(socket, "deliver", &text.into());
}

fn call(socket: &JsValue, method: &str, argument: &JsValue) {
    let function: Function = Reflect::get(socket, &method.into()).unwrap().unchecked_into();
    function.call1(socket, argument).unwrap();
}
