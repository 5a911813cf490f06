//! Connections that do nothing: each is closed, so that strangers cannot keep the places.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};

use crate::common::binary::{TestServer, address, dev_command};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const REQUEST: &[u8] = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
/// An HTTP/2 SETTINGS frame without settings.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

/// More than the buffers of both ends hold.
const LARGE: usize = 256 * 1024 * 1024;

/// A server with short time limits and three places.
fn impatient(data_dir: &std::path::Path) -> TestServer {
    let mut dev = dev_command(data_dir);
    dev.env("OPENLINE_LIMITS__MAX_CONNECTIONS", "3")
        .env("OPENLINE_LIMITS__OPENING_TIMEOUT_S", "1")
        .env("OPENLINE_LIMITS__HEADER_TIMEOUT_S", "1")
        .env("OPENLINE_LIMITS__SEND_TIMEOUT_S", "1");
    TestServer::start(dev)
}

fn plain(server: &TestServer) -> TcpStream {
    TcpStream::connect(address(&server.http)).unwrap()
}

fn tls_client(server: &TestServer, alpn: &[u8]) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(server.text("caCertificate")).unwrap())
        .unwrap();
    let mut config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap()
}

/// A connection whose handshake is done; an error if there was no place.
fn tls(server: &TestServer, alpn: &[u8]) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut client = tls_client(server, alpn);
    let mut stream = TcpStream::connect(address(server.text("endpoint")))?;
    while client.is_handshaking() {
        client.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(client, stream))
}

/// Begins a handshake and sends half of its first message.
fn half_of_a_handshake(server: &TestServer) -> io::Result<TcpStream> {
    let mut hello = Vec::new();
    tls_client(server, b"h2").write_tls(&mut hello)?;
    let mut stream = TcpStream::connect(address(server.text("endpoint")))?;
    stream.write_all(&hello[..hello.len() / 2])?;
    Ok(stream)
}

/// Waits until the server closes the connection. Returns what it said before.
fn closed(mut stream: impl Read) -> Vec<u8> {
    let mut said = Vec::new();
    // Closed in an orderly way or not.
    drop(stream.read_to_end(&mut said));
    said
}

/// Connects once there is a place: that of who was here before is free in its own time.
fn connected<S>(connect: impl Fn() -> io::Result<S>) -> S {
    loop {
        if let Ok(stream) = connect() {
            return stream;
        }
    }
}

/// Holds three connections, which is all there are, until the server closes each; then somebody else is answered.
fn is_closed_and_gives_its_place_back<S: Read>(server: &TestServer, connect: impl Fn() -> io::Result<S>) {
    let streams = [connected(&connect), connected(&connect), connected(&connect)];
    for stream in streams {
        closed(stream);
    }
    // The place is free a moment after the client sees the end.
    while closed_answer(server).is_empty() {}
}

/// What a client that asks for one thing is told; nothing if there was no place.
fn closed_answer(server: &TestServer) -> Vec<u8> {
    let mut stream = plain(server);
    drop(stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"));
    closed(stream)
}

#[test]
fn a_connection_that_does_not_say_what_it_speaks_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let server = impatient(directory.path());
    let begun: [&[u8]; 3] = [b"", b"P", &PREFACE[..12]];
    for bytes in begun {
        is_closed_and_gives_its_place_back(&server, || {
            let mut stream = plain(&server);
            stream.write_all(bytes)?;
            Ok(stream)
        });
        is_closed_and_gives_its_place_back(&server, || {
            let mut stream = tls(&server, b"http/1.1")?;
            stream.write_all(bytes)?;
            Ok(stream)
        });
    }
}

#[test]
fn a_handshake_that_does_not_go_on_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let server = impatient(directory.path());
    is_closed_and_gives_its_place_back(&server, || TcpStream::connect(address(server.text("endpoint"))));
    is_closed_and_gives_its_place_back(&server, || half_of_a_handshake(&server));
}

#[test]
fn half_of_a_request_s_head_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let server = impatient(directory.path());
    is_closed_and_gives_its_place_back(&server, || {
        let mut stream = plain(&server);
        stream.write_all(&REQUEST[..30])?;
        Ok(stream)
    });
}

#[test]
fn a_connection_that_is_idle_after_a_request_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let server = impatient(directory.path());
    is_closed_and_gives_its_place_back(&server, || {
        let mut stream = plain(&server);
        stream.write_all(REQUEST)?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        assert_eq!(&answer, b"HTTP/1.1 200");
        Ok(stream)
    });
}

#[test]
fn an_http_2_connection_that_does_not_answer_pings_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let server = impatient(directory.path());
    for begun in [PREFACE.to_vec(), [PREFACE, SETTINGS].concat()] {
        is_closed_and_gives_its_place_back(&server, || {
            let mut stream = plain(&server);
            stream.write_all(&begun)?;
            Ok(stream)
        });
        is_closed_and_gives_its_place_back(&server, || {
            let mut stream = tls(&server, b"h2")?;
            stream.write_all(&begun)?;
            Ok(stream)
        });
    }
}

#[test]
fn a_client_that_does_not_read_its_answer_loses_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("www");
    std::fs::create_dir(&page).unwrap();
    let file = std::fs::File::create(page.join("large.bin")).unwrap();
    file.set_len(LARGE as u64).unwrap();
    let mut dev = dev_command(&directory.path().join("data"));
    dev.arg("--www")
        .arg(&page)
        .env("OPENLINE_LIMITS__MAX_CONNECTIONS", "1")
        .env("OPENLINE_LIMITS__SEND_TIMEOUT_S", "1");
    let server = TestServer::start(dev);
    loses_its_only_place(&server, || Ok(plain(&server)));
    loses_its_only_place(&server, || tls(&server, b"http/1.1"));
}

fn loses_its_only_place<S: Read + Write>(server: &TestServer, connect: impl Fn() -> io::Result<S>) {
    let stream = connected(|| {
        let mut stream = connect()?;
        stream.write_all(b"GET /large.bin HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        stream.flush()?;
        stream.read_exact(&mut [0; 12])?;
        Ok(stream)
    });
    while closed_answer(server).is_empty() {}
    // What had been sent by then is all that comes.
    assert!(closed(stream).len() < LARGE);
}

#[test]
fn a_client_with_half_a_handshake_does_not_hold_up_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(directory.path());
    dev.env("OPENLINE_LIMITS__OPENING_TIMEOUT_S", "300")
        .env("OPENLINE_SERVER__SHUTDOWN_TIMEOUT_S", "600");
    let server = TestServer::start(dev);
    let (half, silent) = (
        half_of_a_handshake(&server).unwrap(),
        tls(&server, b"h2").unwrap(),
    );
    assert_eq!(server.stop_with("-TERM").code, Some(0));
    assert_eq!(closed(half).len() + closed(silent).len(), 0);
}
