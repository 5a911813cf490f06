//! The sample page's identity service.

use axum::{body::Body, http::Request};
use openline_server::config::Config;
use serde_json::json;

use crate::common::app::{Answer, App};

async fn sign_in(app: &App, body: &str) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri("/demo/token")
        .header("content-type", "application/json");
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn people(app: &App) -> Answer {
    app.send(
        Request::builder()
            .uri("/demo/people")
            .body(Body::empty())
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn the_same_name_however_written_is_the_same_person() {
    let app = App::new().await;
    let first = sign_in(&app, r#"{"name":"  Jörg Ann "}"#).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.body["displayName"], "Jörg Ann");
    assert_eq!(first.body["expiresOn"], "2026-11-22T08:00:00+00:00");
    let again = sign_in(&app, r#"{"name":"JÖRG ANN"}"#).await;
    assert_eq!(again.body["identity"], first.body["identity"]);
    assert_eq!(again.body["displayName"], "Jörg Ann");
    let other = sign_in(&app, r#"{"name":"Bob"}"#).await;
    assert_ne!(other.body["identity"], first.body["identity"]);
    for answer in [first, again, other] {
        assert_eq!(
            app.with_token(answer.body["token"].as_str().unwrap())
                .await
                .status,
            200
        );
    }
}

#[tokio::test]
async fn the_people_are_listed_by_name() {
    let app = App::new().await;
    assert_eq!(people(&app).await.body, json!({ "value": [] }));
    let mut identities = Vec::new();
    for name in ["cleo", "Ann", "bob"] {
        let signed_in = sign_in(&app, &json!({ "name": name }).to_string()).await;
        identities.push(signed_in.body["identity"].clone());
    }
    let expected = json!({ "value": [
        { "name": "Ann", "identity": identities[1] },
        { "name": "bob", "identity": identities[2] },
        { "name": "cleo", "identity": identities[0] },
    ]});
    assert_eq!(people(&app).await.body, expected);
}

#[tokio::test]
async fn somebody_whose_identity_was_deleted_comes_back_as_another_one() {
    let app = App::new().await;
    let first = sign_in(&app, r#"{"name":"Ann"}"#).await;
    let id = first.body["identity"]["id"].as_str().unwrap();
    app.signed("DELETE", &format!("/identities/{id}?api-version=2023-10-01"), "")
        .await;
    assert_eq!(people(&app).await.body, json!({ "value": [] }));
    let second = sign_in(&app, r#"{"name":"Ann"}"#).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.body["identity"], first.body["identity"]);
}

#[tokio::test]
async fn a_name_has_1_to_64_characters() {
    let app = App::new().await;
    let longest = "ü".repeat(64);
    assert_eq!(
        sign_in(&app, &json!({ "name": longest }).to_string())
            .await
            .status,
        200
    );
    for name in ["", "   ", &"ü".repeat(65), "a\u{7}b"] {
        let refused = sign_in(&app, &json!({ "name": name }).to_string()).await;
        assert_eq!(refused.error(), (400, "ValidationError"), "{name}");
        assert_eq!(refused.body["error"]["target"], "name");
    }
    assert_eq!(sign_in(&app, "{}").await.error(), (400, "BadRequest"));
}

#[tokio::test]
async fn in_production_it_is_not_there() {
    let app = App::with(Config::default(), false).await;
    assert_eq!(
        sign_in(&app, r#"{"name":"Ann"}"#).await.error(),
        (404, "NotFound")
    );
    assert_eq!(people(&app).await.error(), (404, "NotFound"));
}
