//! The session layer as calls know it: breaks, returns, grace periods, tabs that close.

use std::time::Duration;

use openline_call::{
    agent::{CallAgent, SessionChange},
    exchange::{EndpointRef, GoneReason},
};
use openline_protocol::{CallEndReason, EndpointId};

use super::{
    client::{ClientId, Socket, Upward},
    world::{Event, World, new_exchange, resource},
};

/// Grace period of the server.
const GRACE: Duration = Duration::from_secs(30);
/// After which a client takes its session for lost: the server has ended it by then.
const CLIENT_LIMIT: Duration = Duration::from_secs(56);

/// Each with the epoch it belongs to.
#[derive(Debug)]
pub(crate) enum SessionEvent {
    /// The server notices that the socket is dead.
    ServerNotices(u32),
    GraceOver(u32),
    ClientNotices(u32),
    ClientGivesUp(u32),
    /// The client has a socket again.
    Reconnected(u32),
    /// The grace period of a session that its client has given up is over.
    OrphanGone(EndpointId),
}

impl World {
    /// A new session.
    pub(crate) fn connect(&mut self, client: ClientId) {
        self.made += 1;
        let now = self.now();
        let endpoint_id = EndpointId::new(format!("endpoint-{}", self.made));
        let tab = &mut self.clients[client];
        tab.endpoint_id = Some(endpoint_id.clone());
        tab.socket = Socket::Up;
        tab.up.reset();
        tab.down.reset();
        self.exchange.endpoint_registered(
            EndpointRef {
                resource: resource(),
                raw_id: tab.raw_id.clone(),
                endpoint_id,
                display_name: None,
                may_start: tab.may_start,
            },
            now,
        );
        tab.agent.handle_session(
            SessionChange::Connected {
                resumed: false,
                level: self.level,
            },
            now,
        );
        self.carry_out();
    }

    /// The session is lost, and another is there at once, before the server has given up the former.
    pub(crate) fn connect_again(&mut self, client: ClientId) {
        let now = self.now();
        self.clients[client]
            .agent
            .handle_session(SessionChange::Lost, now);
        if let Some(endpoint_id) = self.clients[client].endpoint_id.take() {
            self.orphans.insert(endpoint_id.clone());
            self.schedule.after(
                GRACE,
                Event::Session(client, SessionEvent::OrphanGone(endpoint_id)),
            );
        }
        self.connect(client);
    }

    /// The network of a tab breaks: at once for its media, noticed later by server and client.
    pub(crate) fn cut(&mut self, client: ClientId) {
        let server = self.random.millis(0, 25_000);
        let own = self.random.millis(0, 25_000);
        self.cut_noticed(client, server, own);
    }

    /// The same, noticed after the given times.
    pub(crate) fn cut_noticed(&mut self, client: ClientId, server: Duration, own: Duration) {
        let tab = &mut self.clients[client];
        tab.network = false;
        tab.socket = Socket::Broken;
        tab.epoch += 1;
        tab.up.cut();
        tab.down.cut();
        let epoch = tab.epoch;
        self.schedule
            .after(server, Event::Session(client, SessionEvent::ServerNotices(epoch)));
        self.schedule
            .after(own, Event::Session(client, SessionEvent::ClientNotices(epoch)));
        self.schedule.after(
            CLIENT_LIMIT,
            Event::Session(client, SessionEvent::ClientGivesUp(epoch)),
        );
        self.look_at_media();
        self.carry_out();
    }

    /// The network is back; the client has a socket a moment later.
    pub(crate) fn restore(&mut self, client: ClientId) {
        let tab = &mut self.clients[client];
        if tab.network || !tab.tab_open {
            return;
        }
        tab.network = true;
        tab.epoch += 1;
        let epoch = tab.epoch;
        // The grace period that runs goes on to run, under its new number.
        let delay = self.random.millis(20, 800);
        self.schedule
            .after(delay, Event::Session(client, SessionEvent::Reconnected(epoch)));
        self.look_at_media();
        self.carry_out();
    }

    /// The tab closes and says so.
    pub(crate) fn close_tab(&mut self, client: ClientId) {
        let delay = self.delay(self.clients[client].up_delay);
        let now = self.now();
        let tab = &mut self.clients[client];
        tab.tab_open = false;
        tab.network = false;
        tab.agent = CallAgent::new();
        tab.connections.clear();
        tab.up.push(Upward::Bye, now, delay);
        if tab.socket == Socket::Broken {
            tab.epoch += 1;
            let epoch = tab.epoch;
            self.schedule
                .after(GRACE, Event::Session(client, SessionEvent::GraceOver(epoch)));
        }
        self.look_at_media();
        self.carry_out();
    }

    /// The browser dies without a word.
    pub(crate) fn crash(&mut self, client: ClientId) {
        self.clients[client].tab_open = false;
        self.clients[client].agent = CallAgent::new();
        self.clients[client].connections.clear();
        self.cut(client);
    }

    pub(crate) fn leave(&mut self, client: ClientId) {
        if let Some(endpoint_id) = self.clients[client].endpoint_id.take() {
            self.exchange.endpoint_gone(&endpoint_id, GoneReason::Left);
        }
    }

    /// The server refuses the token and there is no other; the tab may sign in again later, with a new session.
    pub(crate) fn refuse_token(&mut self, client: ClientId) {
        let now = self.now();
        self.cut_noticed(client, Duration::ZERO, CLIENT_LIMIT);
        let tab = &mut self.clients[client];
        tab.agent.handle_session(
            SessionChange::Closed {
                reason: CallEndReason::TOKEN_REFUSED,
            },
            now,
        );
        if let Some(endpoint_id) = tab.endpoint_id.take() {
            self.exchange.endpoint_interrupted(&endpoint_id);
            self.orphans.insert(endpoint_id.clone());
            self.schedule.after(
                GRACE,
                Event::Session(client, SessionEvent::OrphanGone(endpoint_id)),
            );
        }
        self.carry_out();
    }

    /// The server process is killed and started again: it knows no session any more, and clients come back with new
    /// ones, each in its time. Media goes on.
    pub(crate) fn kill_server(&mut self) {
        self.exchange = new_exchange();
        self.orphans.clear();
        for client in 0..self.clients.len() {
            self.clients[client].endpoint_id = None;
            self.lose_server(client);
        }
        self.carry_out();
    }

    /// The same, after what it had to say arrived everywhere: what it is told from then on is lost.
    pub(crate) fn restart_server(&mut self) {
        self.carry_out();
        let now = self.now();
        for client in self.clients.iter_mut().filter(|client| client.tab_open) {
            let far = now + Duration::from_secs(3_600);
            while let Some(notice) = client.down.take_due(far) {
                client.agent.handle_notice(notice, now);
            }
        }
        self.carry_out();
        self.kill_server();
    }

    fn lose_server(&mut self, client: ClientId) {
        let now = self.now();
        let back = self.random.millis(self.outage.0, self.outage.1);
        let tab = &mut self.clients[client];
        if tab.socket == Socket::Broken || !tab.tab_open {
            return;
        }
        tab.socket = Socket::Broken;
        tab.epoch += 1;
        tab.up.cut();
        tab.down.cut();
        let epoch = tab.epoch;
        tab.agent.handle_session(SessionChange::Interrupted, now);
        self.schedule
            .after(back, Event::Session(client, SessionEvent::Reconnected(epoch)));
    }

    pub(crate) fn on_session_event(&mut self, client: ClientId, event: SessionEvent) {
        let now = self.now();
        let tab = &mut self.clients[client];
        match event {
            SessionEvent::ServerNotices(epoch) if epoch == tab.epoch => {
                if let Some(endpoint_id) = &tab.endpoint_id {
                    self.exchange.endpoint_interrupted(endpoint_id);
                    self.schedule
                        .after(GRACE, Event::Session(client, SessionEvent::GraceOver(epoch)));
                }
            }
            SessionEvent::GraceOver(epoch) if tab.socket == Socket::Broken && epoch + 1 >= tab.epoch => {
                if let Some(endpoint_id) = tab.endpoint_id.take() {
                    self.exchange.endpoint_gone(&endpoint_id, GoneReason::GraceOver);
                }
            }
            SessionEvent::ClientNotices(epoch) if epoch == tab.epoch && tab.tab_open => {
                tab.agent.handle_session(SessionChange::Interrupted, now);
            }
            SessionEvent::ClientGivesUp(epoch) if epoch == tab.epoch && tab.tab_open => {
                tab.agent.handle_session(SessionChange::Lost, now);
            }
            SessionEvent::Reconnected(epoch) if epoch == tab.epoch && tab.tab_open => {
                self.on_reconnected(client)
            }
            SessionEvent::OrphanGone(endpoint_id) => {
                self.orphans.remove(&endpoint_id);
                self.exchange.endpoint_gone(&endpoint_id, GoneReason::GraceOver);
            }
            SessionEvent::ServerNotices(_)
            | SessionEvent::GraceOver(_)
            | SessionEvent::ClientNotices(_)
            | SessionEvent::ClientGivesUp(_)
            | SessionEvent::Reconnected(_) => {}
        }
    }

    fn on_reconnected(&mut self, client: ClientId) {
        let now = self.now();
        let Some(endpoint_id) = self.clients[client].endpoint_id.clone() else {
            self.clients[client]
                .agent
                .handle_session(SessionChange::Lost, now);
            return self.connect(client);
        };
        let delay = self.delay(None);
        let tab = &mut self.clients[client];
        tab.socket = Socket::Up;
        tab.up.resume(now, delay);
        tab.down.resume(now, delay);
        // The client may not have noticed the break before it noticed the return.
        tab.agent.handle_session(SessionChange::Interrupted, now);
        tab.agent.handle_session(
            SessionChange::Connected {
                resumed: true,
                level: self.level,
            },
            now,
        );
        self.exchange.endpoint_resumed(&endpoint_id, now);
        self.carry_out();
    }
}
