//! Signed requests: what is accepted, and what each way of being wrong is answered with.

use std::time::Duration;

use axum::body::Body;

use crate::common::{
    app::{App, HOST},
    signing::Signature,
};

const CREATE: &str = "/identities?api-version=2023-10-01";

fn signature<'a>(app: &'a App, date: &'a str) -> Signature<'a> {
    Signature {
        key: &app.keys[0],
        method: "POST",
        target: CREATE,
        host: HOST,
        date,
        body: b"{}",
    }
}

async fn answered(app: &App, signature: &Signature<'_>) -> (u16, String) {
    let answer = app.send(app.with_signature(signature)).await;
    (
        answer.status.as_u16(),
        answer.body["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

fn denied() -> (u16, String) {
    (401, "Denied by the resource provider.".to_owned())
}

#[tokio::test]
async fn both_access_keys_are_accepted() {
    let app = App::new().await;
    let date = app.date();
    for key in &app.keys {
        let signature = Signature {
            key,
            ..signature(&app, &date)
        };
        assert_eq!(answered(&app, &signature).await.0, 201);
    }
}

#[tokio::test]
async fn a_host_is_accepted_with_and_without_port_and_with_a_slash() {
    let app = App::new().await;
    let date = app.date();
    for host in ["localhost:8443", "localhost", "localhost:8443/"] {
        let signature = Signature {
            host,
            ..signature(&app, &date)
        };
        assert_eq!(answered(&app, &signature).await.0, 201, "{host}");
    }
    let elsewhere = Signature {
        host: "example.org",
        ..signature(&app, &date)
    };
    assert_eq!(answered(&app, &elsewhere).await, denied());
}

#[tokio::test]
async fn behind_a_proxy_the_host_that_the_proxy_was_called_by_is_accepted() {
    let app = App::new().await;
    let date = app.date();
    let signature = Signature {
        host: "openline.example.org",
        ..signature(&app, &date)
    };
    let mut request = app.with_signature(&signature);
    request
        .headers_mut()
        .insert("x-forwarded-host", "openline.example.org".parse().unwrap());
    assert_eq!(app.send(request).await.status, 201);
}

#[tokio::test]
async fn another_key_method_target_or_body_is_denied() {
    let app = App::new().await;
    let date = app.date();
    let good = signature(&app, &date);
    let wrong = [
        Signature {
            key: "YW5vdGhlciBrZXk=",
            ..good.clone()
        },
        Signature {
            method: "PUT",
            ..good.clone()
        },
        Signature {
            target: "/identities?api-version=2025-06-30",
            ..good.clone()
        },
    ];
    for signature in wrong {
        let mut request = app.with_signature(&signature);
        *request.method_mut() = "POST".parse().unwrap();
        *request.uri_mut() = CREATE.parse().unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.error(), (401, "Denied"));
        assert_eq!(
            answer.body["error"]["message"],
            "Denied by the resource provider."
        );
    }
    let mut request = app.with_signature(&good);
    *request.body_mut() = Body::from(r#"{"createTokenWithScopes":["chat"]}"#);
    let message = "Request 'x-ms-content-sha256' differs from generated content hash.";
    let answer = app.send(request).await;
    assert_eq!(answer.error(), (401, "Denied"));
    assert_eq!(answer.body["error"]["message"], message);
}

#[tokio::test]
async fn a_request_without_one_of_the_headers_is_denied() {
    let app = App::new().await;
    for name in ["authorization", "x-ms-date", "x-ms-content-sha256"] {
        let answer = app
            .signed_and_changed("POST", CREATE, "{}", |request| {
                request.headers_mut().remove(name);
            })
            .await;
        assert_eq!(answer.error(), (401, "Denied"), "{name}");
    }
    for authorization in [
        "Bearer x",
        "HMAC-SHA256 Signature=",
        "HMAC-SHA256 Signature=%%%",
        "HMAC-SHA256",
    ] {
        let answer = app
            .signed_and_changed("POST", CREATE, "{}", |request| {
                request
                    .headers_mut()
                    .insert("authorization", authorization.parse().unwrap());
            })
            .await;
        assert_eq!(answer.error(), (401, "Denied"), "{authorization}");
    }
}

/// As the first published client for Python signs.
#[tokio::test]
async fn the_date_may_be_in_the_header_date_where_there_is_no_other() {
    let app = App::new().await;
    let in_date = |app: &App, date: String| {
        let mut request = app.with_signature(&signature(app, &date));
        let headers = request.headers_mut();
        let dated = headers.remove("x-ms-date").unwrap();
        headers.insert("date", dated);
        let authorization = headers["authorization"].to_str().unwrap();
        let authorization = authorization.replace("=x-ms-date;", "=date;");
        headers.insert("authorization", authorization.parse().unwrap());
        request
    };
    let answer = app.send(in_date(&app, app.date())).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let late = app.date();
    app.clock.advance(Duration::from_secs(15 * 60 + 1));
    assert_eq!(app.send(in_date(&app, late)).await.error(), (401, "Denied"));
    let mut signed_otherwise = app.with_signature(&signature(&app, &app.date()));
    signed_otherwise
        .headers_mut()
        .insert("date", "Sat, 21 Nov 2026 00:00:00 GMT".parse().unwrap());
    let answer = app.send(signed_otherwise).await;
    assert_eq!(answer.status, 201, "x-ms-date counts: {}", answer.body);
}

#[tokio::test]
async fn a_date_is_accepted_within_fifteen_minutes_of_the_clock() {
    let app = App::new().await;
    let date = app.date();
    app.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(answered(&app, &signature(&app, &date)).await.0, 201);
    app.clock.advance(Duration::from_secs(1));
    let (status, message) = answered(&app, &signature(&app, &date)).await;
    assert_eq!(status, 401);
    assert!(message.contains("15 minutes"), "{message}");
    let (status, message) = answered(&app, &signature(&app, "yesterday")).await;
    assert_eq!(status, 401);
    assert!(message.contains("x-ms-date"), "{message}");
}

#[tokio::test]
async fn the_keys_of_a_resource_that_another_process_created_are_found() {
    let app = App::new().await;
    let storage = app.state.storage.clone();
    let now = app.state.clock().now();
    let id = openline_server::domain::resource::create_resource(&storage, "second", now)
        .await
        .unwrap();
    let strings = openline_server::domain::resource::connection_strings(&storage, &id, "x")
        .await
        .unwrap();
    let key = strings[0].split_once("accesskey=").unwrap().1;
    // The resources were read a moment ago.
    app.clock.advance(Duration::from_secs(3));
    let date = app.date();
    let answer = app
        .send(app.with_signature(&Signature {
            key,
            ..signature(&app, &date)
        }))
        .await;
    assert_eq!(answer.status, 201);
    let raw_id = answer.body["identity"]["id"].as_str().unwrap();
    assert!(raw_id.starts_with(&format!("8:acs:{id}_")), "{raw_id}");
}

#[tokio::test]
async fn an_identity_of_another_resource_is_not_found() {
    let app = App::new().await;
    let (raw_id, _) = app.identity(r#"["chat"]"#, 60).await;
    let storage = app.state.storage.clone();
    let now = app.state.clock().now();
    let id = openline_server::domain::resource::create_resource(&storage, "second", now)
        .await
        .unwrap();
    let strings = openline_server::domain::resource::connection_strings(&storage, &id, "x")
        .await
        .unwrap();
    let key = strings[0].split_once("accesskey=").unwrap().1;
    app.clock.advance(Duration::from_secs(3));
    let date = app.date();
    let target = format!("/identities/{raw_id}?api-version=2023-10-01");
    let signature = Signature {
        key,
        method: "DELETE",
        target: &target,
        body: b"",
        ..signature(&app, &date)
    };
    assert_eq!(
        app.send(app.with_signature(&signature)).await.error(),
        (404, "NotFound")
    );
}
