//! `POST /realtime/leave`: who has no socket to say goodbye on is gone at once all the same, and nobody else is.

use std::{slice, time::Duration};

use openline_protocol::{CallEndReason, realtime::CallNotice};
use openline_server::{domain::RateLimit, ws::RealtimeSettings};
use reqwest::{Response, StatusCode, header::RETRY_AFTER};
use serde_json::{Value, json};

use crate::{
    client::Client,
    rejoin::{answered, back, ended, hung_up, reachable, talking, talking_in},
    world::{ALL, World},
};

#[tokio::test]
async fn a_client_between_sockets_leaves_its_calls_at_once() {
    let (world, [_, bob], _, mut caller, callee) = talking().await;
    let leaving = body(&callee, &[]);
    let callee = callee.cut();
    assert_eq!(caller.notice().await, reachable(false));
    for time in ["once", "again"] {
        assert_eq!(leave(&world, &leaving).await, StatusCode::NO_CONTENT, "{time}");
    }
    assert_eq!(caller.notice().await, ended(CallEndReason::PEER_VANISHED));
    assert!(
        !callee.connect(&world, &bob).await.1.resumed,
        "the session is over"
    );
}

#[tokio::test]
async fn a_client_whose_socket_looks_alive_leaves_its_calls_at_once() {
    let (world, _, tickets, mut caller, mut callee) = talking().await;
    let status = leave(&world, &body(&callee, &tickets[1..])).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(caller.notice().await, ended(CallEndReason::PEER_VANISHED));
    assert_eq!(callee.close_code().await, Some(1000));
}

#[tokio::test]
async fn who_does_not_know_the_session_ends_nothing_and_learns_nothing() {
    let (world, _, tickets, mut caller, mut callee) = talking().await;
    let endpoint = callee.endpoint_id.as_str();
    let forged = [format!("{}A", tickets[1]), "a.b".to_owned(), String::new()];
    for leaving in [
        json!({"sessionId": "nobody's"}),
        json!({"sessionId": ""}),
        json!({"sessionId": endpoint, "tickets": forged}),
    ] {
        let status = leave(&world, &leaving).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{leaving}");
    }
    // A ticket of a call whose two sides are there is that of a session before.
    let status = leave(&world, &json!({"sessionId": "nobody's", "tickets": tickets})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    callee.hang_up("c").await;
    assert_eq!(caller.notice().await, ended(CallEndReason::HUNG_UP));
}

#[tokio::test]
async fn who_left_before_a_restart_is_not_waited_for_after_it() {
    for leaves_first in [true, false] {
        let (world, [_, bob], tickets) = answered().await;
        let world = world.restarted().await;
        let leaving = json!({"sessionId": "of the process before", "tickets": [tickets[0]]});
        if leaves_first {
            assert_eq!(leave(&world, &leaving).await, StatusCode::NO_CONTENT);
        }
        let mut callee = back(&world, &bob, &tickets[1]).await;
        if !leaves_first {
            assert_eq!(callee.notice().await, reachable(false), "waits");
            assert_eq!(leave(&world, &leaving).await, StatusCode::NO_CONTENT);
        }
        assert_eq!(callee.notice().await, ended(CallEndReason::PEER_VANISHED));
    }
}

#[tokio::test]
async fn who_left_does_not_end_the_call_of_who_took_the_place() {
    let (world, [ada, bob], tickets) = answered().await;
    let world = world.restarted().await;
    let mut caller = back(&world, &ada, &tickets[0]).await;
    assert_eq!(caller.notice().await, reachable(false));
    let mut callee = back(&world, &bob, &tickets[1]).await;
    for client in [&mut caller, &mut callee] {
        assert!(matches!(client.notice().await, CallNotice::Answered { .. }));
    }
    let leaving = json!({"sessionId": "of the process before", "tickets": tickets});
    assert_eq!(leave(&world, &leaving).await, StatusCode::NO_CONTENT);
    caller.hang_up("c").await;
    assert_eq!(callee.notice().await, ended(CallEndReason::HUNG_UP));
}

#[tokio::test]
async fn an_end_that_was_known_before_stays_what_it_was() {
    let (world, bob, tickets, caller) = hung_up().await;
    let leaving = body(&caller, &tickets[..1]);
    assert_eq!(leave(&world, &leaving).await, StatusCode::NO_CONTENT);
    let mut callee = back(&world, &bob, &tickets[1]).await;
    assert_eq!(callee.notice().await, ended(CallEndReason::HUNG_UP));
}

#[tokio::test]
async fn who_leaves_by_tickets_too_often_is_told_when_to_try_again_and_nobody_else_is() {
    let settings = RealtimeSettings {
        call_farewells: RateLimit {
            count: 2,
            window: Duration::from_secs(60),
        },
        ..RealtimeSettings::default()
    };
    let (world, _, [callers, callees], mut caller, mut callee) =
        talking_in(World::with(settings).await).await;
    let none = [format!("{callers}A"), "a.b".to_owned(), String::new()];
    let own = slice::from_ref(&callers);
    for tickets in [&none[..], own, &none, own, &none] {
        let leaving = json!({"sessionId": "nobody's", "tickets": tickets});
        assert_eq!(leave(&world, &leaving).await, StatusCode::NO_CONTENT);
    }
    let refused = post(&world, body(&caller, own).to_string()).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let retry_after = refused.headers()[RETRY_AFTER].to_str().unwrap().parse::<u64>();
    assert!((1..=60).contains(&retry_after.unwrap()));
    assert_eq!(
        caller.close_code().await,
        Some(1000),
        "a session ends all the same"
    );
    assert_eq!(callee.notice().await, ended(CallEndReason::PEER_VANISHED));
    let theirs = json!({"sessionId": "nobody's", "tickets": [callees]});
    assert_eq!(leave(&world, &theirs).await, StatusCode::NO_CONTENT);
    world.clock.advance(Duration::from_secs(60));
    let own = json!({"sessionId": "nobody's", "tickets": own});
    assert_eq!(leave(&world, &own).await, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_no_goodbye_is_refused() {
    let world = World::new().await;
    let mut client = Client::callable(&world, &world.person(&ALL).await).await;
    let nine = json!({"sessionId": "s", "tickets": vec!["t"; 9]}).to_string();
    for garbage in [
        "",
        "{}",
        "[]",
        "null",
        "{\"sessionId\":1}",
        "\u{0}",
        "{\"sessionId\":\"s\"",
        &nine,
    ] {
        let status = post(&world, garbage.to_owned()).await.status();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{garbage}");
    }
    let long = json!({"sessionId": "s".repeat(40_000)}).to_string();
    assert_eq!(post(&world, long).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    client.ping().await;
}

fn body(client: &Client, tickets: &[String]) -> Value {
    let session = client.session.as_ref().unwrap();
    json!({"sessionId": session.session_id, "tickets": tickets})
}

async fn leave(world: &World, leaving: &Value) -> StatusCode {
    post(world, leaving.to_string()).await.status()
}

/// As a page sends it that closes: as text.
async fn post(world: &World, body: String) -> Response {
    let url = format!("http://{}/realtime/leave", world.address);
    let request = reqwest::Client::new()
        .post(url)
        .header("content-type", "text/plain;charset=UTF-8")
        .body(body);
    request.send().await.unwrap()
}
