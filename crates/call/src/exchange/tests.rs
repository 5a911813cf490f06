//! That nothing of a call outlives it, in any of the books.

use std::time::Duration;

use openline_protocol::{
    Instant, RawId,
    realtime::{CallCommand, MediaState},
};

use super::{EndpointRef, Exchange, ExchangeConfig, GoneReason};

const NOW: Instant = Instant::from_millis(0);

#[test]
fn nothing_of_a_call_outlives_it_however_it_ends() {
    let hang_up = |exchange: &mut Exchange, who: &str, call_id: &str| {
        exchange.handle_command(
            &who.into(),
            CallCommand::HangUp {
                call_id: call_id.into(),
            },
            NOW,
        );
    };
    let ends: [&dyn Fn(&mut Exchange); 8] = [
        &|exchange| hang_up(exchange, "alice", "call"),
        &|exchange| hang_up(exchange, "bob", "call"),
        &|exchange| exchange.handle_timeout(NOW + Duration::from_secs(60)),
        &|exchange| {
            accept(exchange);
            hang_up(exchange, "alice", "call");
        },
        &|exchange| {
            accept(exchange);
            hang_up(exchange, "bob", "call");
        },
        &|exchange| {
            // Bob calls back and is merged; each id names the call.
            start(exchange, "bob", "alice", "merged");
            hang_up(exchange, "bob", "merged");
        },
        &|exchange| {
            accept(exchange);
            exchange.endpoint_gone(&"bob".into(), GoneReason::Left);
            register(exchange, "bob", "bob");
        },
        &|exchange| {
            exchange.endpoint_gone(&"alice".into(), GoneReason::GraceOver);
            register(exchange, "alice", "alice");
        },
    ];
    for (index, end) in ends.iter().enumerate() {
        let mut exchange = Exchange::new(ExchangeConfig::default());
        register(&mut exchange, "alice", "alice");
        register(&mut exchange, "bob", "bob");
        register(&mut exchange, "tablet", "bob");
        start(&mut exchange, "alice", "bob", "call");
        end(&mut exchange);
        assert_no_traces(&exchange, index);
    }
}

fn assert_no_traces(exchange: &Exchange, case: usize) {
    assert!(exchange.calls.is_empty(), "case {case}");
    assert!(exchange.call_keys.is_empty(), "case {case}");
    assert!(exchange.ringing.is_empty(), "case {case}");
    assert!(exchange.deadlines.is_empty(), "case {case}");
    assert!(exchange.awaited.is_empty(), "case {case}");
    assert!(
        exchange
            .endpoints
            .values()
            .all(|endpoint| endpoint.calls.is_empty()),
        "case {case}"
    );
    assert!(
        exchange
            .identities
            .values()
            .all(|identity| identity.ringing.is_empty() && identity.live_calls == 0),
        "case {case}"
    );
}

fn user(name: &str) -> RawId {
    RawId::communication_user(&"r".into(), name)
}

fn register(exchange: &mut Exchange, endpoint_id: &str, name: &str) {
    let endpoint = EndpointRef {
        resource: "r".into(),
        raw_id: user(name),
        endpoint_id: endpoint_id.into(),
        display_name: None,
        may_start: true,
    };
    exchange.endpoint_registered(endpoint, NOW);
}

fn start(exchange: &mut Exchange, endpoint_id: &str, callee: &str, call_id: &str) {
    let (callee, media) = (user(callee), MediaState::default());
    let start = CallCommand::Start {
        call_id: call_id.into(),
        callee,
        display_name: None,
        media,
        custom_context: None,
    };
    exchange.handle_command(&endpoint_id.into(), start, NOW);
}

fn accept(exchange: &mut Exchange) {
    let accept = CallCommand::Accept {
        call_id: "call".into(),
        display_name: None,
        media: MediaState::default(),
    };
    exchange.handle_command(&"bob".into(), accept, NOW);
}
