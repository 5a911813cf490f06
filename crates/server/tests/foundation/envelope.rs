//! What surrounds every request: the error envelope, ids, CORS.

use axum::{body::Body, http::Request};
use openline_server::config::Config;
use serde_json::json;

use crate::common::app::App;

const CREATE: &str = "/identities?api-version=2023-10-01";

fn request(method: &str, target: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(target)
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_are_answered_in_the_envelope() {
    let app = App::new().await;
    assert_eq!(
        app.send(request("GET", "/nothing/here")).await.error(),
        (404, "NotFound")
    );
    let answer = app.send(request("PUT", CREATE)).await;
    assert_eq!(answer.error(), (405, "MethodNotAllowed"));
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn a_socket_that_cannot_be_had_is_refused_in_the_envelope() {
    let mut config = Config::default();
    config.server.allowed_origins = vec!["https://app.example.org".to_owned()];
    let app = App::with(config, false).await;
    let answer = app.send(request("GET", "/realtime")).await;
    assert_eq!(answer.error(), (426, "UpgradeRequired"));
    assert_eq!(answer.header("upgrade"), "websocket");
    assert_eq!(answer.header("sec-websocket-version"), "13");
    let mut elsewhere = request("GET", "/realtime");
    elsewhere
        .headers_mut()
        .insert("origin", "https://evil.example.org".parse().unwrap());
    assert_eq!(app.send(elsewhere).await.error(), (403, "Forbidden"));
}

#[tokio::test]
async fn a_body_that_is_no_json_is_400_and_not_repeated() {
    let app = App::new().await;
    for body in [
        "{",
        "[]",
        "secret text",
        r#"{"createTokenWithScopes":"secret text"}"#,
        "\u{0}",
    ] {
        let answer = app.signed("POST", CREATE, body).await;
        assert_eq!(answer.error(), (400, "BadRequest"), "{body}");
        assert!(!answer.body.to_string().contains("secret"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_field_that_is_wrong_or_missing_is_named_and_its_value_is_not() {
    let app = App::new().await;
    let wrong = r#"{"createTokenWithScopes":["chat"],"expiresInMinutes":"secret"}"#;
    let answer = app.signed("POST", CREATE, wrong).await;
    let expected = json!({"error": {
        "code": "BadRequest",
        "message": "expiresInMinutes has a wrong value.",
        "target": "expiresInMinutes",
    }});
    assert_eq!(answer.body, expected);
    let inner = r#"{"createTokenWithScopes":["chat",{"secret":1}]}"#;
    let answer = app.signed("POST", CREATE, inner).await;
    assert_eq!(answer.body["error"]["target"], "createTokenWithScopes[1]");
    assert!(!answer.body.to_string().contains("secret"), "{}", answer.body);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let app = App::new().await;
    let fits = format!("{{}}{}", " ".repeat(256 * 1024 - 2));
    assert_eq!(app.signed("POST", CREATE, &fits).await.status, 201);
    let too_large = format!("{fits} ");
    assert_eq!(
        app.signed("POST", CREATE, &too_large).await.error(),
        (413, "RequestEntityTooLarge")
    );
    let streamed = app
        .signed_and_changed("POST", CREATE, "", |request| {
            let chunk = || Ok::<_, std::io::Error>(" ".repeat(64 * 1024));
            let chunks = (0..5).map(|_| chunk()).collect::<Vec<_>>();
            *request.body_mut() = Body::from_stream(futures::stream::iter(chunks));
        })
        .await;
    assert_eq!(streamed.error(), (413, "RequestEntityTooLarge"));
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_echoes_the_client_s() {
    let app = App::new().await;
    let plain = app.send(request("GET", "/nothing")).await;
    assert_eq!(plain.header("x-request-id").len(), 32);
    assert_eq!(plain.header("x-ms-client-request-id"), "");
    let mut with_id = request("GET", "/health/live");
    with_id
        .headers_mut()
        .insert("x-ms-client-request-id", "abc-123".parse().unwrap());
    let answer = app.send(with_id).await;
    assert_eq!(answer.header("x-ms-client-request-id"), "abc-123");
    assert_ne!(answer.header("x-request-id"), plain.header("x-request-id"));
    let mut too_long = request("GET", "/health/live");
    too_long
        .headers_mut()
        .insert("x-ms-client-request-id", "a".repeat(200).parse().unwrap());
    assert_eq!(app.send(too_long).await.header("x-ms-client-request-id"), "");
}

#[tokio::test]
async fn the_server_is_ready_until_it_stops() {
    let app = App::new().await;
    assert_eq!(app.send(request("GET", "/health/live")).await.status, 200);
    assert_eq!(app.send(request("GET", "/health/ready")).await.status, 200);
    app.state.shutdown.begin();
    assert_eq!(
        app.send(request("GET", "/health/ready")).await.error(),
        (503, "ServiceUnavailable")
    );
    assert_eq!(app.send(request("GET", "/health/live")).await.status, 200);
}

#[tokio::test]
async fn a_closed_database_is_503_with_a_time_to_try_again() {
    let app = App::new().await;
    app.state.storage.close().await;
    assert_eq!(
        app.send(request("GET", "/health/ready")).await.error(),
        (503, "ServiceUnavailable")
    );
    let answer = app.signed("POST", CREATE, "").await;
    assert_eq!(answer.error(), (503, "ServiceUnavailable"));
    assert_eq!(answer.header("retry-after"), "1");
}

fn preflight(origin: &str) -> Request<Body> {
    let headers = "authorization,content-type,x-ms-client-request-id,x-ms-useragent,repeatability-request-id";
    Request::builder()
        .method("OPTIONS")
        .uri(CREATE)
        .header("origin", origin)
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", headers)
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn in_dev_mode_a_page_from_anywhere_may_call() {
    let app = App::new().await;
    let answer = app.send(preflight("http://localhost:5173")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("x-ms-useragent")
    );
    let mut get = request("GET", "/nothing");
    get.headers_mut()
        .insert("origin", "http://localhost:5173".parse().unwrap());
    let answer = app.send(get).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-expose-headers"), "*");
}

#[tokio::test]
async fn in_production_only_pages_of_the_named_origins_may_call() {
    let mut config = Config::default();
    config.server.allowed_origins = vec!["https://app.example.org".to_owned()];
    let app = App::with(config, false).await;
    let allowed = app.send(preflight("https://app.example.org")).await;
    assert_eq!(
        allowed.header("access-control-allow-origin"),
        "https://app.example.org"
    );
    assert!(allowed.header("vary").contains("origin"));
    let refused = app.send(preflight("https://evil.example.org")).await;
    assert_eq!(refused.header("access-control-allow-origin"), "");
}
