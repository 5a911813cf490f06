//! The real binary: killed, stopped, and what it logs.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    binary::{TestServer, dev_command},
    client::{Came, TRANSPORTS, Tab, Transport},
};

const VERSION: &str = "api-version=2025-03-15";

async fn post(server: &TestServer, path: &str, token: Option<&str>, body: &Value) -> Value {
    let mut request = server
        .client
        .request(Method::POST, format!("{}{path}", server.http))
        .json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    answer.json().await.unwrap()
}

fn tab(server: &TestServer, token: &str) -> Tab {
    Tab {
        http: server.client.clone(),
        origin: server.http.trim_end_matches('/').to_owned(),
        token: token.to_owned(),
        epid: "a".to_owned(),
    }
}

async fn send(server: &TestServer, token: &str, thread: &str, text: &str) {
    let path = format!("chat/threads/{thread}/messages?{VERSION}");
    post(server, &path, Some(token), &json!({ "content": text })).await;
}

/// A server, a token, and a thread of it.
async fn begun(directory: &Path) -> (TestServer, String, String) {
    let mut command = dev_command(directory);
    command.env("OPENLINE_LOG__LEVEL", "trace");
    let server = TestServer::start(command);
    let signed_in = post(&server, "demo/token", None, &json!({ "name": "Ann" })).await;
    let token = signed_in["token"].as_str().unwrap().to_owned();
    let path = format!("chat/threads?{VERSION}");
    let created = post(&server, &path, Some(&token), &json!({ "topic": "t" })).await;
    let thread = created["chatThread"]["id"].as_str().unwrap().to_owned();
    (server, token, thread)
}

#[tokio::test]
async fn a_kill_loses_nothing() {
    for transport in TRANSPORTS {
        let directory = tempfile::tempdir().unwrap();
        let (mut server, token, thread) = begun(directory.path()).await;
        let mut client = tab(&server, &token).connect(transport).await;
        let mut sent = Vec::new();
        let mut got: Vec<String> = Vec::new();
        for round in 0..4 {
            for number in 0..5 {
                let text = format!("{round}.{number}");
                send(&server, &token, &thread, &text).await;
                sent.push(text);
            }
            // Some are answered, one is not, some were never read.
            for _ in 0..2 {
                got.push(client.text().await);
            }
            drop(client.request().await);
            server.kill();
            drop(server.ended());
            server = TestServer::dev(directory.path());
            client = tab(&server, &token).connect(transport).await;
        }
        while got.last() != sent.last() {
            got.push(client.text().await);
        }
        client.settle().await;
        // Once more only where the kill overtook the answer's way to the disk; in order always.
        for (number, text) in sent.iter().enumerate() {
            assert!(got.contains(text), "{number}: {text} of {got:?}");
        }
        let mut first = Vec::new();
        for text in &got {
            if !first.contains(text) {
                first.push(text.clone());
            }
        }
        assert_eq!(first, sent);
    }
}

#[tokio::test]
async fn a_stop_repeats_nothing_and_the_log_holds_no_secret() {
    for transport in TRANSPORTS {
        let directory = tempfile::tempdir().unwrap();
        let (server, token, thread) = begun(directory.path()).await;
        let first = tab(&server, &token);
        let allocation = first.allocate().await;
        let mut client = first.connect(transport).await;
        send(&server, &token, &thread, "a secret text").await;
        assert_eq!(client.text().await, "a secret text");
        send(&server, &token, &thread, "answered while it stops").await;
        let (id, _) = client.request().await;
        server.begin_stop();
        client.answer(id, 200).await;
        let code = client.next().await;
        let as_said = match transport {
            Transport::WebSocket => code == Came::End(Some(1012)),
            Transport::Polling => code == Came::End(None),
        };
        assert!(as_said, "{code:?}");
        let ended = server.ended();
        assert_eq!(ended.code, Some(0));
        let signature = allocation["connectparams"]["sig"].as_str().unwrap();
        let (_, signed) = token.rsplit_once('.').unwrap();
        for secret in [token.as_str(), signed, signature, &client.sid, "a secret text"] {
            assert!(!ended.stderr.contains(secret), "{secret} is in the log");
        }
        let server = TestServer::dev(directory.path());
        let mut client = tab(&server, &token).connect(transport).await;
        send(&server, &token, &thread, "next").await;
        assert_eq!(client.text().await, "next");
    }
}
