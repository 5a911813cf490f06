//! Resume: over a broken socket nothing is lost and nothing repeated.

use std::time::Duration;

use openline_protocol::{
    CallEndReason,
    realtime::{CallCommand, CallNotice, ClientFrame, IceCandidate, PeerSignal, ServerFrame},
};
use openline_server::ws::RealtimeSettings;
use openline_session::ServerSessionConfig;

use crate::{
    client::{Client, Welcome},
    world::{ALL, Person, World},
};

fn candidate(number: usize) -> PeerSignal {
    PeerSignal::Candidate(IceCandidate {
        candidate: number.to_string(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    })
}

#[tokio::test]
async fn notices_arrive_once_and_in_order_over_broken_sockets() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    let mut callee = Client::callable(&world, &bob).await;
    caller.start("c", bob.raw_id()).await;
    assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
    callee.accept("c").await;
    assert!(matches!(callee.notice().await, CallNotice::Answered { .. }));
    for number in 0..60 {
        caller
            .command(CallCommand::Signal {
                call_id: "c".into(),
                signal: candidate(number),
            })
            .await;
    }
    let mut numbers = Vec::new();
    for round in 0..4 {
        for _ in 0..15 {
            let CallNotice::Signal {
                signal: PeerSignal::Candidate(candidate),
                ..
            } = callee.notice().await
            else {
                panic!("a candidate");
            };
            numbers.push(candidate.candidate.parse::<usize>().unwrap());
        }
        let resumed;
        (callee, resumed) = callee.reconnect(&world, &bob).await;
        assert_eq!(
            resumed,
            Welcome {
                resumed: true,
                received_seq: 1,
                ice_servers: Vec::new(),
            },
            "round {round}"
        );
    }
    assert_eq!(numbers, (0..60).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_command_sent_again_is_acknowledged_and_not_done_again() {
    let world = World::new().await;
    let person = world.person(&ALL).await;
    let mut client = Client::callable(&world, &person).await;
    let command = ClientFrame::Command {
        seq: 1,
        command: CallCommand::HangUp { call_id: "c".into() },
    };
    client.send(&command).await;
    client.send(&command).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(client.frame().await);
    }
    let unknown = CallNotice::Ended {
        call_id: "c".into(),
        reason: CallEndReason::UNKNOWN_CALL,
    };
    let count = |frame: &ServerFrame| seen.iter().filter(|seen| *seen == frame).count();
    assert_eq!(count(&ServerFrame::Ack { received_seq: 1 }), 2);
    assert_eq!(
        count(&ServerFrame::Notice {
            seq: 1,
            notice: unknown
        }),
        1
    );
    client.ping().await;
}

#[tokio::test]
async fn the_peer_of_a_broken_socket_is_told_and_told_again_when_it_is_back() {
    let world = World::new().await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let (mut caller, callee) = in_call(&world, [&ada, &bob]).await;
    let reachable = |reachable| CallNotice::PeerReachable {
        call_id: "c".into(),
        reachable,
    };
    let callee = callee.cut();
    assert_eq!(caller.notice().await, reachable(false));
    let (mut back, welcome) = callee.connect(&world, &bob).await;
    assert!(welcome.resumed);
    assert_eq!(caller.notice().await, reachable(true));
    back.hang_up("c").await;
    assert_eq!(
        caller.notice().await,
        CallNotice::Ended {
            call_id: "c".into(),
            reason: CallEndReason::HUNG_UP
        }
    );
}

#[tokio::test]
async fn a_session_that_is_not_resumed_in_time_ends_with_its_calls() {
    let session = ServerSessionConfig {
        grace: Duration::from_millis(200),
        ..ServerSessionConfig::default()
    };
    let world = World::with(RealtimeSettings {
        session,
        ..RealtimeSettings::default()
    })
    .await;
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let (mut caller, callee) = in_call(&world, [&ada, &bob]).await;
    let callee = callee.cut();
    assert!(matches!(
        caller.notice().await,
        CallNotice::PeerReachable { reachable: false, .. }
    ));
    let ended = CallNotice::Ended {
        call_id: "c".into(),
        reason: CallEndReason::PEER_UNREACHABLE,
    };
    assert_eq!(caller.notice().await, ended);
    assert!(!callee.connect(&world, &bob).await.1.resumed);
}

#[tokio::test]
async fn a_client_that_closes_leaves_its_calls_at_once() {
    use tokio_tungstenite::tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    };

    for way in [CloseCode::Normal, CloseCode::Away] {
        let world = World::new().await;
        let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
        let (mut caller, mut callee) = in_call(&world, [&ada, &bob]).await;
        callee
            .send_message(Message::Close(Some(CloseFrame {
                code: way,
                reason: "".into(),
            })))
            .await;
        let ended = CallNotice::Ended {
            call_id: "c".into(),
            reason: CallEndReason::PEER_VANISHED,
        };
        assert_eq!(caller.notice().await, ended);
        caller.send(&ClientFrame::Bye).await;
        assert_eq!(caller.close_code().await, Some(1000));
    }
}

pub(crate) async fn in_call(world: &World, people: [&Person; 2]) -> (Client, Client) {
    let mut caller = Client::callable(world, people[0]).await;
    let mut callee = Client::callable(world, people[1]).await;
    caller.start("c", people[1].raw_id()).await;
    assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
    callee.accept("c").await;
    assert!(matches!(
        callee.notice().await,
        CallNotice::Answered { polite: true, .. }
    ));
    assert!(matches!(caller.notice().await, CallNotice::Ringing { .. }));
    assert!(matches!(
        caller.notice().await,
        CallNotice::Answered { polite: false, .. }
    ));
    (caller, callee)
}
