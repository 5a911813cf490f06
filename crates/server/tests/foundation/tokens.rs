//! User access tokens on the data plane.

use std::time::Duration;

use axum::{body::Body, http::Request};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use openline_protocol::RawId;
use openline_server::{
    bus::{BusItem, Revocation},
    storage::StorageError,
};
use serde_json::{Value, json};

use crate::common::app::App;

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn revoke(app: &App, raw_id: &str) {
    let target = format!("/identities/{raw_id}/:revokeAccessTokens?api-version=2023-10-01");
    assert_eq!(app.signed("POST", &target, "").await.status, 204);
}

async fn issue(app: &App, raw_id: &str) -> String {
    let target = format!("/identities/{raw_id}/:issueAccessToken?api-version=2023-10-01");
    let issued = app.signed("POST", &target, r#"{"scopes":["chat"]}"#).await;
    issued.body["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_carries_what_clients_read() {
    let app = App::new().await;
    let (raw_id, token) = app.identity(r#"["chat","voip"]"#, 60).await;
    let claims = claims(&token);
    let resource_id = raw_id.trim_start_matches("8:acs:").split('_').next().unwrap();
    assert_eq!(claims["skypeid"], raw_id.trim_start_matches("8:"));
    assert_eq!(claims["scp"], 1792);
    assert_eq!(claims["acsScope"], "chat,voip");
    assert_eq!(claims["resourceId"], resource_id);
    assert_eq!(claims["resourceLocation"], "local");
    assert_eq!(claims["iss"], "https://localhost:8443/");
    assert_eq!(claims["exp"], 1_795_248_000 + 3600);
    assert_eq!(claims["iat"], 1_795_248_000);
    let payload = token.split('.').nth(1).unwrap();
    assert!(!payload.contains(['-', '_']), "{payload}");
}

#[tokio::test]
async fn a_token_is_good_until_it_expires() {
    let app = App::new().await;
    let (_, token) = app.identity(r#"["chat"]"#, 60).await;
    app.clock.advance(Duration::from_secs(60 * 60 - 1));
    assert_eq!(app.with_token(&token).await.status, 200);
    app.clock.advance(Duration::from_secs(1));
    let expired = app.with_token(&token).await;
    assert_eq!(expired.error(), (401, "Unauthorized"));
    assert_eq!(expired.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn revoking_ends_every_earlier_token_and_none_issued_in_the_same_millisecond_after() {
    let app = App::new().await;
    let (raw_id, first) = app.identity(r#"["chat"]"#, 60).await;
    let (_, of_another) = app.identity(r#"["chat"]"#, 60).await;
    for token in [&first, &of_another] {
        assert_eq!(app.with_token(token).await.status, 200);
    }
    revoke(&app, &raw_id).await;
    let second = issue(&app, &raw_id).await;
    assert_eq!(app.with_token(&first).await.error(), (401, "Unauthorized"));
    assert_eq!(app.with_token(&second).await.status, 200);
    assert_eq!(app.with_token(&of_another).await.status, 200);
    revoke(&app, &raw_id).await;
    assert_eq!(app.with_token(&second).await.error(), (401, "Unauthorized"));
}

#[tokio::test]
async fn deleting_an_identity_ends_its_tokens() {
    let app = App::new().await;
    let (raw_id, token) = app.identity(r#"["chat"]"#, 60).await;
    app.signed(
        "DELETE",
        &format!("/identities/{raw_id}?api-version=2023-10-01"),
        "",
    )
    .await;
    assert_eq!(app.with_token(&token).await.error(), (401, "Unauthorized"));
}

#[tokio::test]
async fn whoever_holds_sockets_is_told_of_a_revocation_once_it_is_on_disk() {
    let app = App::new().await;
    let (raw_id, token) = app.identity(r#"["chat"]"#, 60).await;
    let verified = app.state.tokens.verify(&token).await.unwrap();
    let mut revocations = app.state.bus.subscribe_revocations();
    revoke(&app, &raw_id).await;
    let Some(BusItem::Message(revocation)) = revocations.try_recv() else {
        panic!("a revocation")
    };
    assert_eq!(revocation.raw_id.as_str(), raw_id);
    assert!(verified.generation < revocation.generation);
    app.signed(
        "DELETE",
        &format!("/identities/{raw_id}?api-version=2023-10-01"),
        "",
    )
    .await;
    assert!(matches!(
        revocations.try_recv(),
        Some(BusItem::Message(Revocation {
            generation: u64::MAX,
            ..
        }))
    ));
}

/// As another process does it, which dies before it tells anybody.
async fn revoke_silently(app: &App, raw_id: &str) {
    let raw_id = RawId::new(raw_id);
    let resource_id = app
        .state
        .resources
        .find_by_name("test")
        .unwrap()
        .resource_id
        .clone();
    let revoked = app
        .state
        .storage
        .write(move |tx| {
            Box::pin(async move {
                Ok::<_, StorageError>(tx.revoke_tokens(&resource_id, &raw_id).await?.is_some())
            })
        })
        .await;
    assert!(revoked.unwrap());
}

#[tokio::test]
async fn a_revocation_that_nobody_tells_of_is_noticed_within_a_minute() {
    let app = App::new().await;
    let (raw_id, token) = app.identity(r#"["chat"]"#, 60).await;
    assert_eq!(app.with_token(&token).await.status, 200);
    revoke_silently(&app, &raw_id).await;
    app.clock.advance(Duration::from_secs(59));
    assert_eq!(app.with_token(&token).await.status, 200, "remembered");
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(app.with_token(&token).await.error(), (401, "Unauthorized"));
}

#[tokio::test]
async fn a_token_issued_after_a_revocation_that_is_not_yet_told_of_is_good_and_ends_the_earlier() {
    let app = App::new().await;
    let (raw_id, first) = app.identity(r#"["chat"]"#, 60).await;
    assert_eq!(app.with_token(&first).await.status, 200);
    revoke_silently(&app, &raw_id).await;
    let second = issue(&app, &raw_id).await;
    assert_eq!(app.with_token(&second).await.status, 200);
    assert_eq!(app.with_token(&first).await.error(), (401, "Unauthorized"));
}

#[tokio::test]
async fn a_token_without_the_scope_is_403() {
    let app = App::new().await;
    let (_, token) = app.identity(r#"["voip"]"#, 60).await;
    assert_eq!(app.with_token(&token).await.error(), (403, "Forbidden"));
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let app = App::new().await;
    let (_, token) = app.identity(r#"["voip"]"#, 60).await;
    let parts: Vec<&str> = token.split('.').collect();
    let encoded = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let mut more = claims(&token);
    more["acsScope"] = json!("chat,voip");
    let header: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    let mut unsigned = header.clone();
    unsigned["alg"] = json!("none");
    let mut symmetric = header.clone();
    symmetric["alg"] = json!("HS256");
    let mut unknown_key = header;
    unknown_key["kid"] = json!("unknown");

    let (_, elsewhere) = App::new().await.identity(r#"["chat"]"#, 60).await;
    let long = format!("{}.{}.{}", parts[0], "A".repeat(100_000), parts[2]);
    for forged in [
        format!("{}.{}.{}", parts[0], encoded(&more), parts[2]),
        format!("{}.{}.", encoded(&unsigned), encoded(&more)),
        format!("{}.{}.{}", encoded(&symmetric), encoded(&more), parts[2]),
        format!("{}.{}.{}", encoded(&unknown_key), parts[1], parts[2]),
        format!("{}.{}", parts[0], parts[1]),
        elsewhere,
        long,
        "not.a.token".to_owned(),
        "nonsense".to_owned(),
        String::new(),
    ] {
        assert_eq!(
            app.with_token(&forged).await.error(),
            (401, "Unauthorized"),
            "{forged:.80}"
        );
    }
}

#[tokio::test]
async fn a_request_without_a_token_is_401() {
    let app = App::new().await;
    let request = Request::builder().uri("/chat/threads?api-version=2025-03-15");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.error(), (401, "Unauthorized"));
    let request = Request::builder()
        .uri("/chat/threads?api-version=2025-03-15")
        .header("authorization", "Basic x");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.error(), (401, "Unauthorized"));
}
