//! The relayed socket of a connection.

use std::{cell::RefCell, io, net::SocketAddr, ops::Range};

use openline_turn::{AllocateRequest, Client};
use tokio::{io::Interest, net::UdpSocket};

use super::super::{
    Shared,
    batch::{Arena, Arrived, Departing, PEER_BATCH, send},
};

thread_local! {
    /// Where a worker takes datagrams in: each is done with before it takes others.
    static ARENA: RefCell<(Arena, Vec<Arrived>)> = RefCell::new((Arena::new(1), Vec::new()));
}

/// The socket of an allocation.
pub(super) struct RelayedSocket {
    socket: UdpSocket,
    v4: bool,
}

impl RelayedSocket {
    /// A socket for an allocation, and how peers reach it.
    pub(super) fn bind(shared: &Shared, request: &AllocateRequest) -> io::Result<(Self, SocketAddr)> {
        let v4 = request.is_ipv4();
        let (socket, public) = shared.ports.bind(v4, request.even_port())?;
        let socket = UdpSocket::from_std(socket)?;
        Ok((Self { socket, v4 }, public))
    }

    /// Sends parts of `bytes` to peers. Returns how many were lost.
    pub(super) fn send(&self, bytes: &[u8], parts: &[(SocketAddr, Range<usize>)]) -> usize {
        let departing: Vec<_> = parts
            .iter()
            .map(|(to, range)| Departing {
                to: *to,
                parts: [bytes.get(range.clone()).unwrap_or_default(), &[], &[]],
            })
            .collect();
        send(&self.socket, &departing)
    }

    /// Waits for datagrams of peers and writes what the client gets of them behind `outbox`. Returns how many, and
    /// how long they were.
    pub(super) async fn receive(
        &self,
        client: &mut Client,
        shared: &Shared,
        outbox: &mut Vec<u8>,
    ) -> io::Result<(usize, usize)> {
        loop {
            self.socket.readable().await?;
            let mut forwarded = None;
            let received = self.socket.try_io(Interest::READABLE, || {
                ARENA.with_borrow_mut(|(arena, arrived)| {
                    arena.clear();
                    arrived.clear();
                    let more = arena.receive(&self.socket, (self.v4, PEER_BATCH), arrived)?;
                    if !arrived.is_empty() {
                        forwarded = Some(forward(arena, arrived, client, shared, outbox));
                    }
                    // There is no need to ask again: the system has said that this is all.
                    if more {
                        Ok(())
                    } else {
                        Err(io::ErrorKind::WouldBlock.into())
                    }
                })
            });
            match received {
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                Ok(()) | Err(_) => {}
            }
            if let Some(forwarded) = forwarded {
                return Ok(forwarded);
            }
        }
    }
}

fn forward(
    arena: &Arena,
    arrived: &[Arrived],
    client: &mut Client,
    shared: &Shared,
    outbox: &mut Vec<u8>,
) -> (usize, usize) {
    let now = shared.clock.monotonic();
    let (mut packets, mut bytes) = (0, 0);
    for arrived in arrived {
        if let Some(head) = client.handle_peer(arrived.from, arrived.length, now) {
            outbox.extend_from_slice(head.bytes());
            outbox.extend_from_slice(arena.datagram(*arrived));
            outbox.extend_from_slice(head.padding());
            packets += 1;
            bytes += arrived.length;
        }
    }
    (packets, bytes)
}
