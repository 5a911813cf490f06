//! TURN over TCP and TLS.

use std::{
    io::{ErrorKind, Read as _},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use openline_turn::testing::TestClient;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use socket2::{Domain, Socket, Type};

use crate::{
    server::{LOOPBACK, TurnServer, write_certificate},
    wire::{Datagrams, Stream, TurnClient, Way, peer},
};

fn tcp(server: SocketAddr) -> Stream<TcpStream> {
    let stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    Stream::new(stream)
}

/// From another address of this machine.
fn tcp_from_elsewhere(server: SocketAddr) -> Stream<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket
        .bind(&SocketAddr::from(([127, 0, 0, 2], 0)).into())
        .unwrap();
    socket.connect(&server.into()).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    Stream::new(socket.into())
}

fn is_closed(connection: &mut Stream<TcpStream>) -> bool {
    let read = connection.stream.read(&mut [0]);
    read.map_or_else(
        |error| error.kind() == ErrorKind::ConnectionReset,
        |bytes| bytes == 0,
    )
}

fn tls(turn: &TurnServer) -> Stream<StreamOwned<ClientConnection, TcpStream>> {
    try_tls(turn).unwrap()
}

/// A connection, if the server has the certificate that is in its directory.
fn try_tls(turn: &TurnServer) -> std::io::Result<Stream<StreamOwned<ClientConnection, TcpStream>>> {
    let mut connection = tls_client(turn);
    let mut stream = tcp(turn.tls[0]).stream;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    Ok(Stream::new(StreamOwned::new(connection, stream)))
}

fn tls_client(turn: &TurnServer) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    let file = turn.directory.path().join("certificate.pem");
    roots.add(CertificateDer::from_pem_file(file).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    ClientConnection::new(Arc::new(config), name).unwrap()
}

fn relays<W: Way>(way: W) {
    let (mut client, relayed) = TurnClient::allocated(way, "alice", false);
    let peer = peer(true);
    client.permit(peer.local_addr().unwrap());
    client.exchanges(&peer, relayed);
    client.bind(0x4000, peer.local_addr().unwrap());
    client.exchanges_on_channel(0x4000, &peer, relayed);
    let request = client.test.refresh(0);
    assert!(client.ask(&request).success);
}

#[tokio::test]
async fn data_is_relayed_over_tcp_and_tls() {
    let turn = TurnServer::start(LOOPBACK);
    relays(tcp(turn.tcp[0]));
    relays(tls(&turn));
    assert_eq!(turn.metric("openline_turn_packets_total").await, 8.0);
}

#[tokio::test]
async fn a_certificate_that_is_read_again_holds_for_the_next_connection() {
    let turn = TurnServer::start(LOOPBACK);
    let (mut before, _) = TurnClient::allocated(tls(&turn), "alice", false);
    write_certificate(&turn.directory);
    turn.server.hang_up();
    // The signal is heard at some time: until then the new certificate is not the server's.
    while try_tls(&turn).is_err() {}
    let request = before.test.refresh(600);
    assert!(before.ask(&request).success, "the connection from before goes on");
}

#[tokio::test]
async fn messages_in_pieces_and_together_are_taken_alike() {
    let turn = TurnServer::start(LOOPBACK);
    let (mut client, relayed) = TurnClient::allocated(tcp(turn.tcp[0]), "alice", false);
    let peer = peer(true);
    client.bind(0x4000, peer.local_addr().unwrap());
    let together: Vec<u8> = (1..=30_u8)
        .flat_map(|length| TestClient::channel_data(0x4000, &vec![length; usize::from(length)]))
        .collect();
    for piece in together.chunks(7) {
        client.way.send(piece);
    }
    for length in 1..=30_u8 {
        let mut bytes = [0; 100];
        let (received, from) = peer.recv_from(&mut bytes).unwrap();
        assert_eq!(
            (&bytes[..received], from),
            (&vec![length; usize::from(length)][..], relayed)
        );
    }
}

#[tokio::test]
async fn an_allocation_ends_with_its_connection() {
    let turn = TurnServer::start(LOOPBACK);
    let (client, relayed) = TurnClient::allocated(tcp(turn.tcp[0]), "alice", false);
    drop(client);
    while std::net::UdpSocket::bind(relayed).is_err() {}
    // Another one's goes on.
    let (mut other, _) = TurnClient::allocated(Datagrams::to(turn.udp[0]), "bob", false);
    let request = other.test.refresh(600);
    assert!(other.ask(&request).success);
}

#[tokio::test]
async fn what_is_no_turn_is_closed_and_so_is_one_connection_too_many() {
    let turn = TurnServer::start("max_connections = 1\n");
    let mut bytes = Vec::new();
    for nonsense in [&b"\xff"[..], b"GET / HTTP/1.1\r\n\r\n", &[0x40, 0, 0xff, 0xff]] {
        let mut client = tcp(turn.tcp[0]);
        client.send(nonsense);
        assert!(client.stream.read_to_end(&mut bytes).is_ok() && bytes.is_empty());
    }
    let mut kept = loop {
        // The place of the last one is free once its task has ended.
        let mut client = TurnClient::new(tcp(turn.tcp[0]), "alice");
        let request = client.test.binding();
        client.way.send(&request);
        if client.way.stream.peek(&mut [0]).is_ok_and(|length| length > 0) {
            break client;
        }
    };
    let mut refused = tcp(turn.tcp[0]);
    assert!(
        !refused
            .stream
            .read_to_end(&mut bytes)
            .is_ok_and(|length| length > 0)
    );
    let answer = kept.way.receive();
    assert!(kept.test.read(&answer).success);
}

#[tokio::test]
async fn an_address_that_shows_no_credentials_leaves_the_others_their_places() {
    let limits = "max_connections = 8\nmax_unallocated_per_address = 3\nallocation_timeout_s = 60\n";
    let turn = TurnServer::start(limits);
    let mut kept: Vec<_> = (0..3).map(|_| tcp(turn.tcp[0])).collect();
    for _ in 0..20 {
        assert!(is_closed(&mut tcp(turn.tcp[0])));
    }
    let refused = "openline_turn_connections_refused_total";
    assert_eq!(turn.metric_with(refused, "limit=\"address\"").await, 20.0);
    let _elsewhere = TurnClient::allocated(tcp_from_elsewhere(turn.tcp[0]), "bob", false);
    // With an allocation it is its user's, whose allocations are limited.
    let _here = TurnClient::allocated(kept.remove(0), "alice", false);
    let _next = TurnClient::allocated(tcp(turn.tcp[0]), "alice", false);
    assert_eq!(turn.metric(refused).await, 20.0);
}

#[tokio::test]
async fn a_connection_that_asks_for_nothing_is_closed() {
    let turn = TurnServer::start("allocation_timeout_s = 1\n");
    for address in [turn.tcp[0], turn.tls[0]] {
        assert!(is_closed(&mut tcp(address)));
    }
}
