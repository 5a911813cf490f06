//! The two halves against each other: one behaviour per test.

mod support;

use std::time::Duration;

use openline_protocol::{
    CallId, Instant,
    realtime::{
        CallCommand, CallNotice, ClientFrame, CloseCode, PeerSignal, ServerFrame, SessionDescription,
        SessionDescriptionType, Topic,
        limits::{MAX_CLIENT_FRAME_BYTES, MAX_UNACKNOWLEDGED},
    },
};
use openline_session::{
    ClientEvent, ClientOutput, ClientState, CommandRefused, DisconnectReason, IceGrant, ServerSession,
    ServerSessionConfig, SessionEnd, TokenFailure,
};
use support::{Down, Up, World};

const fn is_resumed(event: &ClientEvent) -> bool {
    matches!(event, ClientEvent::SessionStarted { resumed: true, .. })
}

const fn is_lost(event: &ClientEvent) -> bool {
    matches!(event, ClientEvent::SessionLost { .. })
}

#[test]
fn a_cut_after_any_number_of_frames_loses_and_repeats_nothing() {
    for carried in 0..40 {
        let mut world = World::connected(carried);
        for _ in 0..8 {
            world.command();
            world.notice();
        }
        for step in 0..carried {
            if step % 2 == 0 {
                world.carry_up()
            } else {
                world.carry_down()
            };
        }
        world.cut();
        world.client_notices_cut();
        world.settle();
        let tags = |list: &[(usize, u64)]| list.iter().map(|(_, tag)| *tag).collect::<Vec<_>>();
        assert_eq!(
            tags(&world.handled),
            (1..=8).collect::<Vec<_>>(),
            "after {carried}"
        );
        assert_eq!(
            tags(&world.noticed),
            (1..=8).collect::<Vec<_>>(),
            "after {carried}"
        );
        assert_eq!(world.told(is_resumed), 1);
        assert_eq!(world.told(is_lost), 0);
    }
}

#[test]
fn commands_given_before_there_is_a_session_are_sent_in_it() {
    let mut world = World::new(1);
    assert_eq!(
        world.client.send_command(
            CallCommand::HangUp {
                call_id: CallId::new("0")
            },
            world.now
        ),
        Err(CommandRefused::NotConnected)
    );
    world.connect();
    world.command();
    world.command();
    world.settle();
    assert_eq!(world.handled, [(1, 1), (1, 2)]);
}

#[test]
fn a_session_resumed_twice_goes_on_on_the_newest_socket() {
    let mut world = World::connected(3);
    world.command();
    world.cut();
    world.client_notices_cut();
    world.advance(Duration::from_secs(2));
    world.cut();
    world.client_notices_cut();
    world.settle();
    world.notice();
    world.settle();
    assert_eq!(world.handled, [(1, 1)]);
    assert_eq!(world.noticed, [(1, 1)]);
    assert_eq!(world.sessions_started, 1);
}

#[test]
fn a_break_longer_than_the_grace_period_loses_the_session_on_both_sides() {
    let mut world = World::connected(4);
    world.network_up = false;
    world.cut();
    world.command();
    world.client_notices_cut();
    world.server_notices_cut();
    world.advance(Duration::from_secs(60));
    assert_eq!(
        world.told(|event| matches!(event, ClientEvent::SessionLost { dropped_commands: 1 })),
        1
    );
    assert_eq!(world.ended, [SessionEnd::Expired]);
    world.network_up = true;
    world.client.network_hint(world.now);
    world.drain_client();
    world.settle();
    assert_eq!(world.client.state(), ClientState::Connected);
    assert_eq!(world.sessions_started, 2);
    assert_eq!(world.told(is_resumed), 0);
}

#[test]
fn a_socket_that_ends_without_a_close_frame_leaves_less_time_than_silence_does() {
    let at = |seconds: u64| Instant::from_millis(seconds * 1_000);
    let token = Duration::from_secs(3_600);
    let mut session = ServerSession::new(ServerSessionConfig::default(), "s".into(), "e".into(), at(0));
    for (code, left) in [(None, 15), (Some(4408), 30)] {
        session
            .attach(None, token, IceGrant::default(), at(0))
            .expect("a socket");
        session.detach(code, at(0));
        assert_eq!(session.poll_timeout(), Some(at(left)), "{code:?}");
    }
    session
        .attach(None, token, IceGrant::default(), at(0))
        .expect("a socket");
    session.handle_timeout(at(25));
    assert_eq!(session.poll_timeout(), Some(at(25 + 30)), "silence");
}

#[test]
fn a_hello_that_comes_after_the_next_one_takes_nothing_from_it() {
    let mut world = World::connected(8);
    world.cut();
    world.client_notices_cut();
    world.next_timer();
    assert_eq!(
        world.client.state(),
        ClientState::Greeting,
        "its hello is on its way"
    );
    while world.client.state() != ClientState::WaitingToRetry {
        assert!(world.next_timer(), "nobody waits for it for ever");
    }
    world.next_timer();
    assert_eq!(world.client.state(), ClientState::Greeting, "another one is, too");
    while world.carry_up_newest() || world.carry_down() {}
    assert_eq!(world.client.state(), ClientState::Connected);
    let newest = world.server_socket;
    world.carry_all();
    assert_eq!(world.client.state(), ClientState::Connected);
    assert_eq!(world.server_socket, newest);
    assert_eq!(world.told(is_resumed), 1);
    assert!(world.command());
    world.settle();
    assert_eq!(world.handled.len(), 1);
}

#[test]
fn a_line_that_is_back_after_eleven_seconds_resumes_the_session() {
    for seed in 0..200 {
        let mut world = World::connected(seed);
        break_line(&mut world, Duration::from_secs(11));
        world.advance(Duration::from_secs(4));
        assert_eq!(
            (world.told(is_resumed), world.sessions_started),
            (1, 1),
            "seed {seed}"
        );
    }
}

#[test]
fn a_line_that_breaks_again_and_again_resumes_the_session_each_time() {
    for seed in 0..200 {
        let mut world = World::connected(seed);
        for breaks in 1..=20 {
            break_line(&mut world, Duration::from_secs(2));
            world.advance(Duration::from_secs(4));
            assert_eq!(
                (world.told(is_resumed), world.sessions_started),
                (breaks, 1),
                "seed {seed}"
            );
        }
    }
}

/// Both sides notice at once that it broke, and neither that it is back.
fn break_line(world: &mut World, away: Duration) {
    world.network_up = false;
    world.cut();
    world.client_notices_cut();
    world.server_notices_cut();
    world.advance(away);
    world.network_up = true;
}

#[test]
fn a_server_that_forgot_the_session_starts_another() {
    let mut world = World::connected(5);
    world.server = None;
    world.server_socket = None;
    world.cut();
    world.client_notices_cut();
    world.settle();
    assert_eq!(world.told(is_lost), 1);
    world.command();
    world.settle();
    assert_eq!(world.handled, [(2, 1)]);
}

#[test]
fn a_gap_in_the_commands_closes_with_bad_frame() {
    let mut world = World::connected(6);
    let index = world.client_socket.expect("connected");
    let command = CallCommand::HangUp {
        call_id: CallId::new("9"),
    };
    world.sockets[index]
        .up
        .push_back(Up::Frame(ClientFrame::Command { seq: 2, command }));
    world.settle();
    assert!(world.handled.is_empty());
    let closed = ClientState::Closed {
        reason: DisconnectReason::Rejected(CloseCode::BadFrame),
    };
    assert_eq!(world.client.state(), closed);
    assert_eq!(
        world.told(|event| *event
            == ClientEvent::Failed {
                code: CloseCode::BadFrame
            }),
        1
    );
}

#[test]
fn a_gap_in_the_notices_is_a_defect_of_the_server() {
    let mut world = World::connected(7);
    let index = world.client_socket.expect("connected");
    let notice = CallNotice::Ringing {
        call_id: CallId::new("9"),
    };
    world.sockets[index]
        .down
        .push_back(Down::Frame(ServerFrame::Notice { seq: 2, notice }));
    world.carry_down();
    assert_eq!(
        world.client.state(),
        ClientState::Closed {
            reason: DisconnectReason::ServerDefect
        }
    );
    assert_eq!(world.client_closed_with, [4400]);
    assert_eq!(world.told(is_lost), 1);
}

#[test]
fn acknowledging_what_was_never_sent_closes_with_bad_frame() {
    let mut world = World::connected(8);
    let index = world.client_socket.expect("connected");
    world.sockets[index]
        .up
        .push_back(Up::Frame(ClientFrame::Ack { received_seq: 1 }));
    world.settle();
    assert!(world.client.state().is_closed());
}

#[test]
fn an_idle_connection_stays_up() {
    let mut world = World::connected(9);
    world.advance(Duration::from_secs(3_600));
    assert_eq!(world.client.state(), ClientState::Connected);
    assert_eq!(world.sockets.len(), 1);
}

#[test]
fn a_dead_path_is_noticed_by_both_sides_without_a_close() {
    let mut world = World::connected(10);
    world.cut();
    world.network_up = false;
    world.advance(Duration::from_secs(25));
    assert_eq!(world.client_closed_with, [4408]);
    assert!(world.server.as_ref().is_some_and(|server| !server.is_attached()));
    world.network_up = true;
    world.advance(Duration::from_secs(20));
    assert_eq!(world.told(is_resumed), 1);
}

#[test]
fn a_page_that_slept_asks_before_it_gives_its_socket_up() {
    let mut world = World::connected(11);
    world.now = world.now + Duration::from_secs(15);
    world.client.handle_timeout(world.now);
    world.drain_client();
    world.carry_all();
    world.now = world.now + Duration::from_secs(15);
    world.client.handle_timeout(world.now);
    world.drain_client();
    assert_eq!(world.client.state(), ClientState::Connected);
    assert!(world.client_closed_with.is_empty());
}

#[test]
fn a_network_hint_finds_a_dead_socket_within_five_seconds() {
    let mut world = World::connected(12);
    world.cut();
    world.client.network_hint(world.now);
    world.drain_client();
    world.advance(Duration::from_secs(5));
    assert_eq!(world.client_closed_with, [4408]);
}

#[test]
fn a_network_hint_retries_at_once() {
    let mut world = World::connected(13);
    world.network_up = false;
    world.cut();
    world.client_notices_cut();
    world.advance(Duration::from_secs(15));
    assert_eq!(world.client.state(), ClientState::WaitingToRetry);
    world.network_up = true;
    world.client.network_hint(world.now);
    world.drain_client();
    world.carry_all();
    assert_eq!(world.client.state(), ClientState::Connected);
}

#[test]
fn a_socket_that_neither_opens_nor_closes_is_given_up() {
    let mut world = World::new(14);
    world.client.connect(world.now);
    assert_eq!(
        world.client.poll_output(),
        Some(ClientOutput::Event(ClientEvent::StateChanged {
            state: ClientState::WaitingForToken,
            reason: None
        }))
    );
    world.client.token_ready(Ok("token".to_owned()), world.now);
    assert_eq!(world.client.state(), ClientState::Connecting);
    world.client.handle_timeout(world.now + Duration::from_secs(10));
    assert_eq!(world.client.state(), ClientState::WaitingToRetry);
}

#[test]
fn leaving_ends_the_session_at_once() {
    let mut world = World::connected(15);
    world.client.leave(world.now);
    world.drain_client();
    world.settle();
    assert_eq!(world.ended, [SessionEnd::Left]);
    assert_eq!(
        world.client.state(),
        ClientState::Closed {
            reason: DisconnectReason::Left
        }
    );
    assert_eq!(world.told(is_lost), 0);
    world.connect();
    world.settle();
    assert_eq!(world.sessions_started, 2);
}

#[test]
fn too_many_unacknowledged_commands_are_refused_by_the_client() {
    let mut world = World::connected(16);
    for _ in 0..MAX_UNACKNOWLEDGED {
        assert!(world.command());
    }
    assert!(!world.command());
    world.settle();
    assert!(world.command());
}

#[test]
fn a_command_that_fits_no_frame_is_refused_and_nothing_else_suffers() {
    let mut world = World::connected(25);
    for sdp in ["x", "é", "\n", "\"", "\u{1}"] {
        let taken = (1..=100).rev().find(|kib| {
            let sdp = sdp.repeat(kib * 1024 / sdp.len());
            world.client.send_command(offer(sdp), world.now) != Err(CommandRefused::TooLarge)
        });
        assert!(
            taken.is_some_and(|kib| (10..64).contains(&kib)),
            "{sdp:?}: {taken:?}"
        );
    }
    world.drain_client();
    for up in &world.sockets[0].up {
        if let Up::Frame(frame) = up {
            let text = serde_json::to_string(frame).expect("plain data");
            assert!(text.len() <= MAX_CLIENT_FRAME_BYTES, "{}", text.len());
        }
    }
    world.settle();
    assert_eq!(world.client.state(), ClientState::Connected);
    assert_eq!(world.handled, [(1, 1); 5], "numbered without a gap");
}

#[test]
fn too_many_unacknowledged_notices_end_the_session() {
    let mut world = World::connected(17);
    for _ in 0..=MAX_UNACKNOWLEDGED {
        world.notice();
    }
    assert_eq!(world.ended, [SessionEnd::Overflow]);
    world.settle();
    assert_eq!(world.told(is_lost), 1);
    assert_eq!(world.client.state(), ClientState::Connected);
}

#[test]
fn notices_that_are_lost_before_the_session_end_it_with_or_without_a_socket() {
    for cut in [false, true] {
        let mut world = World::connected(17);
        if cut {
            world.cut();
            world.server_notices_cut();
            world.client_notices_cut();
        }
        world.server.as_mut().unwrap().notices_lost();
        world.drain_server();
        assert_eq!(world.ended, [SessionEnd::Overflow]);
        world.settle();
        assert_eq!(world.told(is_lost), 1, "the client ends its calls");
        assert_eq!(world.client.state(), ClientState::Connected);
    }
}

#[test]
fn large_signals_that_nobody_acknowledges_end_the_session() {
    let mut world = World::connected(17);
    world.cut();
    for _ in 0..20 {
        let Some(server) = &mut world.server else { break };
        server.push_notice(CallNotice::Signal {
            call_id: CallId::new("1"),
            signal: description("x".repeat(60_000)),
        });
        world.drain_server();
    }
    assert_eq!(world.ended, [SessionEnd::Overflow]);
}

#[test]
fn sixteen_notices_are_acknowledged_at_once_and_one_after_a_moment() {
    let mut world = World::connected(18);
    for _ in 0..16 {
        world.notice();
        world.carry_down();
    }
    world.notice();
    world.carry_down();
    let acks = |world: &World| {
        let up = &world.sockets[0].up;
        up.iter()
            .filter(|up| matches!(up, Up::Frame(ClientFrame::Ack { .. })))
            .count()
    };
    assert_eq!(acks(&world), 1);
    world.next_timer();
    assert_eq!(acks(&world), 2);
}

#[test]
fn an_expiring_token_is_replaced_within_the_session() {
    let mut world = World::new(19);
    world.token_lifetime = Duration::from_secs(600);
    world.connect();
    world.settle();
    world.advance(Duration::from_secs(480));
    assert_eq!(
        world.told(|event| matches!(event, ClientEvent::TokenNeeded { .. })),
        1
    );
    world.client.token_refreshed("newer".to_owned(), world.now);
    world.drain_client();
    world.advance(Duration::from_secs(300));
    assert_eq!(world.client.state(), ClientState::Connected);
    assert_eq!(world.sockets.len(), 1);
}

#[test]
fn an_expired_token_closes_and_a_fresh_one_resumes() {
    let mut world = World::new(20);
    world.token_lifetime = Duration::from_secs(200);
    world.connect();
    world.settle();
    world.advance(Duration::from_secs(200));
    assert_eq!(world.forced_tokens, 1);
    assert_eq!(world.told(is_resumed), 1);
}

#[test]
fn a_token_refused_again_and_again_closes_for_good() {
    let mut world = World::new(21);
    world.token_lifetime = Duration::ZERO;
    world.connect();
    world.carry_all();
    world.advance(Duration::from_secs(60));
    assert_eq!(
        world.client.state(),
        ClientState::Closed {
            reason: DisconnectReason::TokenRefused
        }
    );
    assert_eq!(world.sockets.len(), 3);
    assert_eq!(
        world.told(|event| *event
            == ClientEvent::Failed {
                code: CloseCode::TokenRefused
            }),
        1
    );
}

#[test]
fn a_credential_that_failed_for_good_closes() {
    let mut world = World::new(22);
    world.client.connect(world.now);
    world.client.token_ready(Err(TokenFailure::Temporary), world.now);
    assert_eq!(world.client.state(), ClientState::WaitingToRetry);
    world.client.network_hint(world.now);
    world.client.token_ready(Err(TokenFailure::Permanent), world.now);
    assert_eq!(
        world.client.state(),
        ClientState::Closed {
            reason: DisconnectReason::TokenUnavailable
        }
    );
}

#[test]
fn a_session_that_closes_for_good_says_why_before_it_is_lost() {
    let mut world = World::connected(26);
    world.command();
    world.client_socket = None;
    world.client.socket_closed(Some(4403), world.now);
    world.drain_client();
    let reason = DisconnectReason::Rejected(CloseCode::Forbidden);
    let [.., closed, lost, failed] = world.events.as_slice() else {
        panic!("{:?}", world.events)
    };
    let expected = ClientEvent::StateChanged {
        state: ClientState::Closed { reason },
        reason: Some(reason),
    };
    assert_eq!(*closed, expected);
    assert!(is_lost(lost));
    assert!(matches!(failed, ClientEvent::Failed { .. }));
}

#[test]
fn a_socket_that_was_taken_over_is_not_opened_again() {
    let mut world = World::connected(23);
    world.client_socket = None;
    world.client.socket_closed(Some(4409), world.now);
    world.drain_client();
    world.advance(Duration::from_secs(120));
    assert_eq!(world.sockets.len(), 1);
    assert!(world.client.state().is_closed());
}

#[test]
fn calls_are_subscribed_once_per_session_and_chat_on_every_socket() {
    let mut world = World::new(24);
    world.client.subscribe_chat(Some(7), world.now);
    world.client.subscribe_calls(Some("Ada".to_owned()), world.now);
    let mut asked = Vec::new();
    world.connect();
    note_subscriptions(&world, &mut asked);
    world.settle();
    for topic in [Topic::Calls, Topic::Chat] {
        world.sockets[0]
            .down
            .push_back(Down::Frame(ServerFrame::Subscribed {
                topic,
                cursor: None,
                expired: false,
            }));
    }
    world.carry_all();
    world.cut();
    world.client_notices_cut();
    world.next_timer();
    note_subscriptions(&world, &mut asked);
    assert_eq!(asked, [Topic::Chat, Topic::Calls, Topic::Chat]);
}

fn offer(sdp: String) -> CallCommand {
    CallCommand::Signal {
        call_id: CallId::new("1"),
        signal: description(sdp),
    }
}

const fn description(sdp: String) -> PeerSignal {
    PeerSignal::Description(SessionDescription {
        description_type: SessionDescriptionType::Offer,
        sdp,
        offer: None,
    })
}

fn note_subscriptions(world: &World, asked: &mut Vec<Topic>) {
    let socket = world.sockets.last().expect("opened");
    asked.extend(socket.up.iter().filter_map(|up| match up {
        Up::Frame(ClientFrame::Subscribe { topic, .. }) => Some(*topic),
        Up::Frame(_) | Up::Close(_) => None,
    }));
}
