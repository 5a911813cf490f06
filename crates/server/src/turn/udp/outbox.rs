//! What a round is to send.

use std::{net::SocketAddr, ops::Range};

use openline_turn::Head;

use super::{
    super::{
        batch::{Arena, Arrived, Departing, send},
        metrics::Relayed,
    },
    Listener,
    allocations::Allocations,
};

/// The socket that sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Route {
    /// To clients.
    Listener(usize),
    /// To peers.
    Allocation(usize),
}

/// What is sent.
pub(super) enum Payload {
    /// Part of what arrived, to a peer.
    Slot(Arrived, Range<usize>),
    /// Part of what arrived, with something before it, to a client.
    Headed(Head, Arrived, Range<usize>),
    /// An answer.
    Owned(Vec<u8>),
}

struct Item {
    route: Route,
    to: SocketAddr,
    payload: Payload,
}

#[derive(Default)]
pub(super) struct Outbox {
    items: Vec<Item>,
}

impl Outbox {
    pub(super) fn push(&mut self, route: Route, to: SocketAddr, payload: Payload) {
        // An answer that could not be written is empty.
        if !matches!(&payload, Payload::Owned(answer) if answer.is_empty()) {
            self.items.push(Item { route, to, payload });
        }
    }

    /// Sends everything, in the order in which it came to each socket.
    pub(super) fn send(
        &mut self,
        arena: &Arena,
        listeners: &[Listener],
        allocations: &Allocations,
        relayed: &Relayed,
    ) {
        self.items.sort_by_key(|item| item.route);
        for items in self.items.chunk_by(|one, next| one.route == next.route) {
            let departing: Vec<_> = items.iter().map(|item| item.departing(arena)).collect();
            let (socket, way) = match items.first().map(|item| item.route) {
                Some(Route::Listener(index)) => (
                    listeners.get(index).map(|listener| &listener.socket),
                    &relayed.to_clients,
                ),
                Some(Route::Allocation(index)) => (
                    allocations.get(index).map(|allocated| &allocated.socket),
                    &relayed.to_peers,
                ),
                None => continue,
            };
            let lost = socket.map_or(departing.len(), |socket| send(socket, &departing));
            let (packets, bytes) = items
                .iter()
                .fold((0, 0), |(packets, bytes), item| match &item.payload {
                    Payload::Slot(_, range) | Payload::Headed(_, _, range) => {
                        (packets + 1, bytes + range.len())
                    }
                    Payload::Owned(_) => (packets, bytes),
                });
            way.sent(packets, bytes);
            way.dropped(lost);
        }
        self.items.clear();
    }
}

impl Item {
    fn departing<'a>(&'a self, arena: &'a Arena) -> Departing<'a> {
        let part = |arrived: &Arrived, range: &Range<usize>| {
            arena.datagram(*arrived).get(range.clone()).unwrap_or_default()
        };
        let parts: [&[u8]; 3] = match &self.payload {
            Payload::Slot(arrived, range) => [part(arrived, range), &[], &[]],
            Payload::Headed(head, arrived, range) => [head.bytes(), part(arrived, range), head.padding()],
            Payload::Owned(answer) => [answer, &[], &[]],
        };
        Departing { to: self.to, parts }
    }
}
