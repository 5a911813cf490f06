//! Calls over a restart: what a ticket brings back, whom it serves, and what a server that stops does not end.

use std::time::Duration;

use openline_protocol::{
    CallEndReason,
    realtime::{CallCommand, CallNotice, CallPeer, MediaState, ServerFrame},
};

use crate::{
    client::{Client, Received},
    world::{ALL, Person, World},
};

#[tokio::test]
async fn both_sides_of_a_call_go_on_with_it_in_a_new_process() {
    for caller_first in [true, false] {
        let (world, [ada, bob], tickets) = answered().await;
        let world = world.restarted().await;
        let (mut caller, mut callee) = (
            Client::callable(&world, &ada).await,
            Client::callable(&world, &bob).await,
        );
        let muted = MediaState {
            muted: true,
            video: false,
            ..MediaState::default()
        };
        let [first, second] = if caller_first {
            rejoin(&mut caller, &tickets[0], muted).await;
            [&mut caller, &mut callee]
        } else {
            rejoin(&mut callee, &tickets[1], muted).await;
            [&mut callee, &mut caller]
        };
        assert_eq!(first.notice().await, reachable(false), "waits");
        rejoin(second, &tickets[usize::from(caller_first)], MediaState::default()).await;
        let (peer, _) = answer(second).await;
        assert_eq!(peer.endpoint_id, first.endpoint_id);
        assert_eq!(peer.media, muted, "told anew");
        let (peer, ticket) = answer(first).await;
        assert_eq!(peer.endpoint_id, second.endpoint_id);
        assert!(ticket.is_some(), "for the next time");
        second.hang_up("c").await;
        assert_eq!(first.notice().await, ended(CallEndReason::HUNG_UP));
        assert_eq!(second.notice().await, ended(CallEndReason::HUNG_UP));
    }
}

#[tokio::test]
async fn a_call_that_was_hung_up_meanwhile_is_over_for_who_comes_back() {
    let (world, bob, tickets, _) = hung_up().await;
    let mut callee = back(&world, &bob, &tickets[1]).await;
    assert_eq!(callee.notice().await, ended(CallEndReason::HUNG_UP));
}

#[tokio::test]
async fn a_ticket_serves_nobody_else_and_nothing_else() {
    let (world, [ada, bob], tickets) = answered().await;
    let world = world.restarted().await;
    let mallory = world.person(&ALL).await;
    let own = tickets[0].as_str();
    let forged = [
        format!("{own}A"),
        own.replacen('.', "..", 1),
        own.split('.').next().unwrap().to_owned(),
        String::new(),
        "x".repeat(60_000),
    ];
    let mut caller = Client::callable(&world, &ada).await;
    for ticket in &forged {
        rejoin(&mut caller, ticket, MediaState::default()).await;
        assert_eq!(caller.notice().await, ended(CallEndReason::NOT_ALLOWED));
    }
    for person in [&mallory, &bob] {
        let mut stranger = Client::callable(&world, person).await;
        rejoin(&mut stranger, own, MediaState::default()).await;
        assert_eq!(stranger.notice().await, ended(CallEndReason::NOT_ALLOWED));
    }
    let other = CallCommand::Rejoin {
        call_id: "d".into(),
        ticket: own.to_owned(),
        media: MediaState::default(),
    };
    caller.command(other).await;
    let refused = CallNotice::Ended {
        call_id: "d".into(),
        reason: CallEndReason::NOT_ALLOWED,
    };
    assert_eq!(caller.notice().await, refused);
}

#[tokio::test]
async fn a_ticket_expires() {
    let (world, [ada, _], tickets) = answered().await;
    let world = world.restarted().await;
    world.clock.advance(Duration::from_secs(24 * 60 * 60));
    let fresh = world.token(&ada.raw_id(), &ALL).await;
    let mut caller = Client::callable(&world, &fresh).await;
    rejoin(&mut caller, &tickets[0], MediaState::default()).await;
    assert_eq!(caller.notice().await, ended(CallEndReason::NOT_ALLOWED));
}

#[tokio::test]
async fn a_client_that_lost_its_session_takes_its_call_into_the_next() {
    let (world, [ada, _], [ticket, _], mut caller, mut callee) = talking().await;
    let mut again = back(&world, &ada, &ticket).await;
    assert_eq!(answer(&mut again).await.0.endpoint_id, callee.endpoint_id);
    assert_eq!(answer(&mut callee).await.0.endpoint_id, again.endpoint_id);
    assert_eq!(
        caller.notice().await,
        ended(CallEndReason::ANSWERED_ELSEWHERE),
        "the session before is in it no more"
    );
}

#[tokio::test]
async fn a_server_that_stops_ends_no_call() {
    let (world, [_, bob], _, mut caller, mut callee) = talking().await;
    let mut ringing = Client::callable(&world, &world.person(&ALL).await).await;
    ringing.start("d", bob.raw_id()).await;
    assert!(matches!(ringing.notice().await, CallNotice::Ringing { .. }));
    world.shutdown.begin();
    for client in [&mut caller, &mut callee, &mut ringing] {
        while let Some(frame) = next_before_close(client).await {
            let notice = serde_json::to_string(&frame).unwrap();
            assert!(!notice.contains("ended"), "{notice}");
        }
    }
}

/// What comes before the close, which is one for a restart.
async fn next_before_close(client: &mut Client) -> Option<ServerFrame> {
    match client.receive().await {
        Received::Frame(frame) => Some(frame),
        Received::Closed(code) => {
            assert_eq!(code, Some(1012));
            None
        }
    }
}

/// Ada and Bob, who have talked in call "c", and their tickets.
pub(crate) async fn answered() -> (World, [Person; 2], [String; 2]) {
    let (world, people, tickets, ..) = talking().await;
    (world, people, tickets)
}

pub(crate) async fn talking() -> (World, [Person; 2], [String; 2], Client, Client) {
    talking_in(World::new().await).await
}

pub(crate) async fn talking_in(world: World) -> (World, [Person; 2], [String; 2], Client, Client) {
    let (ada, bob) = (world.person(&ALL).await, world.person(&ALL).await);
    let mut caller = Client::callable(&world, &ada).await;
    let mut callee = Client::callable(&world, &bob).await;
    caller.start("c", bob.raw_id()).await;
    assert!(matches!(caller.notice().await, CallNotice::Ringing { .. }));
    assert!(matches!(callee.notice().await, CallNotice::Incoming { .. }));
    callee.accept("c").await;
    let tickets = [
        answer(&mut caller).await.1.unwrap(),
        answer(&mut callee).await.1.unwrap(),
    ];
    (world, [ada, bob], tickets, caller, callee)
}

/// Bob, before he is back: Ada is back in a new process, and has hung up.
pub(crate) async fn hung_up() -> (World, Person, [String; 2], Client) {
    let (world, [ada, bob], tickets) = answered().await;
    let world = world.restarted().await;
    let mut caller = back(&world, &ada, &tickets[0]).await;
    caller.hang_up("c").await;
    assert_eq!(caller.notice().await, reachable(false));
    assert_eq!(caller.notice().await, ended(CallEndReason::HUNG_UP));
    (world, bob, tickets, caller)
}

/// A client that comes back to the call.
pub(crate) async fn back(world: &World, person: &Person, ticket: &str) -> Client {
    let mut client = Client::callable(world, person).await;
    rejoin(&mut client, ticket, MediaState::default()).await;
    client
}

async fn rejoin(client: &mut Client, ticket: &str, media: MediaState) {
    let rejoin = CallCommand::Rejoin {
        call_id: "c".into(),
        ticket: ticket.to_owned(),
        media,
    };
    client.command(rejoin).await;
}

async fn answer(client: &mut Client) -> (CallPeer, Option<String>) {
    let notice = client.notice().await;
    let CallNotice::Answered { peer, ticket, .. } = notice else {
        panic!("{notice:?} instead of an answer");
    };
    (peer, ticket)
}

pub(crate) fn ended(reason: CallEndReason) -> CallNotice {
    CallNotice::Ended {
        call_id: "c".into(),
        reason,
    }
}

pub(crate) fn reachable(reachable: bool) -> CallNotice {
    CallNotice::PeerReachable {
        call_id: "c".into(),
        reachable,
    }
}
