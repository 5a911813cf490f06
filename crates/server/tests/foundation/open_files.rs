//! The system's limit of open files.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
};

use crate::common::binary::{TestServer, address, after_shell, dev_command};

/// The server below a limit of open files that the shell sets.
fn limited(data_dir: &Path, ulimit: &str) -> TestServer {
    TestServer::start(after_shell(ulimit, &dev_command(data_dir)))
}

/// Asks for something and keeps the connection. `None` if the server closed it instead.
fn answered(server: &TestServer, request: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address(&server.http)).unwrap();
    stream.write_all(request.as_bytes()).ok()?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).ok()?;
    assert_eq!(&status, b"HTTP/1.1 200");
    Some(stream)
}

const ASK: &str = "GET /health/ready HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[cfg(target_os = "linux")]
#[test]
fn the_limit_of_open_files_is_raised() {
    let directory = tempfile::tempdir().unwrap();
    let server = limited(directory.path(), "ulimit -Sn 64");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let open_files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    let [soft, hard] = [3, 4].map(|column| open_files.split_whitespace().nth(column).unwrap());
    assert_eq!(soft, hard);
    assert_ne!(hard, "64", "this machine's own limit is too low for the test");
}

#[test]
fn where_it_cannot_be_raised_fewer_connections_are_let_in_and_the_log_says_so() {
    let directory = tempfile::tempdir().unwrap();
    // A half is for the rest, and the others are shared as the settings have it: 10,000 to 2,000 to 4,000.
    let server = limited(directory.path(), "ulimit -n 128");
    let streams: Vec<TcpStream> = (0..40).map(|_| answered(&server, ASK).unwrap()).collect();
    assert!(answered(&server, ASK).is_none());
    // Those who are in are served, from the database too.
    let mut last = streams.last().unwrap();
    let body = r#"{"name":"Ann"}"#;
    let request = format!(
        "POST /demo/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    last.write_all(request.as_bytes()).unwrap();
    let mut rest = String::new();
    last.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("HTTP/1.1 200"), "{rest}");
    let log = server.stop_with("-TERM").stderr;
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("LimitNOFILE")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    for part in [
        "WARN",
        "open_files=128",
        "needed=16128",
        "limits.max_connections=40",
        "turn.max_connections=8",
        "turn.max_allocations=16",
    ] {
        assert!(warnings[0].contains(part), "{part}: {}", warnings[0]);
    }
}
