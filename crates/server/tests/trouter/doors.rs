//! Who is let in: the token at every door.

use std::time::Duration;

use openline_protocol::Scope;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::world::World;

const CONFIGURATION: &str = "/chat/config/realTimeNotifications?api-version=2024-09-01";

/// Every request that carries a token, with a body where there is one.
const DOORS: [(&str, &str, &str); 7] = [
    ("GET", CONFIGURATION, ""),
    ("POST", "/v4/a?epid=a", ""),
    (
        "GET",
        "/socket.io/1/?epid=a&sr=1&issuer=openline&sp=connect&st=1&se=99999999999999&sig=00",
        "",
    ),
    ("GET", "/socket.io/1/xhr-polling/x", ""),
    ("POST", "/socket.io/1/xhr-polling/x", "2::"),
    ("POST", "/v3/registrations", r#"{"registrationId":"a"}"#),
    ("DELETE", "/v3/registrations/a", ""),
];

async fn knock(world: &World, (method, path, body): (&str, &str, &str), token: Option<&str>) -> StatusCode {
    let method: Method = method.parse().unwrap();
    let mut request = world.http.request(method, world.url(path)).body(body.to_owned());
    if let Some(token) = token {
        request = request.header("x-skypetoken", token).bearer_auth(token);
    }
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn every_door_asks_for_a_token_that_is_good_and_allows_chat() {
    let world = World::new().await;
    let ann = world.person().await;
    let expired = world
        .token_for(&ann.raw_id(), &[Scope::Chat], Duration::ZERO)
        .await
        .token;
    let calls = world.token(&ann.raw_id(), &[Scope::Voip]).await.token;
    let (head, rest) = ann.token.rsplit_once('.').unwrap();
    let forged = format!("{head}.{}", rest.chars().rev().collect::<String>());
    for door in DOORS {
        let bad = ["", "x", "a.b.c", &"x".repeat(6000), &forged, &expired];
        for token in [None].into_iter().chain(bad.map(Some)) {
            assert_eq!(knock(&world, door, token).await, 401, "{door:?}");
        }
        assert_eq!(knock(&world, door, Some(&calls)).await, 403, "{door:?}");
    }
    world.revoke(&ann).await;
    for door in DOORS {
        assert_eq!(knock(&world, door, Some(&ann.token)).await, 401, "{door:?}");
    }
}

#[tokio::test]
async fn who_may_enter_gets_what_the_client_expects() {
    let world = World::new().await;
    let ann = world.person().await;
    for door in &DOORS[5..] {
        assert_eq!(knock(&world, *door, Some(&ann.token)).await, 202, "{door:?}");
    }
    // What the client makes of an endpoint that ends with a slash.
    for path in [CONFIGURATION.to_owned(), format!("/{CONFIGURATION}")] {
        let request = world.http.get(world.url(&path)).bearer_auth(&ann.token);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        let origin = format!("http://{}", world.address);
        assert_eq!(body["trouterServiceUrl"], origin);
        assert_eq!(body["registrarServiceUrl"], origin);
        assert_eq!(body["cloudType"], "Public");
    }
    let allocation = world.tab(&ann, "a").allocate().await;
    assert_eq!(allocation["socketio"], format!("http://{}/", world.address));
    for value in allocation["connectparams"].as_object().unwrap().values() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        assert!(value.as_str().unwrap().bytes().all(plain), "{value}");
    }
}

#[tokio::test]
async fn pages_ask_first_and_need_no_token_for_that() {
    let mut config = openline_server::config::Config::default();
    config.server.allowed_origins = vec!["https://app.test".to_owned()];
    let world = World::with(config).await;
    for (method, path, _) in DOORS {
        let request = world
            .http
            .request(Method::OPTIONS, world.url(path))
            .header("origin", "https://app.test")
            .header("access-control-request-method", method)
            .header(
                "access-control-request-headers",
                "authorization,content-type,x-ms-client-request-id,x-ms-useragent,x-skypetoken",
            );
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("access-control-allow-origin"), "https://app.test");
        assert!(header("access-control-allow-methods").contains(method));
        assert!(header("access-control-allow-headers").contains("x-skypetoken"));
    }
}

#[tokio::test]
async fn garbage_is_refused_and_breaks_nothing() {
    let world = World::new().await;
    let ann = world.person().await;
    let long = format!("/v4/a?epid={}", "x".repeat(65));
    for (door, expected) in [
        (("POST", "/v4/a", ""), 400),
        (("POST", "/v4/a?epid=", ""), 400),
        (("POST", "/v4/a?epid=a%0Ab", ""), 400),
        (("POST", "/v4/a?epid=%C3%A4", ""), 400),
        (("POST", long.as_str(), ""), 400),
        (("GET", "/v4/a?epid=a", ""), 405),
        (("GET", "/socket.io/1/", ""), 400),
        (("GET", "/socket.io/1/?epid=a&epid=b", ""), 400),
        (("GET", "/socket.io/1/websocket/", ""), 404),
        (("GET", "/socket.io/1/websocket/x", ""), 400),
        (("GET", "/socket.io/1/xhr-polling/%FF", ""), 400),
        (("GET", "/socket.io/2/", ""), 404),
        (("POST", "/v3/registrations", "{"), 400),
        (("POST", "/v3/registrations", "[]"), 400),
        (("POST", "/v3/registrations", "{}"), 400),
        (("POST", "/v3/registrations", r#"{"registrationId":""}"#), 400),
        (("DELETE", "/v3/registrations/a%2Fb", ""), 400),
        (("GET", "/chat/config/realTimeNotifications", ""), 400),
        (
            (
                "GET",
                "/chat/config/realTimeNotifications?api-version=2025-03-15",
                "",
            ),
            400,
        ),
    ] {
        let status = knock(&world, door, Some(&ann.token)).await;
        assert_eq!(status, expected, "{door:?}");
    }
}
