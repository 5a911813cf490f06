//! What the server refuses, relays, counts and releases, command by command.

mod support;

use std::time::Duration;

use openline_call::{
    exchange::{EndpointRef, ExchangeCounts, GoneReason, Notify},
    limits::{MAX_DISPLAY_NAME_CHARS, MAX_LIVE_CALLS, MAX_RINGING_CALLS},
};
use openline_protocol::{
    CallEndReason,
    realtime::{CallCommand, CallNotice, MediaState},
};
use support::exchange::{
    NOW, accept, answer, answered_call, command_of, counts, description, drain, ended, endpoint,
    every_command_but_start, exchange, signal, start, user,
};

#[test]
fn a_third_party_neither_learns_of_a_call_nor_affects_it() {
    let mut exchange = exchange(&["alice", "bob", "mallory"]);
    answered_call(&mut exchange);
    for command in every_command_but_start("call") {
        let notices = command_of(&mut exchange, "mallory", command);
        assert_eq!(notices, [ended("mallory", "call", CallEndReason::UNKNOWN_CALL)]);
    }
    let notices = start(&mut exchange, "mallory", "call", &user("bob"));
    assert_eq!(notices, [ended("mallory", "call", CallEndReason::NOT_ALLOWED)]);
    assert_eq!(exchange.counts().answered_calls, 1);
}

#[test]
fn a_third_party_cannot_touch_a_ringing_call() {
    let mut exchange = exchange(&["alice", "bob", "mallory"]);
    start(&mut exchange, "alice", "call", &user("bob"));
    for command in every_command_but_start("call") {
        let notices = command_of(&mut exchange, "mallory", command);
        assert_eq!(notices, [ended("mallory", "call", CallEndReason::UNKNOWN_CALL)]);
    }
    assert_eq!(exchange.counts().ringing_calls, 1);
}

#[test]
fn a_command_about_an_unknown_call_is_answered() {
    let mut exchange = exchange(&["alice"]);
    for command in every_command_but_start("nothing") {
        let notices = command_of(&mut exchange, "alice", command);
        assert_eq!(notices, [ended("alice", "nothing", CallEndReason::UNKNOWN_CALL)]);
    }
}

#[test]
fn an_endpoint_that_is_not_registered_can_do_nothing() {
    let mut exchange = exchange(&["bob"]);
    let notices = start(&mut exchange, "nobody", "call", &user("bob"));
    assert_eq!(notices, [ended("nobody", "call", CallEndReason::NOT_ALLOWED)]);
    assert_eq!(exchange.counts().ringing_calls, 0);
}

#[test]
fn only_users_of_the_own_resource_other_than_oneself_can_be_called() {
    let mut exchange = exchange(&["alice", "bob"]);
    for (callee, reason) in [
        ("nonsense", CallEndReason::CALLEE_MALFORMED),
        ("", CallEndReason::CALLEE_MALFORMED),
        ("4:+4912345", CallEndReason::CALLEE_MALFORMED),
        ("8:orgid:1", CallEndReason::CALLEE_MALFORMED),
        ("8:acs:other_bob", CallEndReason::NOT_ALLOWED),
        (user("alice").as_str(), CallEndReason::NOT_ALLOWED),
        (user("carol").as_str(), CallEndReason::NOT_REGISTERED),
    ] {
        let notices = start(&mut exchange, "alice", "call", &callee.into());
        assert_eq!(notices, [ended("alice", "call", reason)], "{callee}");
    }
    assert_eq!(
        exchange.counts(),
        ExchangeCounts {
            endpoints: 2,
            identities: 2,
            ..counts()
        }
    );
}

#[test]
fn a_token_for_joining_only_starts_no_calls() {
    let mut exchange = exchange(&["bob"]);
    exchange.endpoint_registered(
        EndpointRef {
            may_start: false,
            ..endpoint("alice", "alice")
        },
        NOW,
    );
    let notices = start(&mut exchange, "alice", "call", &user("bob"));
    assert_eq!(notices, [ended("alice", "call", CallEndReason::NOT_ALLOWED)]);
}

#[test]
fn a_repeated_start_changes_nothing() {
    let mut exchange = exchange(&["alice", "bob"]);
    assert_eq!(start(&mut exchange, "alice", "call", &user("bob")).len(), 2);
    assert_eq!(start(&mut exchange, "alice", "call", &user("bob")), []);
    answer(&mut exchange);
    assert_eq!(start(&mut exchange, "alice", "call", &user("bob")), []);
    assert_eq!(exchange.counts().answered_calls, 1);
}

#[test]
fn an_identity_has_eight_calls_at_once() {
    let mut exchange = exchange(&["alice", "bob"]);
    for number in 0..MAX_LIVE_CALLS {
        assert_eq!(
            start(&mut exchange, "alice", &format!("call {number}"), &user("bob")).len(),
            2
        );
    }
    let notices = start(&mut exchange, "alice", "ninth", &user("bob"));
    assert_eq!(
        notices,
        [ended("alice", "ninth", CallEndReason::SERVICE_UNAVAILABLE)]
    );
    command_of(
        &mut exchange,
        "alice",
        CallCommand::HangUp {
            call_id: "call 0".into(),
        },
    );
    assert_eq!(start(&mut exchange, "alice", "ninth", &user("bob")).len(), 2);
}

#[test]
fn whoever_has_eight_calls_cannot_answer_another() {
    let names = ["alice", "bob", "carol"];
    let mut exchange = exchange(&names);
    for number in 0..MAX_LIVE_CALLS {
        start(&mut exchange, "bob", &format!("call {number}"), &user("carol"));
    }
    start(&mut exchange, "alice", "call", &user("bob"));
    let notices = command_of(&mut exchange, "bob", accept("call"));
    assert_eq!(
        notices,
        [
            ended("alice", "call", CallEndReason::SERVICE_UNAVAILABLE),
            ended("bob", "call", CallEndReason::SERVICE_UNAVAILABLE)
        ]
    );
}

#[test]
fn only_so_many_calls_ring_at_one_identity() {
    let mut exchange = exchange(&["bob"]);
    for number in 0..=MAX_RINGING_CALLS {
        let name = format!("caller {number}");
        exchange.endpoint_registered(endpoint(&name, &name), NOW);
        let notices = start(&mut exchange, &name, &name, &user("bob"));
        if number < MAX_RINGING_CALLS {
            assert_eq!(notices.len(), 2);
        } else {
            assert_eq!(notices, [ended(&name, &name, CallEndReason::SERVICE_UNAVAILABLE)]);
        }
    }
}

#[test]
fn a_display_name_is_cut_between_characters() {
    let mut exchange = exchange(&["alice", "bob"]);
    let command = CallCommand::Start {
        call_id: "call".into(),
        callee: user("bob"),
        display_name: Some("ä".repeat(MAX_DISPLAY_NAME_CHARS + 50)),
        media: MediaState::default(),
        custom_context: None,
    };
    let notices = command_of(&mut exchange, "alice", command);
    let name = notices.into_iter().find_map(|notify| match notify.notice {
        CallNotice::Incoming { caller, .. } => caller.display_name,
        CallNotice::Ringing { .. }
        | CallNotice::Merged { .. }
        | CallNotice::Answered { .. }
        | CallNotice::Signal { .. }
        | CallNotice::Media { .. }
        | CallNotice::PeerReachable { .. }
        | CallNotice::Transfer { .. }
        | CallNotice::Ended { .. } => None,
    });
    assert_eq!(name, Some("ä".repeat(MAX_DISPLAY_NAME_CHARS)));
}

#[test]
fn a_call_id_that_is_none_is_refused() {
    let mut exchange = exchange(&["alice", "bob"]);
    for call_id in [String::new(), "x".repeat(65)] {
        let notices = start(&mut exchange, "alice", &call_id, &user("bob"));
        assert_eq!(notices, [ended("alice", &call_id, CallEndReason::NOT_ALLOWED)]);
    }
}

#[test]
fn signals_pass_between_the_two_who_are_in_the_call_and_nobody_else() {
    let mut exchange = exchange(&["alice", "bob"]);
    exchange.endpoint_registered(endpoint("tablet", "bob"), NOW);
    start(&mut exchange, "alice", "call", &user("bob"));
    assert_eq!(
        command_of(&mut exchange, "alice", signal("call")),
        [],
        "nobody has answered"
    );
    assert_eq!(
        command_of(&mut exchange, "tablet", signal("call")),
        [],
        "it only rings there"
    );
    answer(&mut exchange);
    for (from, to) in [("alice", "bob"), ("bob", "alice")] {
        let notices = command_of(&mut exchange, from, signal("call"));
        let notice = CallNotice::Signal {
            call_id: "call".into(),
            signal: description(),
        };
        assert_eq!(
            notices,
            [Notify {
                endpoint_id: to.into(),
                notice
            }]
        );
    }
    let notices = command_of(&mut exchange, "tablet", signal("call"));
    assert_eq!(
        notices,
        [ended("tablet", "call", CallEndReason::UNKNOWN_CALL)],
        "answered elsewhere"
    );
}

#[test]
fn a_client_cannot_make_the_other_side_believe_what_only_the_server_knows() {
    for (told, passed_on) in [
        (
            CallEndReason::MEDIA_NOT_CONNECTED,
            CallEndReason::MEDIA_NOT_CONNECTED,
        ),
        (CallEndReason::MEDIA_LOST, CallEndReason::MEDIA_LOST),
        (CallEndReason::PEER_UNREACHABLE, CallEndReason::PEER_UNREACHABLE),
        (
            CallEndReason::TOKEN_REFUSED,
            CallEndReason::MEDIA_NEGOTIATION_FAILED,
        ),
        (CallEndReason::new(7, 7), CallEndReason::MEDIA_NEGOTIATION_FAILED),
    ] {
        let mut exchange = exchange(&["alice", "bob"]);
        answered_call(&mut exchange);
        let fail = CallCommand::Fail {
            call_id: "call".into(),
            reason: told,
        };
        let notices = command_of(&mut exchange, "alice", fail);
        assert_eq!(
            notices,
            [ended("alice", "call", passed_on), ended("bob", "call", passed_on)]
        );
        assert_eq!(
            exchange.counts(),
            ExchangeCounts {
                endpoints: 2,
                identities: 2,
                ..counts()
            }
        );
    }
}

#[test]
fn a_caller_that_fails_before_the_answer_cancels() {
    let mut exchange = exchange(&["alice", "bob"]);
    start(&mut exchange, "alice", "call", &user("bob"));
    let reason = CallEndReason::MEDIA_NEGOTIATION_FAILED;
    let notices = command_of(
        &mut exchange,
        "alice",
        CallCommand::Fail {
            call_id: "call".into(),
            reason,
        },
    );
    let cancelled = CallEndReason::CANCELLED;
    assert_eq!(
        notices,
        [ended("alice", "call", cancelled), ended("bob", "call", cancelled)]
    );
}

#[test]
fn calling_back_after_a_call_is_over_is_a_call_of_its_own() {
    let mut exchange = exchange(&["alice", "bob"]);
    start(&mut exchange, "alice", "call", &user("bob"));
    command_of(
        &mut exchange,
        "alice",
        CallCommand::HangUp {
            call_id: "call".into(),
        },
    );
    let notices = start(&mut exchange, "bob", "back", &user("alice"));
    assert!(
        matches!(
            &notices[..],
            [
                Notify {
                    notice: CallNotice::Incoming { .. },
                    ..
                },
                Notify {
                    notice: CallNotice::Ringing { .. },
                    ..
                }
            ]
        ),
        "{notices:?}"
    );
}

#[test]
fn the_time_left_to_ring_is_told_to_who_comes_later() {
    let mut exchange = exchange(&["alice", "bob"]);
    start(&mut exchange, "alice", "call", &user("bob"));
    exchange.endpoint_registered(endpoint("tablet", "bob"), NOW + Duration::from_secs(20));
    let notices = drain(&mut exchange);
    assert!(
        matches!(
            &notices[..],
            [Notify {
                notice: CallNotice::Incoming {
                    ring_timeout_ms: 40_000,
                    ..
                },
                ..
            }]
        ),
        "{notices:?}"
    );
}

#[test]
fn nothing_is_kept_of_who_is_gone() {
    let mut exchange = exchange(&["alice", "bob"]);
    answered_call(&mut exchange);
    exchange.endpoint_interrupted(&"alice".into());
    exchange.endpoint_gone(&"alice".into(), GoneReason::GraceOver);
    exchange.endpoint_gone(&"bob".into(), GoneReason::Left);
    exchange.endpoint_gone(&"bob".into(), GoneReason::Left);
    exchange.endpoint_resumed(&"bob".into(), NOW);
    assert_eq!(exchange.counts(), counts());
    assert_eq!(exchange.poll_timeout(), None);
    assert!(!exchange.is_live(&"call".into()));
}

#[test]
fn subscribing_again_renews_the_name_and_rings_nothing_twice() {
    let mut exchange = exchange(&["alice", "bob"]);
    start(&mut exchange, "alice", "call", &user("bob"));
    let renamed = EndpointRef {
        display_name: Some("Robert".into()),
        ..endpoint("bob", "bob")
    };
    exchange.endpoint_registered(renamed, NOW);
    assert_eq!(drain(&mut exchange), []);
    let notices = command_of(&mut exchange, "bob", accept("call"));
    assert!(notices.iter().any(|notify| matches!(&notify.notice,
        CallNotice::Answered { peer, .. } if peer.display_name.as_deref() == Some("Robert"))));
}

#[test]
fn the_caller_gives_no_way_and_the_callee_is_polite() {
    let mut exchange = exchange(&["alice", "bob"]);
    start(&mut exchange, "alice", "call", &user("bob"));
    let notices = command_of(&mut exchange, "bob", accept("call"));
    let polite: Vec<(&str, bool)> = notices
        .iter()
        .filter_map(|notify| match &notify.notice {
            CallNotice::Answered { polite, .. } => Some((notify.endpoint_id.as_str(), *polite)),
            CallNotice::Incoming { .. }
            | CallNotice::Ringing { .. }
            | CallNotice::Merged { .. }
            | CallNotice::Signal { .. }
            | CallNotice::Media { .. }
            | CallNotice::PeerReachable { .. }
            | CallNotice::Transfer { .. }
            | CallNotice::Ended { .. } => None,
        })
        .collect();
    assert_eq!(polite, [("alice", false), ("bob", true)]);
}
