//! The REST of identities: statuses, bodies, errors, limits.

use openline_server::config::Config;
use serde_json::json;

use crate::common::app::{Answer, App};

const CREATE: &str = "/identities?api-version=2023-10-01";

fn path(raw_id: &str, operation: &str) -> String {
    format!(
        "/identities/{}{operation}?api-version=2023-10-01",
        raw_id.replace(':', "%3A")
    )
}

#[tokio::test]
async fn an_empty_body_creates_an_identity_without_a_token() {
    let app = App::new().await;
    for body in [
        "",
        "{}",
        r#"{"createTokenWithScopes":[]}"#,
        r#"{"expiresInMinutes":null}"#,
    ] {
        let created = app.signed("POST", CREATE, body).await;
        assert_eq!(created.status, 201, "{body}");
        let id = created.body["identity"]["id"].as_str().unwrap().to_owned();
        assert!(id.starts_with("8:acs:"), "{id}");
        assert_eq!(created.body, json!({ "identity": { "id": id } }));
    }
}

#[tokio::test]
async fn every_version_that_a_published_client_speaks_is_answered() {
    let app = App::new().await;
    for version in [
        "2021-03-07",
        "2022-06-01",
        "2022-10-01",
        "2023-10-01",
        "2025-06-30",
    ] {
        let create = format!("/identities?api-version={version}");
        let created = app
            .signed("POST", &create, r#"{"createTokenWithScopes":["chat"]}"#)
            .await;
        assert_eq!(created.status, 201, "{version}: {}", created.body);
        let id = created.body["identity"]["id"].as_str().unwrap();
        for (method, operation, body, status) in [
            ("POST", "/:issueAccessToken", r#"{"scopes":["chat"]}"#, 200),
            ("POST", "/:revokeAccessTokens", "", 204),
            ("DELETE", "", "", 204),
        ] {
            let target = format!("/identities/{id}{operation}?api-version={version}");
            let answer = app.signed(method, &target, body).await;
            assert_eq!(answer.status, status, "{version} {operation}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn scopes_create_a_token_that_lasts_as_long_as_asked() {
    let app = App::new().await;
    let body = r#"{"createTokenWithScopes":["chat","voip"],"expiresInMinutes":90}"#;
    let created = app.signed("POST", CREATE, body).await;
    assert_eq!(created.status, 201);
    assert_eq!(
        created.body["accessToken"]["expiresOn"],
        "2026-11-21T09:30:00+00:00"
    );
    let by_default = app
        .signed("POST", CREATE, r#"{"createTokenWithScopes":["chat"]}"#)
        .await;
    assert_eq!(
        by_default.body["accessToken"]["expiresOn"],
        "2026-11-22T08:00:00+00:00"
    );
}

#[tokio::test]
async fn a_token_is_issued_whatever_way_the_id_is_written() {
    let app = App::new().await;
    let (raw_id, _) = app.identity(r#"["voip"]"#, 60).await;
    let encoded = raw_id.replace(':', "%3A");
    for target in [
        format!("/identities/{encoded}/:issueAccessToken?api-version=2023-10-01"),
        format!("/identities/{raw_id}/:issueAccessToken?api-version=2023-10-01"),
        format!("//identities/{encoded}//%3AissueAccessToken?api-version=2023-10-01"),
    ] {
        let issued = app
            .signed("POST", &target, r#"{"scopes":["chat"],"expiresInMinutes":null}"#)
            .await;
        assert_eq!(issued.status, 200, "{target}: {}", issued.body);
        assert_eq!(issued.body["expiresOn"], "2026-11-22T08:00:00+00:00");
        let token = issued.body["token"].as_str().unwrap();
        assert_eq!(app.with_token(token).await.status, 200);
    }
}

#[tokio::test]
async fn a_validity_out_of_range_is_refused_by_name() {
    let app = App::new().await;
    let (raw_id, _) = app.identity(r#"["chat"]"#, 60).await;
    for minutes in ["59", "1441", "0", "-60", "9223372036854775807"] {
        let body = format!(r#"{{"scopes":["chat"],"expiresInMinutes":{minutes}}}"#);
        let refused = app
            .signed("POST", &path(&raw_id, "/:issueAccessToken"), &body)
            .await;
        assert_eq!(refused.status, 400, "{minutes}");
        let message = format!(
            "ExpiresInMinutes value {minutes} is invalid. Value must be within the [60, 1440] interval."
        );
        let error = json!({ "code": "ValidationError", "message": message, "target": "ExpiresInMinutes" });
        assert_eq!(refused.body, json!({ "error": error }));
        let body = format!(r#"{{"createTokenWithScopes":["chat"],"expiresInMinutes":{minutes}}}"#);
        assert_eq!(
            app.signed("POST", CREATE, &body).await.error(),
            (400, "ValidationError")
        );
    }
}

#[tokio::test]
async fn missing_and_unknown_scopes_are_refused() {
    let app = App::new().await;
    let (raw_id, _) = app.identity(r#"["chat"]"#, 60).await;
    let issue = path(&raw_id, "/:issueAccessToken");
    for body in ["", "{}", r#"{"scopes":null}"#, r#"{"scopes":[]}"#] {
        let refused = app.signed("POST", &issue, body).await;
        assert_eq!(refused.status, 400);
        let message = "Scopes: The Scopes field is required.";
        let error = json!({ "code": "ValidationError", "message": message, "target": "Scopes" });
        assert_eq!(refused.body, json!({ "error": error }));
    }
    let unknown = app.signed("POST", &issue, r#"{"scopes":["chat","fly"]}"#).await;
    assert_eq!(unknown.error(), (400, "ValidationError"));
    let unknown = app
        .signed("POST", CREATE, r#"{"createTokenWithScopes":["fly"]}"#)
        .await;
    assert_eq!(unknown.error(), (400, "ValidationError"));
}

#[tokio::test]
async fn revoking_and_deleting_answer_204_without_a_body() {
    let app = App::new().await;
    let (raw_id, _) = app.identity(r#"["chat"]"#, 60).await;
    let revoked = app
        .signed("POST", &path(&raw_id, "/:revokeAccessTokens"), "")
        .await;
    assert_eq!((revoked.status.as_u16(), revoked.body), (204, json!(null)));
    let deleted = app.signed("DELETE", &path(&raw_id, ""), "").await;
    assert_eq!((deleted.status.as_u16(), deleted.body), (204, json!(null)));
}

/// Status and code of each operation on the identity.
async fn operations(app: &App, raw_id: &str) -> [Answer; 3] {
    let (issue, revoke) = (
        path(raw_id, "/:issueAccessToken"),
        path(raw_id, "/:revokeAccessTokens"),
    );
    [
        app.signed("POST", &issue, r#"{"scopes":["chat"]}"#).await,
        app.signed("POST", &revoke, "").await,
        app.signed("DELETE", &path(raw_id, ""), "").await,
    ]
}

#[tokio::test]
async fn an_unknown_or_deleted_identity_is_not_found() {
    let app = App::new().await;
    let (deleted, _) = app.identity(r#"["chat"]"#, 60).await;
    app.signed("DELETE", &path(&deleted, ""), "").await;
    for raw_id in [deleted.as_str(), "8:acs:nobody_x"] {
        for answer in operations(&app, raw_id).await {
            assert_eq!(answer.error(), (404, "NotFound"), "{raw_id}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_the_id_of_an_identity_is_refused() {
    let app = App::new().await;
    for raw_id in [
        "nope",
        "4:+1555",
        "8:acs:",
        "8:acs:nobody",
        "8:orgid:x",
        "28:orgid:x",
    ] {
        for answer in operations(&app, raw_id).await {
            assert_eq!(answer.error(), (400, "ValidationError"), "{raw_id}");
            assert_eq!(answer.body["error"]["target"], "id");
        }
    }
}

#[tokio::test]
async fn every_version_of_the_reference_is_accepted_and_another_one_is_refused() {
    let app = App::new().await;
    for version in [
        "2023-10-01",
        "2024-04-01-preview",
        "2025-03-02-preview",
        "2025-06-30",
        "2026-07-22",
    ] {
        let answer = app
            .signed("POST", &format!("/identities?api-version={version}"), "")
            .await;
        assert_eq!(answer.status, 201, "{version}");
        assert!(answer.header("api-supported-versions").contains("2023-10-01, "));
    }
    for query in [
        "?api-version=2020-01-01",
        "?api-version=",
        "?api-version=2023-10-01x",
        "?other=1",
        "",
    ] {
        let answer = app.signed("POST", &format!("/identities{query}"), "").await;
        assert_eq!(answer.error(), (400, "UnsupportedApiVersion"), "{query}");
        assert!(answer.header("api-supported-versions").contains("2023-10-01, "));
    }
    let message = app
        .signed("POST", "/identities?api-version=2020-01-01", "")
        .await
        .body["error"]["message"]
        .clone();
    let message = message.as_str().unwrap();
    assert!(
        message.contains("/identities") && message.contains("2020-01-01"),
        "{message}"
    );
}

#[tokio::test]
async fn more_than_the_limit_in_a_window_is_429_and_the_next_window_is_free() {
    let mut config = Config::default();
    config.limits.create_identity = 3;
    let app = App::with(config, true).await;
    for _ in 0..3 {
        assert_eq!(app.signed("POST", CREATE, "").await.status, 201);
    }
    let refused = app.signed("POST", CREATE, "").await;
    assert_eq!(refused.error(), (429, "TooManyRequests"));
    assert_eq!(refused.header("retry-after"), "30");
    app.clock.advance(std::time::Duration::from_secs(30));
    assert_eq!(app.signed("POST", CREATE, "").await.status, 201);
}

#[tokio::test]
async fn the_exchange_routes_are_not_there() {
    let app = App::new().await;
    let target = "/teamsUser/:exchangeAccessToken?api-version=2023-10-01";
    assert_eq!(app.signed("POST", target, "{}").await.error(), (404, "NotFound"));
}
