//! TURN over UDP: one thread, which waits for all sockets at once.
//!
//! What arrives stays in its slot until it is sent on: a round takes from every socket that has something, then sends
//! everything, socket by socket.

mod allocations;
mod outbox;

use std::{io, net::UdpSocket, ops::Range, os::fd::AsRawFd as _, sync::Arc, time::Duration};

use mio::{Events, Interest, Poll, Token, Waker, unix::SourceFd};
use openline_protocol::Instant;
use openline_turn::{Action, AllocateRequest, Client, Now};

use self::{
    allocations::{Allocated, Allocations, ClientKey},
    outbox::{Outbox, Payload, Route},
};
use super::{
    Shared,
    batch::{Arena, Arrived, BATCH, PEER_BATCH},
    metrics::{Relayed, allocations, refused},
};

/// Batches that a round takes before it sends.
const BATCHES: usize = 4;

/// Sockets that are reported at once.
const EVENTS: usize = 256;

/// How often what has expired is closed.
const SWEEP: Duration = Duration::from_secs(1);

const STOP: Token = Token(usize::MAX);

/// The sockets of clients over UDP, and those of their allocations.
pub(super) struct UdpRelay {
    shared: Arc<Shared>,
    poll: Poll,
    listeners: Vec<Listener>,
    allocations: Allocations,
    arena: Arena,
    arrived: Vec<Arrived>,
    outbox: Outbox,
    /// Sockets that may have more than a round took: they are not reported again.
    unfinished: Vec<Token>,
    relayed: Relayed,
    swept: Instant,
}

pub(super) struct Listener {
    pub(super) socket: UdpSocket,
    v4: bool,
}

/// Ends the thread.
#[derive(Debug)]
pub(super) struct Stop(Waker);

impl Stop {
    pub(super) fn stop(&self) -> io::Result<()> {
        self.0.wake()
    }
}

/// Sockets that are waited for.
pub(super) struct UdpSockets {
    poll: Poll,
    listeners: Vec<Listener>,
}

impl UdpSockets {
    pub(super) fn new(sockets: Vec<UdpSocket>) -> io::Result<(Self, Stop)> {
        let poll = Poll::new()?;
        let stop = Stop(Waker::new(poll.registry(), STOP)?);
        let mut listeners = Vec::new();
        for (index, socket) in sockets.into_iter().enumerate() {
            let fd = socket.as_raw_fd();
            poll.registry()
                .register(&mut SourceFd(&fd), Token(index), Interest::READABLE)?;
            let v4 = socket.local_addr()?.is_ipv4();
            listeners.push(Listener { socket, v4 });
        }
        Ok((Self { poll, listeners }, stop))
    }
}

impl UdpRelay {
    /// To be called in its thread.
    pub(super) fn new(shared: Arc<Shared>, sockets: UdpSockets) -> Self {
        let swept = shared.now().instant;
        Self {
            shared,
            poll: sockets.poll,
            listeners: sockets.listeners,
            allocations: Allocations::default(),
            arena: Arena::new(BATCHES),
            arrived: Vec::new(),
            outbox: Outbox::default(),
            unfinished: Vec::new(),
            relayed: Relayed::new("udp"),
            swept,
        }
    }

    /// Serves until it is stopped.
    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        loop {
            let timeout = match (self.unfinished.is_empty(), self.allocations.is_empty()) {
                (false, _) => Some(Duration::ZERO),
                (true, false) => Some(SWEEP),
                (true, true) => None,
            };
            if let Err(error) = self.poll.poll(&mut events, timeout)
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "TURN over UDP has ended: the system does not wait for its sockets");
                return;
            }
            let now = self.shared.now();
            for token in std::mem::take(&mut self.unfinished) {
                self.readable(token, now);
            }
            for event in &events {
                if event.token() == STOP {
                    return;
                }
                self.readable(event.token(), now);
            }
            self.flush();
            self.sweep(now);
        }
    }

    fn readable(&mut self, token: Token, now: Now) {
        if !self.arena.has_room() {
            self.flush();
        }
        self.arrived.clear();
        let listeners = self.listeners.len();
        let received = match token.0.checked_sub(listeners) {
            None => match self.listeners.get(token.0) {
                Some(listener) => {
                    self.arena
                        .receive(&listener.socket, (listener.v4, BATCH), &mut self.arrived)
                }
                None => return,
            },
            Some(index) => match self.allocations.get(index) {
                Some(allocated) => self.arena.receive(
                    &allocated.socket,
                    (allocated.relayed.is_ipv4(), PEER_BATCH),
                    &mut self.arrived,
                ),
                // Closed since it was reported.
                None => return,
            },
        };
        // Whatever is wrong with a socket is reported with it again.
        if received.unwrap_or(false) && !self.unfinished.contains(&token) {
            self.unfinished.push(token);
        }
        let arrived = std::mem::take(&mut self.arrived);
        match token.0.checked_sub(listeners) {
            None => arrived
                .iter()
                .for_each(|arrived| self.on_client_datagram(token.0, *arrived, now)),
            Some(index) => arrived
                .iter()
                .for_each(|arrived| self.on_peer_datagram(index, *arrived, now.instant)),
        }
        self.arrived = arrived;
    }

    fn on_client_datagram(&mut self, listener: usize, arrived: Arrived, now: Now) {
        let key = ClientKey {
            listener,
            address: arrived.from,
        };
        let bytes = self.arena.datagram(arrived);
        let route = Route::Listener(listener);
        let Some(index) = self.allocations.find(key) else {
            let mut client = Client::new(arrived.from, false);
            match client.handle_message(&self.shared.relay, bytes, now) {
                Action::Allocate(request) => self.allocate(key, client, request, now),
                action @ (Action::Ignore
                | Action::OverRate
                | Action::Answer(_)
                | Action::Refuse(..)
                | Action::Send(..)
                | Action::Release(_)) => self.answer(route, arrived, action),
            }
            return;
        };
        let Some(allocated) = self.allocations.get_mut(index) else {
            return;
        };
        match allocated.client.handle_message(&self.shared.relay, bytes, now) {
            Action::Send(peer, range) => match self.allocations.find_relayed(peer) {
                Some(other) => self.pass(index, other, arrived, range, now.instant),
                None => self
                    .outbox
                    .push(Route::Allocation(index), peer, Payload::Slot(arrived, range)),
            },
            // An expired one was still there.
            Action::Allocate(request) => {
                self.close(index);
                self.allocate(key, Client::new(arrived.from, false), request, now);
            }
            Action::Release(answer) => {
                // The port is free once the client hears so.
                self.close(index);
                self.outbox.push(route, arrived.from, Payload::Owned(answer));
            }
            action @ (Action::Ignore | Action::OverRate | Action::Answer(_) | Action::Refuse(..)) => {
                self.answer(route, arrived, action);
            }
        }
    }

    fn answer(&mut self, route: Route, arrived: Arrived, action: Action) {
        match action {
            Action::Answer(answer) | Action::Release(answer) => {
                self.outbox.push(route, arrived.from, Payload::Owned(answer));
            }
            Action::Refuse(code, answer) => {
                refused(code);
                self.outbox.push(route, arrived.from, Payload::Owned(answer));
            }
            Action::OverRate => self.relayed.over_rate(),
            Action::Ignore | Action::Send(..) | Action::Allocate(_) => {}
        }
    }

    fn allocate(&mut self, key: ClientKey, mut client: Client, request: AllocateRequest, now: Now) {
        let route = Route::Listener(key.listener);
        let v4 = request.is_ipv4();
        let bound = self.shared.ports.bind(v4, request.even_port());
        let place = self.allocations.vacant();
        let token = Token(self.listeners.len() + place);
        let registered = bound.and_then(|(socket, public)| {
            let fd = socket.as_raw_fd();
            let registry = self.poll.registry();
            registry.register(&mut SourceFd(&fd), token, Interest::READABLE)?;
            Ok((socket, public))
        });
        let answer = match registered {
            Ok((socket, public)) => {
                let answer = client.allocated(&self.shared.relay, request, public, now.instant);
                self.allocations.insert(Allocated {
                    key,
                    client,
                    socket,
                    relayed: public,
                });
                allocations(self.shared.relay.allocations());
                answer
            }
            Err(error) => {
                tracing::warn!(%error, "no socket for a TURN allocation");
                refused(508);
                client.not_allocated(&request)
            }
        };
        self.outbox.push(route, key.address, Payload::Owned(answer));
    }

    /// From an allocation to another one of this thread: no socket is needed between the two, nor a router that lets
    /// this machine reach its public address.
    fn pass(&mut self, from: usize, to: usize, arrived: Arrived, range: Range<usize>, now: Instant) {
        let Some(relayed) = self.allocations.get(from).map(|allocated| allocated.relayed) else {
            return;
        };
        self.relayed.to_peers.sent(1, range.len());
        let Some(allocated) = self.allocations.get_mut(to) else {
            return;
        };
        if let Some(head) = allocated.client.handle_peer(relayed, range.len(), now) {
            let route = Route::Listener(allocated.key.listener);
            self.outbox.push(
                route,
                allocated.key.address,
                Payload::Headed(head, arrived, range),
            );
        }
    }

    fn on_peer_datagram(&mut self, index: usize, arrived: Arrived, now: Instant) {
        let Some(allocated) = self.allocations.get_mut(index) else {
            return;
        };
        if let Some(head) = allocated.client.handle_peer(arrived.from, arrived.length, now) {
            let route = Route::Listener(allocated.key.listener);
            let range = 0..arrived.length;
            self.outbox.push(
                route,
                allocated.key.address,
                Payload::Headed(head, arrived, range),
            );
        }
    }

    fn flush(&mut self) {
        self.send();
        self.arena.clear();
    }

    fn send(&mut self) {
        self.outbox
            .send(&self.arena, &self.listeners, &self.allocations, &self.relayed);
    }

    fn sweep(&mut self, now: Now) {
        if now.instant.saturating_duration_since(self.swept) < SWEEP {
            return;
        }
        self.swept = now.instant;
        for index in self.allocations.expired(now.instant) {
            self.close(index);
        }
        allocations(self.shared.relay.allocations());
    }

    /// What is to be sent from it goes before. What else has arrived stays where it is.
    fn close(&mut self, index: usize) {
        self.send();
        if let Some(allocated) = self.allocations.remove(index) {
            // Closing the socket would do, too.
            drop(
                self.poll
                    .registry()
                    .deregister(&mut SourceFd(&allocated.socket.as_raw_fd())),
            );
        }
        allocations(self.shared.relay.allocations());
    }
}
