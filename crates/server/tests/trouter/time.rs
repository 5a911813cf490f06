//! What time does to connections: heartbeats, silence, answers that never come, and what expires.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    client::{Came, TRANSPORTS, Tab, Transport, in_time},
    world::World,
};

const HOUR: Duration = Duration::from_secs(3600);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn a_client_that_only_pings_every_forty_seconds_stays() {
    let world = World::new().await;
    let ann = world.person().await;
    let thread = world.thread(&ann, &[]).await;
    let mut client = world.tab(&ann, "a").connect(Transport::WebSocket).await;
    for _ in 0..10 {
        world.clock.advance(seconds(40));
        client.settle().await;
    }
    world.send(&ann, &thread, "one").await;
    assert_eq!(client.text().await, "one");
}

#[tokio::test]
async fn a_page_whose_timers_sleep_stays_while_its_browser_answers_pings() {
    let world = World::new().await;
    let ann = world.person().await;
    let thread = world.thread(&ann, &[]).await;
    let mut client = world.tab(&ann, "a").connect(Transport::WebSocket).await;
    for _ in 0..10 {
        world.clock.advance(seconds(25));
        client.pinged().await;
    }
    world.send(&ann, &thread, "one").await;
    assert_eq!(client.text().await, "one");
}

#[tokio::test]
async fn a_client_that_is_silent_for_a_hundred_seconds_is_closed_and_what_it_missed_waits() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let mut client = tab.connect(transport).await;
        client.settle().await;
        world.clock.advance(seconds(100));
        let end = match transport {
            Transport::WebSocket => Some(1000),
            Transport::Polling => None,
        };
        assert_eq!(client.next().await, Came::End(end));
        world.send(&ann, &thread, "missed").await;
        assert_eq!(tab.connect(transport).await.text().await, "missed");
    }
}

#[tokio::test]
async fn a_client_that_never_answers_gets_the_event_on_each_connection_until_it_is_given_up() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let mut client = tab.connect(transport).await;
        world.send(&ann, &thread, "deadly").await;
        for _ in 0..20 {
            assert_eq!(client.request().await.1["messageBody"], "deadly");
            world.clock.advance(seconds(50));
            client.settle().await;
            world.clock.advance(seconds(10));
            assert!(matches!(client.next().await, Came::End(_)));
            client = tab.connect(transport).await;
        }
        client.is_told_of_a_loss().await;
        world.send(&ann, &thread, "next").await;
        assert_eq!(client.text().await, "next");
        client.settle().await;
    }
}

#[tokio::test]
async fn only_so_much_is_on_its_way_to_a_client_that_does_not_answer() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let thread = world.thread(&ann, &[]).await;
        let mut client = world.tab(&ann, "a").connect(transport).await;
        for number in 0..40 {
            world.send(&ann, &thread, &number.to_string()).await;
        }
        let mut requests = Vec::new();
        for number in 0..32 {
            let (id, event) = client.request().await;
            assert_eq!(event["messageBody"], number.to_string());
            requests.push(id);
        }
        client.settle().await;
        client.answer(requests[7], 200).await;
        assert_eq!(client.request().await.1["messageBody"], "32");
        client.settle().await;
    }
}

#[tokio::test]
async fn a_registration_is_renewed_and_events_do_not_wait_for_it() {
    for transport in TRANSPORTS {
        let world = World::new().await;
        let ann = world.person().await;
        let ann = world
            .token_for(&ann.raw_id(), &[openline_protocol::Scope::Chat], 24 * HOUR)
            .await;
        let thread = world.thread(&ann, &[]).await;
        let tab = world.tab(&ann, "a");
        let mut client = tab.connect(transport).await;
        assert_eq!(register(&tab).await, StatusCode::ACCEPTED);
        // Renewed before it expires, and then not.
        for (text, renewed) in [("renewed", true), ("expired", false)] {
            for _ in 0..90 {
                world.clock.advance(seconds(80));
                client.settle().await;
            }
            if renewed {
                assert_eq!(register(&tab).await, StatusCode::ACCEPTED);
            }
            world.send(&ann, &thread, text).await;
            assert_eq!(client.text().await, text);
            client.settle().await;
        }
    }
}

/// As the published client does.
async fn register(tab: &Tab) -> StatusCode {
    let body: Value = json!({
        "clientDescription": { "appId": "AcsWeb", "platform": "SPOOL", "templateKey": "AcsWeb_Chat_2.1" },
        "registrationId": tab.epid,
        "nodeId": "",
        "transports": { "TROUTER": [{ "context": "", "path": "https://rt.test/", "ttl": 7200 }] },
    });
    let request = tab.request(Method::POST, "/v3/registrations").json(&body);
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn parameters_expire_after_seven_days_and_a_number_after_a_minute() {
    let world = World::new().await;
    let ann = world.person().await;
    let tab = world.tab(&ann, "a");
    let (sid, _) = tab.sid().await;
    let query = tab.query(&tab.allocate().await);
    world.clock.advance(seconds(60));
    let poll = tab.request(Method::GET, &format!("/socket.io/1/xhr-polling/{sid}"));
    assert_eq!(poll.send().await.unwrap().status(), 404);
    assert_eq!(tab.handshake(&query).await.status(), 200);
    world.clock.advance(7 * 24 * HOUR);
    let ann = world.signed_in_again(&ann).await;
    let tab = world.tab(&ann, "a");
    assert_eq!(tab.handshake(&query).await.status(), 403);
    tab.connect(Transport::WebSocket).await.settle().await;
}

#[tokio::test]
async fn a_poll_of_a_connection_that_ended_says_so_for_a_while_and_is_then_unknown() {
    let world = World::new().await;
    let ann = world.person().await;
    let tab = world.tab(&ann, "a");
    let mut client = tab.connect(Transport::Polling).await;
    client.send("0::").await;
    for _ in 0..2 {
        assert_eq!(client.next().await, Came::End(None));
        assert_eq!(client.post("2::").await, 200);
    }
    in_time(async {
        while client.post("2::").await != 404 {
            world.clock.advance(seconds(1));
        }
    })
    .await;
    assert_eq!(client.next().await, Came::End(Some(404)));
}
