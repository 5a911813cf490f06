//! Calls that are handed over: who rings, who learns what, and that the call goes on wherever it did not come about.

mod support;

use std::time::Duration;

use openline_call::agent::{CallState, NotConnected, ParticipantState};
use openline_protocol::{
    CallEndReason, CallId, RawId,
    realtime::{CallCommand, LEVEL_REJOIN, MediaState, Transferor},
};
use support::{ClientId, World};

const ALICE: ClientId = 0;
const BOB: ClientId = 1;
const CAROL: ClientId = 2;

#[test]
fn when_the_target_answers_the_call_is_over_for_who_transferred_it() {
    for (transferor, transferee) in [(ALICE, BOB), (BOB, ALICE)] {
        let (mut world, call) = call_of_three(1);
        let into = transfer(&mut world, transferor, &call);
        assert_eq!(world.incoming(CAROL, &into), Some(None));
        let invitation = &world.clients[CAROL].record.invitations[&into];
        assert_eq!(invitation.caller, world.clients[transferee].raw_id);
        let by = Transferor {
            raw_id: world.clients[transferor].raw_id.clone(),
            display_name: (transferor == ALICE).then(|| "tab 0".to_owned()),
        };
        assert_eq!(invitation.transferor, Some(by));
        assert_eq!(
            world.call(transferee, &call).transferred_to,
            std::slice::from_ref(&into)
        );
        assert_eq!(world.call(transferee, &into).state(), CallState::Ringing);
        assert_eq!(
            world.call(transferor, &call).state(),
            CallState::RemoteHold,
            "until it is answered"
        );

        world.accept(CAROL, &into);
        world.settle();
        for client in [transferor, transferee] {
            assert_eq!(world.end_reason(client, &call), Some(CallEndReason::TRANSFERRED));
        }
        assert_connected(&world, &into, transferee, CAROL);
        assert_eq!(world.call(transferor, &call).transfers, []);
        finish(&mut world, transferee, &into);
    }
}

#[test]
fn when_it_is_declined_the_call_goes_on_and_can_be_transferred_again() {
    let (mut world, call) = call_of_three(2);
    let into = transfer(&mut world, ALICE, &call);
    world.reject(CAROL, &into);
    world.settle();
    assert_eq!(world.call(ALICE, &call).transfers, [CallEndReason::DECLINED]);
    assert_eq!(world.end_reason(BOB, &into), Some(CallEndReason::DECLINED));
    assert_connected(&world, &call, ALICE, BOB);

    let again = transfer(&mut world, ALICE, &call);
    world.accept(CAROL, &again);
    world.settle();
    assert_eq!(world.end_reason(ALICE, &call), Some(CallEndReason::TRANSFERRED));
    finish(&mut world, BOB, &again);
}

#[test]
fn when_nobody_answers_or_the_other_side_cancels_the_call_goes_on() {
    let (mut world, call) = call_of_three(3);
    transfer(&mut world, ALICE, &call);
    world.run_for(Duration::from_secs(70));
    let into = transfer(&mut world, ALICE, &call);
    world.hang_up(BOB, &into);
    world.settle();
    assert_eq!(world.incoming(CAROL, &into), Some(Some(CallEndReason::CANCELLED)));
    assert_eq!(
        world.call(ALICE, &call).transfers,
        [CallEndReason::NOT_ANSWERED, CallEndReason::CANCELLED]
    );
    assert_connected(&world, &call, ALICE, BOB);
    finish(&mut world, ALICE, &call);
}

#[test]
fn who_cannot_be_called_is_not_and_the_other_side_notices_nothing() {
    let (mut world, call) = call_of_three(4);
    let cases = [
        (World::raw_id("nobody"), CallEndReason::NOT_REGISTERED),
        (World::raw_id("alice"), CallEndReason::NOT_ALLOWED),
        (World::raw_id("bob"), CallEndReason::NOT_ALLOWED),
        (
            RawId::communication_user(&"elsewhere".into(), "carol"),
            CallEndReason::NOT_ALLOWED,
        ),
        ("+4912345".into(), CallEndReason::CALLEE_MALFORMED),
    ];
    let states = world.call(BOB, &call).states.clone();
    for (target, reason) in cases {
        world.transfer(ALICE, &call, target).expect("connected");
        world.settle();
        assert_eq!(world.call(ALICE, &call).transfers.last(), Some(&reason));
    }
    assert_eq!(world.call(BOB, &call).states, states);
    assert_connected(&world, &call, ALICE, BOB);
    finish(&mut world, ALICE, &call);
}

#[test]
fn who_may_not_start_calls_may_not_have_others_start_them() {
    for limited in [ALICE, BOB] {
        let (mut world, call) = call_of_three(5);
        world.clients[limited].may_start = false;
        world.connect_again(limited);
        world.run_for(Duration::from_secs(5));
        transfer(&mut world, ALICE, &call);
        assert_eq!(
            world.call(ALICE, &call).transfers.last(),
            Some(&CallEndReason::NOT_ALLOWED)
        );
        finish(&mut world, ALICE, &call);
    }
}

#[test]
fn one_transfer_at_a_time() {
    let (mut world, call) = call_of_three(6);
    let into = transfer(&mut world, ALICE, &call);
    assert_eq!(
        world.transfer(ALICE, &call, World::raw_id("carol")),
        Err(NotConnected)
    );
    // The other side does not know that it is being transferred when it asks.
    world
        .transfer(BOB, &call, World::raw_id("carol"))
        .expect("connected");
    world.settle();
    assert_eq!(
        world.call(BOB, &call).transfers,
        [CallEndReason::SERVICE_UNAVAILABLE]
    );
    world.accept(CAROL, &into);
    world.settle();
    assert_connected(&world, &into, BOB, CAROL);
    finish(&mut world, BOB, &into);
}

#[test]
fn a_call_on_hold_is_transferred_and_rests_on_the_side_that_held_it() {
    let (mut world, call) = call_of_three(7);
    hold(&mut world, ALICE, &call, true);
    world.settle();
    let into = transfer(&mut world, ALICE, &call);
    world.reject(CAROL, &into);
    world.settle();
    assert_eq!(world.call(ALICE, &call).state(), CallState::LocalHold);
    assert_eq!(world.call(BOB, &call).state(), CallState::RemoteHold);
    hold(&mut world, ALICE, &call, false);
    hold(&mut world, BOB, &call, true);
    world.settle();

    let into = transfer(&mut world, ALICE, &call);
    world.reject(CAROL, &into);
    world.settle();
    assert_eq!(
        world.call(BOB, &call).state(),
        CallState::LocalHold,
        "as it was before"
    );
    let into = transfer(&mut world, ALICE, &call);
    world.accept(CAROL, &into);
    world.settle();
    assert_eq!(
        world.call(BOB, &into).state(),
        CallState::LocalHold,
        "he does something else"
    );
    assert_eq!(world.call(CAROL, &into).state(), CallState::RemoteHold);
    hold(&mut world, BOB, &into, false);
    world.settle();
    assert_connected(&world, &into, BOB, CAROL);
    finish(&mut world, BOB, &into);
}

#[test]
fn a_call_that_ends_meanwhile_leaves_the_other_side_with_the_target() {
    for by in [ALICE, BOB] {
        let (mut world, call) = call_of_three(8);
        let into = transfer(&mut world, ALICE, &call);
        world.hang_up(by, &call);
        world.settle();
        for client in [ALICE, BOB] {
            assert_eq!(world.end_reason(client, &call), Some(CallEndReason::HUNG_UP));
        }
        world.accept(CAROL, &into);
        world.settle();
        assert_connected(&world, &into, BOB, CAROL);
        finish(&mut world, CAROL, &into);
    }
}

#[test]
fn a_call_that_is_hung_up_when_the_transfer_arrives_rings_nobody() {
    let (mut world, call) = call_of_three(9);
    world.set_delays(BOB, 500, 500);
    let into = world
        .transfer(ALICE, &call, World::raw_id("carol"))
        .expect("connected");
    world.run_for(Duration::from_millis(300));
    world.hang_up(BOB, &call);
    world.run_for(Duration::from_secs(3));
    assert_eq!(world.incoming(CAROL, &into), Some(Some(CallEndReason::CANCELLED)));
    world.assert_nothing_left();
}

#[test]
fn the_target_who_is_calling_the_other_side_is_answered() {
    let (mut world, call) = call_of_three(10);
    let theirs = world.start(CAROL, "bob");
    world.settle();
    let into = transfer(&mut world, ALICE, &call);
    assert_eq!(world.end_reason(ALICE, &call), Some(CallEndReason::TRANSFERRED));
    assert_eq!(world.end_reason(BOB, &call), Some(CallEndReason::TRANSFERRED));
    assert_connected(&world, &theirs, BOB, CAROL);
    assert_eq!(world.call(BOB, &into).states, world.call(BOB, &theirs).states);
    finish(&mut world, CAROL, &theirs);
}

#[test]
fn a_server_that_restarts_meanwhile_fails_the_transfer_and_not_the_call() {
    for (seed, stop) in (20..60).flat_map(|seed| {
        [World::kill_server as fn(&mut World), World::restart_server].map(|stop| (seed, stop))
    }) {
        let (mut world, call) = call_of_three(seed);
        let into = transfer(&mut world, ALICE, &call);
        let dave = world.sign_in("dave");
        let other = world.start(dave, "carol");
        world.settle();
        stop(&mut world);
        // The target is back within 12 s, and the server says at once what rings.
        world.run_for(Duration::from_secs(15));
        let rings = world.incoming(CAROL, &into).expect("it rang");
        assert!(rings.is_some(), "seed {seed}: it rings for nobody");
        assert_eq!(world.incoming(CAROL, &other), Some(None), "its caller is there");
        world.hang_up(dave, &other);
        world.run_for(Duration::from_secs(30));
        assert_eq!(
            world.call(ALICE, &call).transfers,
            [CallEndReason::NETWORK_LOST],
            "seed {seed}"
        );
        assert_eq!(world.end_reason(BOB, &into), Some(CallEndReason::NETWORK_LOST));
        assert_connected(&world, &call, ALICE, BOB);
        let again = transfer(&mut world, ALICE, &call);
        world.accept(CAROL, &again);
        world.settle();
        assert_eq!(world.end_reason(ALICE, &call), Some(CallEndReason::TRANSFERRED));
        finish(&mut world, CAROL, &again);
    }
}

#[test]
fn who_answers_a_transfer_that_a_restart_took_is_told_within_seconds() {
    for (seed, stop) in (20..60).flat_map(|seed| {
        [World::kill_server as fn(&mut World), World::restart_server].map(|stop| (seed, stop))
    }) {
        let (mut world, call) = call_of_three(seed);
        let into = transfer(&mut world, ALICE, &call);
        stop(&mut world);
        while world.clients[CAROL].endpoint_id.is_none() {
            world.run_for(Duration::from_millis(100));
        }
        assert!(world.try_accept(CAROL, &into), "seed {seed}: it rings until then");
        world.run_for(Duration::from_secs(3));
        let reason = world.end_reason(CAROL, &into);
        assert_eq!(reason, Some(CallEndReason::NETWORK_LOST), "seed {seed}");
    }
}

#[test]
fn a_server_that_restarts_after_the_answer_changes_nothing() {
    let (mut world, call) = call_of_three(11);
    let into = transfer(&mut world, ALICE, &call);
    world.accept(CAROL, &into);
    world.settle();
    world.kill_server();
    world.run_for(Duration::from_secs(20));
    assert_connected(&world, &into, BOB, CAROL);
    finish(&mut world, BOB, &into);
}

#[test]
fn a_client_that_comes_anew_to_the_call_finds_no_transfer_under_way() {
    for client in [ALICE, BOB] {
        let (mut world, call) = call_of_three(12);
        let into = transfer(&mut world, ALICE, &call);
        world.connect_again(client);
        world.run_for(Duration::from_secs(5));
        assert!(
            world.incoming(CAROL, &into).flatten().is_some(),
            "it rings for nobody"
        );
        assert_eq!(world.call(ALICE, &call).transfers.len(), 1);
        assert_connected(&world, &call, ALICE, BOB);
        finish(&mut world, ALICE, &call);
    }
}

#[test]
fn nothing_is_asked_of_a_server_that_knows_no_transfers() {
    let mut world = World::new(13);
    world.level = LEVEL_REJOIN;
    let (alice, bob) = (world.sign_in("alice"), world.sign_in("bob"));
    let call = world.answered(alice, bob);
    assert_eq!(
        world.transfer(alice, &call, World::raw_id("carol")),
        Err(NotConnected)
    );
}

#[test]
fn a_call_that_is_not_connected_is_not_transferred() {
    let (mut world, alice, bob) = support::two_people(14);
    let carol = World::raw_id("carol");
    let call = world.start(alice, "bob");
    world.settle();
    assert_eq!(world.transfer(alice, &call, carol.clone()), Err(NotConnected));
    let transfer = CallCommand::Transfer {
        call_id: call.clone(),
        into: "x".into(),
        target: carol.clone(),
        custom_context: None,
    };
    world.command(alice, transfer.clone());
    world.command(bob, transfer);
    world.settle();
    assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
    world.hang_up(alice, &call);
    world.settle();
    assert_eq!(world.transfer(alice, &call, carol), Err(NotConnected));
    world.assert_nothing_left();
}

#[test]
fn who_was_muted_is_muted_and_sends_no_picture() {
    let (mut world, call) = call_of_three(15);
    let media = MediaState {
        muted: true,
        video: true,
        held: false,
        screen: true,
        diagnostics: 0,
    };
    world.set_media(BOB, &call, media);
    world.settle();
    let into = transfer(&mut world, ALICE, &call);
    world.accept(CAROL, &into);
    world.settle();
    let seen = world.clients[CAROL].record.remote_media(&into);
    assert_eq!(
        seen,
        Some(MediaState {
            video: false,
            screen: false,
            ..media
        })
    );
}

/// Three people, the first two in a call.
fn call_of_three(seed: u64) -> (World, CallId) {
    let mut world = World::new(seed);
    for name in ["alice", "bob", "carol"] {
        world.sign_in(name);
    }
    let call = world.answered(ALICE, BOB);
    (world, call)
}

/// To Carol.
fn transfer(world: &mut World, by: ClientId, call: &CallId) -> CallId {
    let into = world
        .transfer(by, call, World::raw_id("carol"))
        .expect("connected");
    world.settle();
    into
}

fn hold(world: &mut World, client: ClientId, call: &CallId, held: bool) {
    let agent = &mut world.clients[client].agent;
    let done = if held {
        agent.hold(call)
    } else {
        agent.resume(call)
    };
    done.expect("connected");
    world.carry_out();
}

fn assert_connected(world: &World, call: &CallId, one: ClientId, other: ClientId) {
    for client in [one, other] {
        let record = world.call(client, call);
        assert_eq!(record.state(), CallState::Connected, "client {client}");
        assert_eq!(record.participant.last(), Some(&ParticipantState::Connected));
    }
    assert!(world.flows(call));
}

fn finish(world: &mut World, by: ClientId, call: &CallId) {
    world.hang_up(by, call);
    world.run_out();
    world.assert_nothing_left();
}
