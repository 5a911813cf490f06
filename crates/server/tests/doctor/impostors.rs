//! What stands in the server's place, and says something else or nothing.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
};

use crate::examination::{Examination, IMPATIENT, PATIENT};

/// Takes connections for as long as the test runs, does this to each, and keeps them.
fn listener(serve: fn(&mut TcpStream) -> io::Result<()>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Who asked may be gone already.
            drop(serve(&mut stream));
            kept.push(stream);
        }
    });
    address
}

fn examined(endpoint: &str, patience: [&str; 2]) -> Examination {
    Examination::run([&[endpoint], &patience[..]].concat())
}

#[test]
fn a_server_that_is_down_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let examination = examined(&format!("https://{address}"), PATIENT);
    examination.assert_failed("tcp", "nothing listens on this port");
    assert_eq!(examination.status("session"), "skipped");
}

#[test]
fn a_name_that_is_not_found_is_told() {
    examined("https://no-such-host.invalid", PATIENT).assert_failed("names", "no-such-host.invalid");
}

#[test]
fn a_listener_that_sends_something_else_is_told() {
    let address = listener(|stream| stream.write_all(b"220 mail.example.org ESMTP\r\n"));
    examined(&format!("https://{address}"), PATIENT).assert_failed("tls", "does not speak TLS");
    examined(&format!("http://{address}"), PATIENT).assert_failed("health", "does not speak HTTP");
}

#[test]
fn a_listener_that_never_answers_does_not_hold_it_up() {
    let address = listener(|_stream| Ok(()));
    examined(&format!("https://{address}"), IMPATIENT).assert_failed("tls", "no answer");
    examined(&format!("http://{address}"), IMPATIENT).assert_failed("health", "no answer");
}

#[test]
fn another_web_server_is_told() {
    let address = listener(|stream| {
        stream.read_exact(&mut [0; 16])?;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")
    });
    let examination = examined(&format!("http://{address}"), PATIENT);
    examination.assert_failed("health", "it is not the server that answers");
}
