//! The REST of relays: what a service gets for its clients.

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use openline_server::config::{Config, TurnConfig};
use serde_json::{Value, json};

use crate::common::app::App;

const ISSUE: &str = "/networkTraversal/:issueRelayConfiguration?api-version=2022-03-01-preview";
const SECRET: &str = "a secret of the relay";

async fn app() -> App {
    let external = json!([{ "urls": ["turn:relay.example.org"], "secret": SECRET }]);
    let turn = TurnConfig {
        external: serde_json::from_value(external).unwrap(),
        ..TurnConfig::default()
    };
    let config = Config {
        turn,
        ..Config::default()
    };
    App::with(config, true).await
}

fn credential(server: &Value) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, SECRET.as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, server["username"].as_str().unwrap().as_bytes()))
}

#[tokio::test]
async fn a_service_gets_relays_with_credentials_for_two_days() {
    let app = app().await;
    for body in ["", "{}"] {
        let issued = app.signed("POST", ISSUE, body).await;
        assert_eq!(issued.status, 200);
        assert_eq!(issued.header("api-supported-versions"), "2022-03-01-preview");
        assert_eq!(issued.body["expiresOn"], "2026-11-23T08:00:00+00:00");
        let servers = issued.body["iceServers"].as_array().unwrap();
        let kinds: Vec<_> = servers.iter().map(|server| &server["routeType"]).collect();
        assert_eq!(kinds, ["any", "nearest"]);
        for server in servers {
            assert_eq!(server["urls"], json!(["turn:relay.example.org"]));
            assert_eq!(server["credential"], credential(server));
            assert!(server["username"].as_str().unwrap().starts_with("1795420800:"));
        }
    }
}

#[tokio::test]
async fn a_user_has_one_name_that_does_not_say_who_it_is() {
    let app = app().await;
    let (raw_id, _) = app.identity(r#"["voip"]"#, 60).await;
    let (other, _) = app.identity(r#"["voip"]"#, 60).await;
    let mut names = Vec::new();
    for id in [&raw_id, &raw_id, &other] {
        let body = json!({ "id": id, "routeType": "any", "ttl": 60 }).to_string();
        let issued = app.signed("POST", ISSUE, &body).await;
        assert_eq!(issued.body["expiresOn"], "2026-11-21T08:01:00+00:00");
        let username = issued.body["iceServers"][0]["username"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(!username.contains(id.rsplit('_').next().unwrap()));
        names.push(username);
    }
    assert_eq!(names[0], names[1]);
    assert_ne!(names[0], names[2]);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let app = app().await;
    let (deleted, _) = app.identity(r#"["voip"]"#, 60).await;
    let path = format!(
        "/identities/{}?api-version=2023-10-01",
        deleted.replace(':', "%3A")
    );
    assert_eq!(app.signed("DELETE", &path, "").await.status, 204);
    for body in [
        json!({ "ttl": -1 }),
        json!({ "ttl": 172_801 }),
        json!({ "ttl": "long" }),
        json!({ "routeType": "far" }),
        json!({ "id": "alice" }),
        json!({ "id": "8:acs:nobody_here" }),
        json!({ "id": deleted }),
    ] {
        let refused = app.signed("POST", ISSUE, &body.to_string()).await;
        assert_eq!(refused.status, 400, "{body}");
    }
    let unsigned = app
        .signed_and_changed("POST", ISSUE, "{}", |request| {
            request.headers_mut().remove("authorization");
        })
        .await;
    assert_eq!(unsigned.status, 401);
    let other_version = ISSUE.replace("2022-03-01-preview", "2021-10-08-preview");
    let refused = app.signed("POST", &other_version, "{}").await;
    assert_eq!(refused.error(), (400, "UnsupportedApiVersion"));
}

#[tokio::test]
async fn a_server_without_relays_says_so() {
    let app = App::new().await;
    let issued = app.signed("POST", ISSUE, "{}").await;
    assert_eq!(issued.status, 200);
    assert_eq!(issued.body["iceServers"], json!([]));
}
