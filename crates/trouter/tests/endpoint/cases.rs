//! Case by case.

use std::time::Duration;

use openline_protocol::Instant;
use openline_trouter::{
    CloseReason, ConnectionNumber, Delivered, Full, Ledger, MAX_OUTBOX_BYTES, MAX_OUTBOX_EVENTS,
};

use crate::world::{HOUR, Out, World};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn names(outputs: &[(u64, Out)]) -> Vec<(u64, &str)> {
    let name = |out: &Out| match out {
        Out::Request(..) => "request",
        Out::Frame(frame) if frame.starts_with("1::") => "connect",
        Out::Frame(frame) if frame.starts_with("0:::") => "disconnect",
        Out::Frame(frame) if frame.starts_with("6:::") => "ack",
        Out::Frame(frame) if frame.contains("trouter.connected") => "connected",
        Out::Frame(frame) if frame.contains("trouter.message_loss") => "loss",
        Out::Frame(_) => "frame",
        Out::Close(_) => "close",
        Out::Settled(_) => "settled",
    };
    outputs.iter().map(|(at, out)| (*at, name(out))).collect()
}

#[test]
fn a_connection_is_greeted_before_anything_is_delivered() {
    let mut world = World::new(Ledger::at(0));
    world.offer(1).unwrap();
    world.connect();
    assert_eq!(
        names(&world.outputs()),
        [(1, "connect"), (1, "connected"), (1, "request")]
    );
}

#[test]
fn every_event_of_the_client_is_acknowledged_once() {
    let mut world = World::connected();
    world.frame(1, r#"5:1+::{"name":"user.activity","args":[{"state":"active"}]}"#);
    world.frame(1, r#"5:2+::{"name":"ping"}"#);
    world.frame(1, r#"5:::{"name":"ping"}"#);
    world.frame(1, "2::");
    let frames = ["6:::1", r#"6:::2+["pong"]"#].map(|frame| (1, Out::Frame(frame.to_owned())));
    assert_eq!(world.outputs(), frames);
}

#[test]
fn what_is_taken_or_refused_is_settled_and_never_sent_again() {
    let mut world = World::connected();
    for position in 1..=2 {
        world.offer(position).unwrap();
    }
    assert_eq!(world.requests().len(), 2);
    world.answer(1, 1, 200);
    world.answer(1, 2, 404);
    assert_eq!(
        world.outputs(),
        [
            (0, Out::Settled(Delivered::Taken)),
            (0, Out::Settled(Delivered::Refused))
        ]
    );
    assert_eq!(*world.endpoint.ledger(), Ledger::at(2));
    world.answer(1, 1, 200);
    world.answer(1, 77, 200);
    world.connect();
    assert_eq!(
        names(&world.outputs()),
        [(1, "close"), (2, "connect"), (2, "connected")]
    );
}

#[test]
fn what_timed_out_in_the_client_is_sent_once_more() {
    let mut world = World::connected();
    world.offer(1).unwrap();
    world.outputs();
    world.answer(1, 1, 504);
    assert_eq!(names(&world.outputs()), [(1, "request")]);
    assert!(!world.endpoint.ledger().is_settled(1));
    world.answer(1, 1, 504);
    assert_eq!(world.outputs(), [(0, Out::Settled(Delivered::TimedOut))]);
    assert_eq!(*world.endpoint.ledger(), Ledger::at(1));
}

#[test]
fn what_a_broken_connection_left_unanswered_is_sent_on_the_next_in_order() {
    let mut world = World::connected();
    for position in 1..=3 {
        world.offer(position).unwrap();
    }
    world.outputs();
    world.answer(1, 2, 200);
    world.outputs();
    world.endpoint.detach(ConnectionNumber(1), world.now);
    world.offer(4).unwrap();
    assert!(world.outputs().is_empty() && !world.endpoint.is_connected());
    world.connect();
    let bodies: Vec<_> = world.requests().into_iter().map(|(_, body)| body).collect();
    assert_eq!(bodies, ["event 1", "event 3", "event 4"]);
}

#[test]
fn a_connection_that_comes_while_another_is_there_takes_over_at_once() {
    let mut world = World::connected();
    world.offer(1).unwrap();
    world.outputs();
    world.connect();
    let outputs = world.outputs();
    assert_eq!(
        names(&outputs),
        [(1, "close"), (2, "connect"), (2, "connected"), (2, "request")]
    );
    assert_eq!(outputs[0].1, Out::Close(CloseReason::Superseded));
    world.answer(1, 1, 200);
    assert!(world.outputs().is_empty(), "nobody listens to the old one");
}

#[test]
fn an_event_is_taken_in_once_however_often_it_is_offered() {
    let mut world = World::connected();
    world.offer(5).unwrap();
    world.offer(5).unwrap();
    world.offer(4).unwrap();
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_ledger_from_storage_skips_what_was_answered_beyond_its_cursor() {
    let mut ledger = Ledger::at(10);
    ledger.beyond.extend([12, 14]);
    let mut world = World::new(ledger);
    world.connect();
    assert_eq!(world.endpoint.through(), 10);
    for position in 11..=15 {
        world.offer(position).unwrap();
    }
    let sent = world.requests();
    let bodies: Vec<_> = sent.iter().map(|(_, body)| body.as_str()).collect();
    assert_eq!(bodies, ["event 11", "event 13", "event 15"]);
    for (request, _) in sent {
        world.answer(1, request, 200);
    }
    assert_eq!(*world.endpoint.ledger(), Ledger::at(15));
}

#[test]
fn the_ledger_remembers_what_overtook_and_forgets_it_when_the_cursor_comes_by() {
    let mut world = World::connected();
    for position in [10, 20, 30] {
        world.offer(position).unwrap();
    }
    world.endpoint.caught_up(35);
    world.answer(1, 2, 200);
    world.answer(1, 3, 200);
    let ledger = world.endpoint.ledger();
    assert_eq!((ledger.cursor, ledger.beyond.len()), (9, 2));
    world.answer(1, 1, 200);
    assert_eq!(*world.endpoint.ledger(), Ledger::at(35));
}

#[test]
fn only_so_much_is_on_its_way_unanswered() {
    let mut world = World::connected();
    for position in 1..=100 {
        world.offer(position).unwrap();
    }
    assert_eq!(world.requests().len(), 32);
    world.answer(1, 1, 200);
    assert_eq!(world.requests(), [(33, "event 33".to_owned())]);

    let mut world = World::connected();
    let large = "x".repeat(10 * 1024);
    for position in 1..=3 {
        world
            .endpoint
            .offer(Some(position), large.clone(), world.now)
            .unwrap();
    }
    assert_eq!(world.requests().len(), 1);
    world.answer(1, 1, 200);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn answers_run_ahead_of_a_missing_one_only_so_far() {
    let mut world = World::connected();
    let mut position = 0;
    let mut sent = 0;
    loop {
        while world.endpoint.has_room() && position < 2000 {
            position += 1;
            world.offer(position).unwrap();
        }
        let requests = world.requests();
        sent += requests.len();
        if requests.iter().all(|(request, _)| *request == 1) {
            break;
        }
        for (request, _) in requests.into_iter().filter(|(request, _)| *request != 1) {
            world.answer(1, request, 200);
        }
    }
    assert_eq!(sent, 256);
    assert_eq!(world.endpoint.ledger().beyond.len(), 255);
    // What the others wait for is sent again all the same, also by a server that knows of it from its storage.
    world.answer(1, 1, 504);
    assert_eq!(world.requests(), [(1, "event 1".to_owned())]);
    let stored = world.endpoint.ledger().clone();
    let mut restarted = World::new(stored);
    restarted.connect();
    restarted.offer(1).unwrap();
    assert_eq!(restarted.requests().len(), 1);
    world.answer(1, 1, 200);
    assert_eq!(world.endpoint.ledger().cursor, 256);
    assert!(!world.requests().is_empty());
}

#[test]
fn a_full_outbox_takes_no_more_until_there_is_room() {
    let mut world = World::new(Ledger::at(0));
    let full = u64::try_from(MAX_OUTBOX_EVENTS).unwrap();
    for position in 1..=full {
        world.offer(position).unwrap();
    }
    assert_eq!(world.offer(full + 1), Err(Full));
    assert_eq!(world.endpoint.through(), full);
    assert!(!world.endpoint.has_room());
    world.connect();
    let mut answered = 0;
    while !world.endpoint.has_room() {
        for (request, _) in world.requests() {
            world.answer(1, request, 200);
            answered += 1;
        }
    }
    assert!(answered >= MAX_OUTBOX_EVENTS / 2);
    world.offer(full + 1).unwrap();
}

#[test]
fn an_event_larger_than_the_outbox_has_room_when_it_is_alone() {
    let mut world = World::new(Ledger::at(0));
    let large = "x".repeat(MAX_OUTBOX_BYTES + 1);
    world.endpoint.offer(Some(1), large.clone(), world.now).unwrap();
    assert_eq!(world.endpoint.offer(Some(2), large, world.now), Err(Full));
    assert_eq!(world.offer(2), Err(Full));
}

#[test]
fn typing_is_delivered_now_or_never() {
    let mut world = World::new(Ledger::at(0));
    let typing = || "typing".to_owned();
    world.endpoint.offer(None, typing(), world.now).unwrap();
    world.connect();
    assert!(world.requests().is_empty(), "it is of the moment");
    world.endpoint.offer(None, typing(), world.now).unwrap();
    assert_eq!(world.requests(), [(1, typing())]);
    world.endpoint.detach(ConnectionNumber(1), world.now);
    world.connect();
    assert!(world.requests().is_empty());
    assert_eq!(*world.endpoint.ledger(), Ledger::at(0));
}

#[test]
fn a_log_that_does_not_reach_back_is_told_until_the_client_has_heard_of_it() {
    let mut world = World::new(Ledger::at(3));
    world.endpoint.events_lost(90);
    assert!(world.outputs().is_empty());
    world.connect();
    assert_eq!(
        names(&world.outputs()),
        [(1, "connect"), (1, "connected"), (1, "loss")]
    );
    world.connect();
    assert_eq!(
        names(&world.outputs()),
        [(1, "close"), (2, "connect"), (2, "connected"), (2, "loss")]
    );
    world.frame(2, r#"5:1+::{"name":"trouter.processed_message_loss","args":[]}"#);
    assert_eq!(names(&world.outputs()), [(2, "ack")]);
    world.connect();
    assert_eq!(
        names(&world.outputs()),
        [(2, "close"), (3, "connect"), (3, "connected")]
    );
    assert_eq!(*world.endpoint.ledger(), Ledger::at(90));
}

#[test]
fn an_event_under_which_connections_keep_dying_is_given_up_and_told_as_lost() {
    let mut world = World::connected();
    world.offer(1).unwrap();
    for connection in 1..20 {
        assert_eq!(world.requests().len(), 1, "{connection}");
        world.endpoint.detach(ConnectionNumber(connection), world.now);
        world.connect();
    }
    world.outputs();
    world.endpoint.detach(ConnectionNumber(20), world.now);
    assert_eq!(world.outputs(), [(0, Out::Settled(Delivered::GivenUp))]);
    assert_eq!(*world.endpoint.ledger(), Ledger::at(1));
    world.connect();
    assert_eq!(
        names(&world.outputs()),
        [(21, "connect"), (21, "connected"), (21, "loss")]
    );
}

#[test]
fn silence_closes_a_connection_and_any_sign_of_life_keeps_it() {
    let mut world = World::connected();
    world.advance(seconds(99));
    world.frame(1, "2::");
    world.advance(seconds(99));
    world.endpoint.heard(ConnectionNumber(1), world.now);
    assert!(world.outputs().is_empty());
    assert_eq!(world.endpoint.poll_timeout(), Some(world.now + seconds(100)));
    world.advance(seconds(100));
    assert_eq!(world.outputs(), [(1, Out::Close(CloseReason::Silent))]);
    assert_eq!(world.endpoint.poll_timeout(), None);
}

#[test]
fn a_client_that_pings_but_answers_nothing_is_taken_for_dead() {
    let mut world = World::connected();
    world.advance(seconds(30));
    world.offer(1).unwrap();
    world.outputs();
    world.advance(seconds(59));
    world.frame(1, r#"5:1+::{"name":"ping"}"#);
    assert_eq!(names(&world.outputs()), [(1, "ack")]);
    world.advance(seconds(1));
    assert_eq!(world.outputs(), [(1, Out::Close(CloseReason::Unanswered))]);
}

#[test]
fn a_connection_ends_as_unauthorized_when_its_token_does() {
    let mut world = World::new(Ledger::at(0));
    world.endpoint.attach(ConnectionNumber(1), seconds(50), world.now);
    world.outputs();
    world.advance(seconds(49));
    world
        .endpoint
        .token_renewed(ConnectionNumber(1), seconds(10), world.now);
    world
        .endpoint
        .token_renewed(ConnectionNumber(1), seconds(1), world.now);
    world.advance(seconds(9));
    assert!(world.outputs().is_empty());
    world.advance(seconds(1));
    let unauthorized = r#"0:::{"reason":"unauthorized"}"#.to_owned();
    let end = [
        (1, Out::Frame(unauthorized)),
        (1, Out::Close(CloseReason::Unauthorized)),
    ];
    assert_eq!(world.outputs(), end);

    let mut world = World::connected();
    for _ in 0..2 {
        world
            .endpoint
            .close_connection(ConnectionNumber(1), CloseReason::Unauthorized, world.now);
    }
    assert_eq!(world.outputs(), end);
}

#[test]
fn goodbye_and_what_is_no_frame_close() {
    let mut world = World::connected();
    world.frame(1, "0::");
    assert_eq!(world.outputs(), [(1, Out::Close(CloseReason::Left))]);
    for garbage in ["", "hello", "5:1+::", "3:::{}", "5:1+::{\"name\":1}"] {
        let mut world = World::connected();
        world.frame(1, garbage);
        assert_eq!(
            world.outputs(),
            [(1, Out::Close(CloseReason::BadFrame))],
            "{garbage}"
        );
    }
}

#[test]
fn frames_of_a_connection_that_is_gone_change_nothing() {
    let mut world = World::connected();
    world.offer(1).unwrap();
    world.endpoint.detach(ConnectionNumber(1), world.now);
    world.outputs();
    world.answer(1, 1, 200);
    world.frame(1, r#"5:1+::{"name":"ping"}"#);
    world.endpoint.detach(ConnectionNumber(1), world.now);
    assert!(world.outputs().is_empty());
    assert_eq!(*world.endpoint.ledger(), Ledger::at(0));
}

#[test]
fn every_deadline_is_ahead_until_all_is_over() {
    let mut world = World::connected();
    world.offer(1).unwrap();
    while let Some(due) = world.endpoint.poll_timeout() {
        assert!(due > world.now, "{due:?}");
        world.advance(due.saturating_duration_since(world.now));
    }
    assert!(world.now < Instant::from_millis(1) + HOUR);
}

#[test]
fn who_sends_more_than_it_may_is_closed_and_answers_are_on_top() {
    let mut world = World::connected();
    for position in 1..=100 {
        world.offer(position).unwrap();
        let (request, _) = world.requests()[0];
        world.answer(1, request, 200);
        world.frame(1, r#"5:1+::{"name":"ping"}"#);
        world.outputs();
    }
    for _ in 0..200 {
        world.frame(1, "2::");
    }
    assert_eq!(world.outputs(), []);
    for _ in 0..101 {
        world.frame(1, "2::");
    }
    assert_eq!(world.outputs(), [(1, Out::Close(CloseReason::Flood))]);
}

#[test]
fn a_server_that_stops_awaits_the_answers_and_delivers_nothing_more() {
    let mut world = World::connected();
    world.offer(1).unwrap();
    assert_eq!(world.requests().len(), 1);
    world.endpoint.pause();
    world.offer(2).unwrap();
    world.endpoint.shut_down(seconds(1), world.now);
    assert_eq!(world.outputs(), []);
    assert!(world.endpoint.has_unanswered());
    world.answer(1, 1, 200);
    assert!(!world.endpoint.has_unanswered());
    assert_eq!(
        world.outputs(),
        [
            (0, Out::Settled(Delivered::Taken)),
            (1, Out::Close(CloseReason::Stopping))
        ]
    );
    assert_eq!(*world.endpoint.ledger(), Ledger::at(1));
    assert_eq!(world.endpoint.poll_timeout(), None);
}

#[test]
fn a_server_that_stops_does_not_wait_for_ever() {
    let mut world = World::connected();
    world.offer(1).unwrap();
    world.outputs();
    world.endpoint.shut_down(seconds(1), world.now);
    assert_eq!(world.outputs(), []);
    assert_eq!(world.endpoint.poll_timeout(), Some(world.now + seconds(1)));
    world.advance(seconds(1));
    assert_eq!(world.outputs(), [(1, Out::Close(CloseReason::Stopping))]);
    assert_eq!(*world.endpoint.ledger(), Ledger::at(0));
}
