//! `openline-server serve` and `resource`.

use std::path::Path;

use openline_server::storage::sqlite;
use reqwest::Method;
use serde_json::Value;

use crate::common::binary::{Ended, TestServer, command, dev_command, run_to_end};

fn config_in(directory: &Path) -> std::path::PathBuf {
    let file = directory.join("openline.toml");
    let data_dir = directory.join("data");
    let toml = format!(
        "[server]\npublic_endpoint = \"https://openline.example.org\"\nhttp_bind = \"127.0.0.1:0\"\n\
         data_dir = \"{}\"\nallowed_origins = [\"https://app.example.org\"]\n[log]\nformat = \"json\"\n",
        data_dir.display()
    );
    std::fs::write(&file, toml).unwrap();
    file
}

fn serve(config: &Path) -> TestServer {
    let mut serve = command(["serve", "--config"]);
    serve.arg(config);
    TestServer::start(serve)
}

fn resource(config: &Path, arguments: &[&str]) -> Ended {
    let mut resource = command(["resource"]);
    resource.args(arguments).arg("--config").arg(config);
    run_to_end(resource)
}

#[tokio::test]
async fn a_resource_that_is_created_beside_a_running_server_works_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let config = config_in(directory.path());
    let server = serve(&config);
    assert_eq!(server.text("endpoint"), "https://openline.example.org/");

    let created = resource(&config, &["create", "shop"]);
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    let created: Value = serde_json::from_str(&created.stdout).unwrap();
    let string = created["connectionString"].as_str().unwrap();
    let (endpoint, key) = string.split_once(";accesskey=").unwrap();
    assert_eq!(endpoint, "endpoint=https://openline.example.org/");
    let target = "/identities?api-version=2023-10-01";
    // The server reads its resources again at most every two seconds; it did when it started.
    let status = loop {
        let status = server
            .signed(key, Method::POST, target, "")
            .await
            .unwrap()
            .status();
        if status != 401 {
            break status;
        }
    };
    assert_eq!(status, 201);

    let again = resource(&config, &["create", "shop"]);
    assert_eq!(again.code, Some(1));
    assert!(
        again.stderr.contains("there is a resource of this name already"),
        "{}",
        again.stderr
    );
    let invalid = resource(&config, &["create", "a shop"]);
    assert_eq!(invalid.code, Some(1));
    assert!(invalid.stderr.contains("letters, digits"), "{}", invalid.stderr);
}

#[tokio::test]
async fn a_list_shows_no_keys_and_keys_shows_both() {
    let directory = tempfile::tempdir().unwrap();
    let config = config_in(directory.path());
    let created: Value = serde_json::from_str(&resource(&config, &["create", "shop"]).stdout).unwrap();
    resource(&config, &["create", "bank"]);
    let listed = resource(&config, &["list"]).stdout;
    assert!(!listed.contains("accesskey"));
    let lines: Vec<Value> = listed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["name"], "bank");
    assert_eq!(lines[1]["resourceId"], created["resourceId"]);
    let keys: Value = serde_json::from_str(&resource(&config, &["keys", "shop"]).stdout).unwrap();
    assert_eq!(keys, created);
    assert_ne!(keys["connectionString"], keys["secondaryConnectionString"]);
    let unknown = resource(&config, &["keys", "nothing"]);
    assert_eq!(unknown.code, Some(1));
    assert!(
        unknown.stderr.contains("there is no resource named nothing"),
        "{}",
        unknown.stderr
    );
}

#[tokio::test]
async fn the_sample_s_identity_service_is_off() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve(&config_in(directory.path()));
    assert_eq!(server.get("demo/people").await.status(), 404);
    let token = server
        .client
        .post(format!("{}demo/token", server.http))
        .body(r#"{"name":"Ann"}"#);
    assert_eq!(token.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn logs_are_json_and_stopping_is_orderly() {
    let directory = tempfile::tempdir().unwrap();
    let server = serve(&config_in(directory.path()));
    let answer = server.get("nothing/here").await;
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    drop(answer);
    let ended = server.stop_with("-TERM");
    assert_eq!(ended.code, Some(0));
    let lines: Vec<Value> = ended
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answered = lines
        .iter()
        .find(|line| line["span"]["request_id"] == id.as_str())
        .unwrap();
    assert_eq!(answered["status"], 404);
    assert_eq!(answered["code"], "NotFound");
    assert_eq!(lines.last().unwrap()["message"], "stopped");
    // The log was folded into the file, and the file opens.
    let storage = sqlite::open(&directory.path().join("data/openline.db"))
        .await
        .unwrap();
    storage.close().await;
}

#[tokio::test]
async fn https_uses_the_certificate_files_and_reads_them_again_on_sighup() {
    let directory = tempfile::tempdir().unwrap();
    // Two authorities, each with a certificate for localhost: what dev mode makes.
    let [first, second] = ["first", "second"].map(|name| {
        let data_dir = directory.path().join(name);
        drop(TestServer::start(dev_command(&data_dir)));
        data_dir
    });
    let live = directory.path().join("live");
    std::fs::create_dir(&live).unwrap();
    let install = |from: &Path| {
        for file in ["server.pem", "server-key.pem"] {
            std::fs::copy(from.join(file), live.join(file)).unwrap();
        }
    };
    install(&first);
    let mut serve = command(["serve", "--config"]);
    serve
        .arg(config_in(directory.path()))
        .env("OPENLINE_SERVER__HTTPS_BIND", "127.0.0.1:0")
        .env("OPENLINE_SERVER__CERTIFICATE", live.join("server.pem"))
        .env("OPENLINE_SERVER__PRIVATE_KEY", live.join("server-key.pem"));
    let server = TestServer::start(serve);
    let address = format!("https://{}/health/live", server.text("httpsBind"));
    let trusting = |data_dir: &Path| {
        let ca = reqwest::Certificate::from_pem(&std::fs::read(data_dir.join("ca.pem")).unwrap()).unwrap();
        reqwest::Client::builder().tls_certs_only([ca]).build().unwrap()
    };
    assert_eq!(trusting(&first).get(&address).send().await.unwrap().status(), 200);
    assert!(trusting(&second).get(&address).send().await.is_err());

    install(&second);
    server.hang_up();
    // The signal is handled in its own time.
    while trusting(&second).get(&address).send().await.is_err() {}
    assert!(trusting(&first).get(&address).send().await.is_err());
}
