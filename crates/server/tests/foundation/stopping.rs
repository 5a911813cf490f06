//! How the server stops.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use crate::common::binary::{TestServer, address, dev_command};

fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(end.as_bytes()) {
        assert_ne!(stream.read(&mut byte).unwrap(), 0, "closed before {end:?}");
        read.push(byte[0]);
    }
    String::from_utf8(read).unwrap()
}

#[test]
fn while_it_stops_nobody_is_let_in_and_who_is_in_is_answered() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(directory.path());
    dev.env("OPENLINE_SERVER__SHUTDOWN_TIMEOUT_S", "60");
    let server = TestServer::start(dev);
    let (plain, tls) = (address(&server.http), address(server.text("endpoint")));
    let body = r#"{"name":"Ann"}"#;
    let head = format!(
        "POST /demo/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut request = TcpStream::connect(&plain).unwrap();
    request.write_all(head.as_bytes()).unwrap();
    // Said once the body is asked for: the request is in flight.
    assert!(read_until(&mut request, "\r\n\r\n").starts_with("HTTP/1.1 100"));

    server.begin_stop();
    for listener in [&plain, &tls] {
        // The signal is handled in its own time.
        while TcpStream::connect(listener).is_ok() {}
    }
    request.write_all(body.as_bytes()).unwrap();
    let answer = read_until(&mut request, "\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.ended().code, Some(0));
}
