//! Hold: what both sides see of it, what it survives, and that one call is active at a time.

mod support;

use std::time::Duration;

use openline_call::agent::{CallState, NotConnected, ParticipantState};
use openline_protocol::{CallEndReason, CallId, realtime::MediaState};
use support::{ClientId, World, two_people};

use CallState::{Connected, LocalHold, RemoteHold};

#[test]
fn both_sides_see_who_holds_and_each_takes_back_its_own() {
    for (first, second) in [(0, 1), (1, 0)] {
        let (mut world, alice, bob) = two_people(1);
        let call = world.answered(alice, bob);
        hold(&mut world, first, &call);
        assert_states(&world, &call, [(first, LocalHold), (second, RemoteHold)]);
        assert_eq!(participant(&world, second, &call), ParticipantState::Hold);
        assert_eq!(participant(&world, first, &call), ParticipantState::Connected);
        hold(&mut world, second, &call);
        assert_states(&world, &call, [(first, LocalHold), (second, LocalHold)]);
        resume(&mut world, first, &call);
        assert_states(&world, &call, [(first, RemoteHold), (second, LocalHold)]);
        resume(&mut world, second, &call);
        assert_states(&world, &call, [(first, Connected), (second, Connected)]);
        assert_eq!(participant(&world, first, &call), ParticipantState::Connected);
        assert!(world.flows(&call));
    }
}

#[test]
fn what_is_muted_meanwhile_takes_nothing_off_hold() {
    let (mut world, alice, bob) = two_people(2);
    let call = world.answered(alice, bob);
    hold(&mut world, alice, &call);
    let muted = MediaState {
        muted: true,
        ..MediaState::default()
    };
    world.set_media(alice, &call, muted);
    world.settle();
    assert_states(&world, &call, [(alice, LocalHold), (bob, RemoteHold)]);
    let told = world.clients[bob].record.remote_media(&call);
    assert_eq!(told, Some(MediaState { held: true, ..muted }));
}

#[test]
fn it_survives_a_broken_line_and_a_restart_of_the_server() {
    for seed in 0..20 {
        let (mut world, alice, bob) = two_people(seed);
        let call = world.answered(alice, bob);
        hold(&mut world, alice, &call);
        world.cut_noticed(bob, Duration::from_secs(1), Duration::from_secs(1));
        world.run_for(Duration::from_secs(10));
        world.restore(bob);
        world.run_for(Duration::from_secs(15));
        assert_states(&world, &call, [(alice, LocalHold), (bob, RemoteHold)]);
        world.kill_server();
        world.run_for(Duration::from_secs(20));
        assert_states(&world, &call, [(alice, LocalHold), (bob, RemoteHold)]);
        resume(&mut world, alice, &call);
        assert_states(&world, &call, [(alice, Connected), (bob, Connected)]);
    }
}

#[test]
fn a_hold_or_a_resume_while_the_server_is_away_is_told_afterwards() {
    for seed in 0..20 {
        let (mut world, alice, bob) = two_people(seed);
        let call = world.answered(alice, bob);
        world.kill_server();
        world.clients[alice].agent.hold(&call).expect("connected");
        world.carry_out();
        world.run_for(Duration::from_secs(20));
        assert_states(&world, &call, [(alice, LocalHold), (bob, RemoteHold)]);
        world.kill_server();
        world.clients[alice].agent.resume(&call).expect("connected");
        world.carry_out();
        world.run_for(Duration::from_secs(20));
        assert_states(&world, &call, [(alice, Connected), (bob, Connected)]);
    }
}

#[test]
fn one_call_is_active_at_a_time() {
    let (mut world, alice, bob) = two_people(3);
    let carol = world.sign_in("carol");
    let first = world.answered(alice, bob);
    let second = world.start(carol, "alice");
    world.settle();
    assert_states(&world, &first, [(alice, Connected), (bob, Connected)]);
    world.accept(alice, &second);
    world.settle();
    assert_states(&world, &first, [(alice, LocalHold), (bob, RemoteHold)]);
    assert_states(&world, &second, [(alice, Connected), (carol, Connected)]);
    resume(&mut world, alice, &first);
    assert_states(&world, &first, [(alice, Connected), (bob, Connected)]);
    assert_states(&world, &second, [(alice, LocalHold), (carol, RemoteHold)]);
    world.hang_up(bob, &first);
    world.settle();
    assert_eq!(world.end_reason(alice, &first), Some(CallEndReason::HUNG_UP));
    assert_states(&world, &second, [(alice, LocalHold), (carol, RemoteHold)]);
    let third = world.start(alice, "bob");
    resume(&mut world, alice, &second);
    assert_eq!(world.call(alice, &third).state(), CallState::Ringing);
}

#[test]
fn a_call_that_is_answered_beside_the_one_chosen_since_rests() {
    for mutual in [false, true] {
        let (mut world, alice, bob) = two_people(6);
        let carol = world.sign_in("carol");
        let first = world.answered(alice, bob);
        let second = world.start(alice, "carol");
        world.settle();
        resume(&mut world, alice, &first);
        assert_states(&world, &first, [(alice, Connected), (bob, Connected)]);
        if mutual {
            hold(&mut world, bob, &first);
        }
        world.accept(carol, &second);
        world.settle();
        assert_states(&world, &second, [(alice, LocalHold), (carol, RemoteHold)]);
        let theirs = if mutual {
            (RemoteHold, LocalHold)
        } else {
            (Connected, Connected)
        };
        assert_states(&world, &first, [(alice, theirs.0), (bob, theirs.1)]);
        resume(&mut world, alice, &second);
        assert_states(&world, &second, [(alice, Connected), (carol, Connected)]);
        assert_eq!(world.call(alice, &first).state(), LocalHold);
    }
}

#[test]
fn of_two_calls_begun_in_a_row_the_later_one_is_active() {
    let (mut world, alice, bob) = two_people(7);
    let carol = world.sign_in("carol");
    let [first, second] = [world.start(alice, "bob"), world.start(alice, "carol")];
    world.settle();
    world.accept(bob, &first);
    world.settle();
    assert_states(&world, &first, [(alice, LocalHold), (bob, RemoteHold)]);
    world.accept(carol, &second);
    world.settle();
    assert_states(&world, &second, [(alice, Connected), (carol, Connected)]);
    let dave = world.sign_in("dave");
    let [third, fourth] = [world.start(bob, "dave"), world.start(carol, "dave")];
    world.settle();
    assert!(world.try_accept(dave, &third) && world.try_accept(dave, &fourth));
    world.settle();
    assert_states(&world, &third, [(dave, LocalHold), (bob, RemoteHold)]);
    assert_states(&world, &fourth, [(dave, Connected), (carol, Connected)]);
}

#[test]
fn a_call_that_is_answered_is_active_where_the_one_chosen_rests_or_is_over() {
    let (mut world, alice, bob) = two_people(8);
    let carol = world.sign_in("carol");
    let first = world.answered(alice, bob);
    let second = world.start(alice, "carol");
    world.settle();
    resume(&mut world, alice, &first);
    hold(&mut world, alice, &first);
    world.accept(carol, &second);
    world.settle();
    assert_states(&world, &second, [(alice, Connected), (carol, Connected)]);
    let third = world.start(alice, "dave");
    world.settle();
    world.hang_up(alice, &second);
    world.settle();
    assert!(world.end_reason(alice, &third).is_some(), "there is no dave");
    let fourth = world.start(alice, "carol");
    world.settle();
    world.accept(carol, &fourth);
    world.settle();
    assert_states(&world, &fourth, [(alice, Connected), (carol, Connected)]);
}

#[test]
fn starting_another_call_holds_the_active_one() {
    let (mut world, alice, bob) = two_people(4);
    world.sign_in("carol");
    let first = world.answered(alice, bob);
    world.start(alice, "carol");
    world.settle();
    assert_states(&world, &first, [(alice, LocalHold), (bob, RemoteHold)]);
}

#[test]
fn only_a_connected_call_is_held() {
    let (mut world, alice, bob) = two_people(5);
    let call = world.start(alice, "bob");
    world.settle();
    let agent = &mut world.clients[alice].agent;
    assert_eq!(agent.hold(&call), Err(NotConnected));
    assert_eq!(agent.resume(&call), Err(NotConnected));
    assert_eq!(agent.hold(&"unknown".into()), Err(NotConnected));
    world.accept(bob, &call);
    world.settle();
    world.hang_up(alice, &call);
    assert_eq!(world.clients[alice].agent.hold(&call), Err(NotConnected));
}

fn hold(world: &mut World, client: ClientId, call: &CallId) {
    world.clients[client].agent.hold(call).expect("connected");
    world.carry_out();
    world.settle();
}

fn resume(world: &mut World, client: ClientId, call: &CallId) {
    world.clients[client].agent.resume(call).expect("connected");
    world.carry_out();
    world.settle();
}

fn participant(world: &World, client: ClientId, call: &CallId) -> ParticipantState {
    *world
        .call(client, call)
        .participant
        .last()
        .expect("it begins with one")
}

fn assert_states(world: &World, call: &CallId, states: [(ClientId, CallState); 2]) {
    for (client, state) in states {
        let record = world.call(client, call);
        assert_eq!(record.state(), state, "client {client}: {record:?}");
    }
}
