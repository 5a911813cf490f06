//! What was answered is on disk.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};

use crate::common::binary::TestServer;

/// Clients that write at the same time, so that writes share commits.
const CLIENTS: usize = 16;

/// Acknowledged writes after which the server is killed.
const KILL_AFTER: usize = 300;

#[tokio::test]
async fn identities_that_were_acknowledged_survive_kill_9() {
    let directory = tempfile::tempdir().unwrap();
    let server = Arc::new(TestServer::dev(directory.path()));
    let key: Arc<str> = server.key().into();
    let (acknowledge, mut acknowledged) = mpsc::unbounded_channel();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (server, key, acknowledge) = (Arc::clone(&server), Arc::clone(&key), acknowledge.clone());
        clients.spawn(async move {
            let target = "/identities?api-version=2023-10-01";
            // Until the server is gone.
            while let Ok(answer) = server.signed(&key, Method::POST, target, "").await {
                let Ok(created) = answer.json::<Value>().await else {
                    break;
                };
                let Some(raw_id) = created["identity"]["id"].as_str() else {
                    break;
                };
                acknowledge.send(raw_id.to_owned()).unwrap();
            }
        });
    }
    drop(acknowledge);
    let mut raw_ids = Vec::new();
    while raw_ids.len() < KILL_AFTER {
        raw_ids.push(
            acknowledged
                .recv()
                .await
                .expect("the clients go on until the server is killed"),
        );
    }
    server.kill();
    while clients.join_next().await.is_some() {}
    while let Some(raw_id) = acknowledged.recv().await {
        raw_ids.push(raw_id);
    }

    let restarted = TestServer::dev(directory.path());
    for raw_id in raw_ids {
        let target = format!("/identities/{raw_id}/:issueAccessToken?api-version=2023-10-01");
        let issued = restarted
            .signed(&key, Method::POST, &target, r#"{"scopes":["chat"]}"#)
            .await
            .unwrap();
        assert_eq!(issued.status(), 200, "{raw_id} is lost");
    }
}
