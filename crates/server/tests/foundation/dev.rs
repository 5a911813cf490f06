//! `openline-server dev`: the ready line, what stays across restarts, the end.

use reqwest::{Certificate, Method};
use serde_json::Value;

use crate::common::binary::{TestServer, command, dev_command, run_to_end};

#[tokio::test]
async fn the_ready_line_is_the_contract_and_all_of_standard_output() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    let fields: Vec<&String> = server.ready.as_object().unwrap().keys().collect();
    let mut expected = [
        "event",
        "endpoint",
        "http",
        "connectionString",
        "caCertificate",
        "turn",
    ];
    expected.sort_unstable();
    assert_eq!(fields, expected);
    assert_eq!(server.text("event"), "ready");
    let port = |name: &str, scheme: &str| -> u16 {
        let rest = server.text(name).strip_prefix(scheme).unwrap();
        rest.strip_prefix("://localhost:")
            .and_then(|rest| rest.strip_suffix('/'))
            .unwrap()
            .parse()
            .unwrap()
    };
    assert_ne!(port("endpoint", "https"), port("http", "http"));
    let turn = server.ready["turn"].as_array().unwrap();
    let schemes: Vec<_> = turn
        .iter()
        .map(|url| url.as_str().unwrap().split(':').next().unwrap())
        .collect();
    assert_eq!(schemes, ["stun", "turn", "turn", "turns"]);
    let prefix = format!("endpoint={};accesskey=", server.text("endpoint"));
    assert!(server.text("connectionString").starts_with(&prefix));
    assert!(!server.text("connectionString").ends_with(';'));
    assert!(std::path::Path::new(server.text("caCertificate")).is_file());

    assert_eq!(server.get("health/live").await.status(), 200);
    let ended = server.stop_with("-TERM");
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("stopped"), "{}", ended.stderr);
}

#[tokio::test]
async fn https_is_trusted_by_the_certificate_that_the_ready_line_names() {
    let directory = tempfile::tempdir().unwrap();
    let server = TestServer::dev(directory.path());
    let ca = std::fs::read(server.text("caCertificate")).unwrap();
    let ca = Certificate::from_pem(&ca).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([ca]).build().unwrap();
    let endpoint = server.text("endpoint");
    for address in [endpoint.to_owned(), endpoint.replace("localhost", "127.0.0.1")] {
        let answer = client.get(format!("{address}health/ready")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{address}");
    }
    let metrics = client
        .get(format!("{endpoint}metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for name in [
        "openline_http_requests_total",
        "openline_http_request_seconds_bucket",
        "openline_storage_commit_operations_bucket",
        "openline_connections",
    ] {
        assert!(metrics.contains(name), "{name} is missing in\n{metrics}");
    }
}

#[tokio::test]
async fn keys_certificates_and_tokens_survive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let first = TestServer::dev(directory.path());
    let key = first.key().to_owned();
    let ca = std::fs::read(first.text("caCertificate")).unwrap();
    let body = r#"{"createTokenWithScopes":["chat"]}"#;
    let created: Value = first
        .signed(&key, Method::POST, "/identities?api-version=2023-10-01", body)
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(first.stop_with("-INT").code, Some(0));

    let second = TestServer::dev(directory.path());
    assert_eq!(second.key(), key);
    assert_eq!(std::fs::read(second.text("caCertificate")).unwrap(), ca);
    let threads = second
        .client
        .get(format!("{}chat/threads?api-version=2025-03-15", second.http))
        .bearer_auth(created["accessToken"]["token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(threads.status(), 200);
}

#[tokio::test]
async fn a_relative_data_directory_is_named_in_full() {
    let directory = tempfile::tempdir().unwrap();
    let mut dev = dev_command(std::path::Path::new("data"));
    dev.current_dir(directory.path());
    let server = TestServer::start(dev);
    let ca = directory.path().canonicalize().unwrap().join("data/ca.pem");
    assert_eq!(std::path::Path::new(server.text("caCertificate")), ca);
}

#[tokio::test]
async fn a_data_directory_in_use_is_one_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let _server = TestServer::dev(directory.path());
    let second = run_to_end(dev_command(directory.path()));
    assert_eq!(second.code, Some(1));
    assert_eq!(second.stdout, "");
    let expected = format!(
        "error: the data directory {} is used by another running server\n",
        directory.path().display()
    );
    assert_eq!(second.stderr, expected);
}

#[tokio::test]
async fn a_port_in_use_is_one_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let mut dev = command(["dev", "--https-port", "0", "--http-port", &port, "--data-dir"]);
    dev.arg(directory.path());
    let ended = run_to_end(dev);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.starts_with(&format!(
            "error: cannot listen on 127.0.0.1:{port} (--http-port): "
        )),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn no_secret_is_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = dev_command(directory.path());
    command
        .env("OPENLINE_LOG__LEVEL", "trace")
        .env("OPENLINE_LOG__FORMAT", "json");
    let server = TestServer::start(command);
    let key = server.key().to_owned();
    let body = r#"{"createTokenWithScopes":["chat"]}"#;
    let target = "/identities?api-version=2023-10-01";
    let created: Value = server
        .signed(&key, Method::POST, target, body)
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = created["accessToken"]["token"].as_str().unwrap().to_owned();
    let raw_id = created["identity"]["id"].as_str().unwrap().to_owned();
    server
        .client
        .get(format!(
            "{}chat/threads?api-version=2025-03-15&secret=in-the-query",
            server.http
        ))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    let ended = server.stop_with("-TERM");
    for secret in [
        key.as_str(),
        &token,
        token.rsplit('.').next().unwrap(),
        &raw_id,
        "in-the-query",
    ] {
        assert!(!ended.stderr.contains(secret), "{secret}\n{}", ended.stderr);
    }
    assert!(ended.stderr.contains("/chat/threads"), "{}", ended.stderr);
}
