//! Many connections, and nonsense.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use crate::common::binary::{TestServer, address, dev_command};

fn connect(server: &TestServer) -> TcpStream {
    TcpStream::connect(address(&server.http)).unwrap()
}

/// Sends a request and reads the head of its answer; empty if the server closed the connection instead.
fn ask(stream: &mut TcpStream) -> String {
    // The server may have closed it already.
    drop(stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"));
    let mut buffer = [0; 2048];
    let read = stream.read(&mut buffer).unwrap_or(0);
    String::from_utf8_lossy(&buffer[..read]).into_owned()
}

#[tokio::test]
async fn a_connection_over_the_limit_is_closed_and_a_freed_place_is_given_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(directory.path());
    dev.env("OPENLINE_LIMITS__MAX_CONNECTIONS", "2");
    let server = TestServer::start(dev);
    let (mut first, mut second) = (connect(&server), connect(&server));
    assert!(ask(&mut first).starts_with("HTTP/1.1 200"));
    assert!(ask(&mut second).starts_with("HTTP/1.1 200"));
    assert_eq!(ask(&mut connect(&server)), "");
    drop(first);
    // The server learns of the closing in its own time.
    while ask(&mut connect(&server)).is_empty() {}
    assert!(ask(&mut second).starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn who_is_refused_in_the_middle_of_a_body_learns_why() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    let mut stream = connect(&server);
    let size = 64 * 1024 * 1024;
    let head = format!("POST /demo/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: {size}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let piece = vec![b'x'; 1024 * 1024];
    for _ in 0..64 {
        stream.write_all(&piece).unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn nonsense_on_either_port_harms_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    for endpoint in [server.http.as_str(), server.text("endpoint")] {
        let mut stream = TcpStream::connect(address(endpoint)).unwrap();
        stream.write_all(&[0xff; 4096]).unwrap();
        let mut answer = Vec::new();
        // Closed, with or without a complaint.
        drop(stream.read_to_end(&mut answer));
    }
    assert_eq!(server.get("health/ready").await.status(), 200);
}
