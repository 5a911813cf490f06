//! Files in S3 with the real binary: what an operator is told of a wrong key, and what a kill does not take away.

use std::{path::Path, process::Command};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    common::binary::{TestServer, dev_command},
    s3::{KEY_ID, S3Server, SECRET},
};

const VERSION: &str = "api-version=2025-03-15";

/// `openline-server dev` with its files in `s3`.
fn command(data_dir: &Path, s3: &S3Server) -> Command {
    let config = s3.config();
    let mut command = dev_command(data_dir);
    command
        .env("OPENLINE_ATTACHMENTS__S3__ENDPOINT", config.endpoint.unwrap())
        .env("OPENLINE_ATTACHMENTS__S3__BUCKET", config.bucket)
        .env("OPENLINE_ATTACHMENTS__S3__PREFIX", config.prefix)
        .env("OPENLINE_ATTACHMENTS__S3__ACCESS_KEY_ID", KEY_ID);
    command
}

/// Ann, and a thread of her own.
struct Ann {
    token: String,
    thread: String,
}

async fn ann(server: &TestServer) -> Ann {
    let signed_in = server.client.post(format!("{}demo/token", server.http));
    let signed_in = signed_in.json(&json!({"name": "Ann"})).send().await.unwrap();
    let signed_in: Value = signed_in.json().await.unwrap();
    let mut ann = Ann {
        token: signed_in["token"].as_str().unwrap().to_owned(),
        thread: String::new(),
    };
    let created = request(server, &ann, Method::POST, "chat/threads")
        .json(&json!({"topic": "Files"}))
        .send()
        .await
        .unwrap();
    let created: Value = created.json().await.unwrap();
    let id = created["chatThread"]["id"].as_str().unwrap();
    ann.thread = format!("chat/threads/{id}");
    ann
}

fn request(server: &TestServer, ann: &Ann, method: Method, path: &str) -> reqwest::RequestBuilder {
    let url = format!("{}{path}?{VERSION}", server.http);
    server.client.request(method, url).bearer_auth(&ann.token)
}

async fn upload(server: &TestServer, ann: &Ann, bytes: Vec<u8>) -> (StatusCode, Value) {
    let path = format!("{}/attachments", ann.thread);
    let answer = request(server, ann, Method::POST, &path).body(bytes).send();
    let answer = answer.await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_wrong_secret_is_told_in_the_log_which_has_neither_it_nor_the_right_one() {
    let s3 = S3Server::start().await;
    let directory = tempfile::tempdir().unwrap();
    let mut command = command(directory.path(), &s3);
    command.env("OPENLINE_ATTACHMENTS__S3__SECRET_ACCESS_KEY", "a-wrong-secret");
    let server = TestServer::start(command);
    let ann = ann(&server).await;
    let (status, body) = upload(&server, &ann, b"x".to_vec()).await;
    assert_eq!(
        (status.as_u16(), &body["error"]["code"]),
        (503, &json!("ServiceUnavailable"))
    );
    assert_eq!(server.get("health/ready").await.status(), 200, "chat goes on");
    let ended = server.stop_with("-TERM");
    assert_eq!(ended.code, Some(0));
    let log = ended.stderr;
    assert!(log.contains("the object store failed"), "{log}");
    assert!(log.contains("SignatureDoesNotMatch"), "{log}");
    for secret in ["a-wrong-secret", SECRET] {
        assert!(!log.contains(secret) && !body.to_string().contains(secret));
    }
    assert!(!body.to_string().contains("Signature"), "{body}");
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_kill_and_while_the_store_is_down_the_server_starts() {
    let s3 = S3Server::start().await;
    let directory = tempfile::tempdir().unwrap();
    let secret = directory.path().join("secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let start = || {
        let mut command = command(&directory.path().join("data"), &s3);
        command.env("OPENLINE_ATTACHMENTS__S3__SECRET_ACCESS_KEY_FILE", &secret);
        TestServer::start(command)
    };
    let server = start();
    let ann = ann(&server).await;
    let bytes = vec![7; 6_000_000];
    let (status, body) = upload(&server, &ann, bytes.clone()).await;
    assert_eq!(status, 201, "{body}");
    assert!(s3.objects().is_dir(), "it is under the prefix of the settings");
    assert!(s3.unfinished().is_empty());
    server.kill();
    server.ended();

    s3.go_down();
    let server = start();
    let path = format!("{}/attachments/{}", ann.thread, body["id"].as_str().unwrap());
    let download = || request(&server, &ann, Method::GET, &path).send();
    assert_eq!(download().await.unwrap().status(), 503);
    s3.come_back();
    let file = download().await.unwrap();
    assert_eq!(file.status(), 200);
    assert!(file.bytes().await.unwrap() == bytes);
}

#[tokio::test]
async fn what_is_not_signed_the_store_of_these_tests_refuses() {
    let s3 = S3Server::start().await;
    let config = s3.config();
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let url = format!("{}/{}/x", config.endpoint.unwrap(), config.bucket);
    let refused = reqwest::Client::new().put(url).body("x").send().await.unwrap();
    assert_eq!(refused.status(), 403);
}
