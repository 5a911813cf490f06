//! Clients with sockets.

use std::{
    io::{Read, Write},
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

use openline_turn::{
    frame_length,
    testing::{Reading, TestClient},
};

use crate::server::credentials;

/// Longer than any answer takes. Who waits for silence waits for something that is sent after it instead.
const PATIENCE: Duration = Duration::from_secs(20);

/// A way to a server.
pub(crate) trait Way {
    fn send(&mut self, bytes: &[u8]);
    fn receive(&mut self) -> Vec<u8>;
}

/// A socket of UDP, connected.
pub(crate) struct Datagrams(pub(crate) UdpSocket);

impl Datagrams {
    pub(crate) fn to(server: SocketAddr) -> Self {
        let socket = peer(server.is_ipv4());
        socket.connect(server).unwrap();
        Self(socket)
    }
}

impl Way for Datagrams {
    fn send(&mut self, bytes: &[u8]) {
        self.0.send(bytes).unwrap();
    }

    fn receive(&mut self) -> Vec<u8> {
        let mut bytes = [0; 4096];
        let length = self.0.recv(&mut bytes).unwrap();
        bytes[..length].to_vec()
    }
}

/// A stream: TCP or TLS.
pub(crate) struct Stream<S> {
    pub(crate) stream: S,
    inbox: Vec<u8>,
}

impl<S: Read + Write> Stream<S> {
    pub(crate) const fn new(stream: S) -> Self {
        Self {
            stream,
            inbox: Vec::new(),
        }
    }
}

impl<S: Read + Write> Way for Stream<S> {
    fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    fn receive(&mut self) -> Vec<u8> {
        loop {
            if let Some(length) = frame_length(&self.inbox)
                .unwrap()
                .filter(|length| *length <= self.inbox.len())
            {
                return self.inbox.drain(..length).collect();
            }
            let mut bytes = [0; 4096];
            let length = self.stream.read(&mut bytes).unwrap();
            assert!(length > 0, "the server closed");
            self.inbox.extend_from_slice(&bytes[..length]);
        }
    }
}

/// A client of a TURN server.
pub(crate) struct TurnClient<W> {
    pub(crate) way: W,
    pub(crate) test: TestClient,
}

impl<W: Way> TurnClient<W> {
    pub(crate) fn new(way: W, id: &str) -> Self {
        Self {
            way,
            test: TestClient::new(credentials(id)),
        }
    }

    pub(crate) fn ask(&mut self, request: &[u8]) -> Reading {
        self.way.send(request);
        let answer = self.way.receive();
        self.test.read(&answer)
    }

    /// Allocates, and returns the answer.
    pub(crate) fn allocate(&mut self, ipv6: bool) -> Reading {
        let request = self.test.allocate(ipv6);
        let challenge = self.ask(&request);
        assert_eq!(challenge.code, Some(401), "{challenge:?}");
        let request = self.test.allocate(ipv6);
        self.ask(&request)
    }

    /// With an allocation at the returned address.
    pub(crate) fn allocated(way: W, id: &str, ipv6: bool) -> (Self, SocketAddr) {
        let mut client = Self::new(way, id);
        let answer = client.allocate(ipv6);
        assert!(answer.success && answer.signed, "{answer:?}");
        (client, answer.relayed.unwrap())
    }

    pub(crate) fn permit(&mut self, peer: SocketAddr) {
        let request = self.test.create_permission(&[peer]);
        assert!(self.ask(&request).success);
    }

    pub(crate) fn bind(&mut self, number: u16, peer: SocketAddr) {
        let request = self.test.channel_bind(number, peer);
        assert!(self.ask(&request).success);
    }

    /// Sends to the peer by indication and takes what it answers.
    pub(crate) fn exchanges(&mut self, peer: &UdpSocket, relayed: SocketAddr) {
        let address = peer.local_addr().unwrap();
        let there = self.test.send(address, b"there");
        self.way.send(&there);
        let mut bytes = [0; 100];
        let (length, from) = peer.recv_from(&mut bytes).unwrap();
        assert_eq!((&bytes[..length], from), (&b"there"[..], relayed));
        peer.send_to(b"and back", relayed).unwrap();
        let back = self.way.receive();
        let back = self.test.read(&back);
        assert_eq!(
            (back.data, back.peer),
            (Some(b"and back".to_vec()), Some(address))
        );
    }

    /// The same over a channel.
    pub(crate) fn exchanges_on_channel(&mut self, number: u16, peer: &UdpSocket, relayed: SocketAddr) {
        self.way.send(&TestClient::channel_data(number, b"there"));
        let mut bytes = [0; 100];
        let (length, from) = peer.recv_from(&mut bytes).unwrap();
        assert_eq!((&bytes[..length], from), (&b"there"[..], relayed));
        peer.send_to(b"back", relayed).unwrap();
        assert_eq!(self.way.receive(), TestClient::channel_data(number, b"back"));
    }
}

/// A socket of this machine.
pub(crate) fn peer(v4: bool) -> UdpSocket {
    let socket = UdpSocket::bind(if v4 { "127.0.0.1:0" } else { "[::1]:0" }).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}
