//! What an orchestrator is told while nothing can be written.

use reqwest::StatusCode;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};

use crate::common::binary::{TestServer, after_shell, dev_command};

/// How large a file the server may write: what lies beyond fails, as on a disk that is full.
fn limit_files(server: &TestServer, bytes: Option<u64>) {
    let pid = Pid::from_raw(server.pid().cast_signed());
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(pid, Resource::Fsize, limit).unwrap();
}

async fn sign_in(server: &TestServer) -> (StatusCode, Option<u64>) {
    let body = json!({ "name": "Ann" });
    let request = server.client.post(format!("{}demo/token", server.http));
    let answer = request.json(&body).send().await.unwrap();
    let retry_after = answer.headers().get("retry-after");
    let seconds = retry_after.map(|value| value.to_str().unwrap().parse().unwrap());
    (answer.status(), seconds)
}

async fn ready(server: &TestServer) -> (StatusCode, Value) {
    let answer = server.get("health/ready").await;
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn the_server_is_not_ready_from_a_failed_commit_until_storage_can_commit_again() {
    let directory = tempfile::tempdir().unwrap();
    // Otherwise the signal that comes with a write over the limit would end the server.
    let dev = after_shell("trap '' XFSZ", &dev_command(directory.path()));
    let server = TestServer::start(dev);
    assert_eq!(ready(&server).await.0, 200);
    limit_files(&server, Some(0));
    for _ in 0..2 {
        assert_eq!(sign_in(&server).await, (StatusCode::SERVICE_UNAVAILABLE, Some(1)));
        let (status, body) = ready(&server).await;
        assert_eq!(
            (status.as_u16(), body["error"]["code"].as_str()),
            (503, Some("ServiceUnavailable"))
        );
        assert_eq!(server.get("health/live").await.status(), 200);
    }
    limit_files(&server, None);
    // Nobody wrote in between: that it is ready again is found out by asking.
    assert_eq!(ready(&server).await.0, 200);
    assert_eq!(sign_in(&server).await, (StatusCode::OK, None));
    assert_eq!(ready(&server).await.0, 200);
}
