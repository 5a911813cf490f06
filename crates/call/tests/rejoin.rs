//! A server that is restarted, or killed, in the middle of calls: what was answered goes on, what rings goes on to ring,
//! what was ended meanwhile is ended, in whichever order people are back.

mod support;

use std::time::Duration;

use openline_call::{agent::CallState, limits::REJOIN_PATIENCE};
use openline_protocol::{CallEndReason, CallId, realtime::MediaState};
use support::{ClientId, World, two_people};

/// Kills the server, or lets it finish its sentences first.
const STOPS: [fn(&mut World); 2] = [World::kill_server, World::restart_server];

/// Orders in which people are back.
const SEEDS: std::ops::Range<u64> = 100..140;

#[test]
fn an_answered_call_goes_on() {
    for_every_stop(|world, stop| {
        let (alice, bob) = (0, 1);
        let call = world.answered(alice, bob);
        stop(world);
        for _ in 0..100 {
            world.run_for(Duration::from_millis(200));
            assert!(world.flows(&call), "media does not pass the server");
        }
        for client in [alice, bob] {
            let record = world.call(client, &call);
            assert_eq!(record.state(), CallState::Connected);
            assert_eq!(record.flowing, [], "what is up is not touched");
        }
        assert_eq!(world.exchange.counts().answered_calls, 1);
        world.set_media(alice, &call, muted());
        world.settle();
        assert_eq!(
            world.clients[bob].record.remote_media(&call),
            Some(muted()),
            "signalling goes on"
        );
        world.hang_up(bob, &call);
        world.settle();
        assert_both(world, &call, CallEndReason::HUNG_UP);
    });
}

#[test]
fn it_goes_on_after_any_number_of_stops() {
    for_every_stop(|world, stop| {
        let call = world.answered(0, 1);
        for pause in [1_000, 3_000, 20_000] {
            stop(world);
            world.run_for(Duration::from_millis(pause));
        }
        world.run_for(Duration::from_secs(20));
        assert!(world.flows(&call));
        assert_eq!(world.exchange.counts().answered_calls, 1);
        world.hang_up(0, &call);
        world.settle();
        assert_both(world, &call, CallEndReason::HUNG_UP);
    });
}

#[test]
fn it_goes_on_for_as_long_as_media_does() {
    let (mut world, alice, bob) = two_people(7);
    let call = world.answered(alice, bob);
    world.outage = (180_000, 200_000);
    world.kill_server();
    world.run_for(Duration::from_secs(230));
    assert!(world.flows(&call));
    assert_eq!(world.exchange.counts().answered_calls, 1);
    world.hang_up(alice, &call);
    world.settle();
    assert_both(&world, &call, CallEndReason::HUNG_UP);
}

#[test]
fn without_media_it_is_given_up_in_time() {
    let (mut world, alice, bob) = two_people(8);
    let call = world.answered(alice, bob);
    world.outage = (180_000, 200_000);
    world.kill_server();
    world.media_works = false;
    world.look_at_media();
    world.run_for(Duration::from_secs(100));
    assert_both(&world, &call, CallEndReason::NETWORK_LOST);
}

#[test]
fn what_changed_meanwhile_is_told_afterwards() {
    for_every_stop(|world, stop| {
        let call = world.answered(0, 1);
        stop(world);
        world.set_media(0, &call, muted());
        world.run_for(Duration::from_secs(20));
        assert_eq!(world.clients[1].record.remote_media(&call), Some(muted()));
    });
}

#[test]
fn a_hang_up_meanwhile_ends_it_for_the_other_side_as_such() {
    for by in [0, 1] {
        for_every_stop(|world, stop| {
            let call = world.answered(0, 1);
            stop(world);
            world.hang_up(by, &call);
            assert_eq!(
                world.end_reason(by, &call),
                Some(CallEndReason::HUNG_UP),
                "at once"
            );
            world.run_for(Duration::from_secs(15));
            assert_both(world, &call, CallEndReason::HUNG_UP);
        });
    }
}

#[test]
fn who_does_not_come_back_is_waited_for_and_no_longer() {
    for gone in [0, 1] {
        for_every_stop(|world, stop| {
            let call = world.answered(0, 1);
            let left = 1 - gone;
            stop(world);
            world.crash(gone);
            world.run_for(Duration::from_secs(14));
            assert_eq!(world.call(left, &call).reachable, [false]);
            world.run_for(REJOIN_PATIENCE);
            assert_eq!(
                world.end_reason(left, &call),
                Some(CallEndReason::PEER_UNREACHABLE)
            );
            assert_eq!(world.exchange.counts().answered_calls, 0);
        });
    }
}

#[test]
fn who_comes_too_late_had_lost_the_network() {
    let (mut world, alice, bob) = two_people(9);
    let call = world.answered(alice, bob);
    world.kill_server();
    world.cut(bob);
    world.run_for(Duration::from_secs(50));
    world.restore(bob);
    world.run_for(Duration::from_secs(60));
    // Alice was told at the end of her patience, which began when she was back.
    let ends = [alice, bob].map(|client| world.end_reason(client, &call));
    assert!(
        ends == [None, None]
            || ends
                == [
                    Some(CallEndReason::PEER_UNREACHABLE),
                    Some(CallEndReason::NETWORK_LOST)
                ],
        "{ends:?}"
    );
}

#[test]
fn what_rings_goes_on_to_ring_and_can_be_answered() {
    for_every_stop(|world, stop| {
        let (alice, bob) = (0, 1);
        let call = world.start(alice, "bob");
        world.settle();
        stop(world);
        for _ in 0..20 {
            world.run_for(Duration::from_secs(1));
            // That it is announced once is for the record of events to check.
            assert_eq!(world.incoming(bob, &call), Some(None));
            assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
        }
        world.accept(bob, &call);
        world.settle();
        assert!(world.flows(&call));
    });
}

#[test]
fn what_is_answered_meanwhile_is_answered() {
    for_every_stop(|world, stop| {
        let call = world.start(0, "bob");
        world.settle();
        stop(world);
        world.accept(1, &call);
        world.run_for(Duration::from_secs(20));
        assert!(world.flows(&call));
    });
}

#[test]
fn what_is_cancelled_meanwhile_stops_to_ring() {
    for_every_stop(|world, stop| {
        let call = world.start(0, "bob");
        world.settle();
        stop(world);
        world.hang_up(0, &call);
        world.run_for(Duration::from_secs(20));
        assert_eq!(world.incoming(1, &call), Some(Some(CallEndReason::CANCELLED)));
        world.assert_nothing_left();
    });
}

#[test]
fn what_is_declined_meanwhile_is_declined() {
    for_every_stop(|world, stop| {
        let call = world.start(0, "bob");
        world.settle();
        stop(world);
        world.reject(1, &call);
        world.run_for(Duration::from_secs(20));
        assert_eq!(world.end_reason(0, &call), Some(CallEndReason::DECLINED));
        world.assert_nothing_left();
    });
}

#[test]
fn a_caller_that_does_not_come_back_rings_no_longer() {
    for_every_stop(|world, stop| {
        let call = world.start(0, "bob");
        world.settle();
        stop(world);
        world.crash(0);
        while world.clients[1].endpoint_id.is_none() {
            world.run_for(Duration::from_millis(100));
        }
        world.run_for(Duration::from_secs(15));
        assert_eq!(world.incoming(1, &call), Some(Some(CallEndReason::NETWORK_LOST)));
        world.assert_nothing_left();
    });
}

#[test]
fn a_stop_at_any_moment_of_the_set_up_costs_no_call() {
    let mut connected = 0;
    for stop in STOPS {
        for at in (0..1_500).step_by(3) {
            let (mut world, alice, bob) = two_people(at);
            let call = world.start(alice, "bob");
            world.run_for(Duration::from_millis(at % 130));
            if at >= 130 {
                world.settle();
                world.accept(bob, &call);
                world.run_for(Duration::from_millis(at - 130));
            }
            stop(&mut world);
            world.run_for(Duration::from_secs(25));
            if at < 130 {
                world.accept(bob, &call);
                world.settle();
            }
            assert!(world.flows(&call), "stopped after {at} ms");
            for client in [alice, bob] {
                assert_eq!(world.call(client, &call).state(), CallState::Connected);
            }
            assert_eq!(world.exchange.counts().answered_calls, 1);
            connected += 1;
        }
    }
    assert_eq!(connected, 1_000);
}

#[test]
fn a_stop_at_any_moment_of_a_negotiation_costs_no_call() {
    for stop in STOPS {
        for at in (0..600).step_by(3) {
            let (mut world, alice, bob) = two_people(at);
            let call = world.answered(alice, bob);
            let by: &[ClientId] = match at % 9 {
                0 => &[0],
                3 => &[1],
                _ => &[0, 1],
            };
            for client in by {
                world.change_tracks(*client, &call);
            }
            world.run_for(Duration::from_millis(at));
            stop(&mut world);
            world.run_for(Duration::from_secs(40));
            assert!(world.flows(&call), "stopped after {at} ms");
        }
    }
}

#[test]
fn a_stop_while_media_is_repaired_costs_no_call() {
    for stop in STOPS {
        for at in (0..24_000).step_by(150) {
            let (mut world, alice, bob) = two_people(at);
            let call = world.answered(alice, bob);
            world.media_works = false;
            world.look_at_media();
            world.run_for(Duration::from_millis(at));
            stop(&mut world);
            world.media_works = true;
            world.look_at_media();
            world.run_for(Duration::from_secs(50));
            assert!(world.flows(&call), "stopped after {at} ms");
        }
    }
}

#[test]
fn a_server_that_knows_nothing_of_it_ends_calls_as_before() {
    for_every_stop(|world, stop| {
        let call = world.answered(0, 1);
        stop(world);
        world.level = 0;
        world.run_for(Duration::from_secs(20));
        assert_both(world, &call, CallEndReason::NETWORK_LOST);
        world.assert_nothing_left();
    });
}

/// Alice and Bob are the clients 0 and 1.
fn for_every_stop(test: impl Fn(&mut World, fn(&mut World))) {
    for stop in STOPS {
        for seed in SEEDS {
            let (mut world, _, _) = two_people(seed);
            test(&mut world, stop);
        }
    }
}

fn assert_both(world: &World, call: &CallId, reason: CallEndReason) {
    for client in [0, 1] {
        assert_eq!(world.end_reason(client, call), Some(reason), "client {client}");
    }
    world.assert_nothing_left();
}

fn muted() -> MediaState {
    MediaState {
        muted: true,
        video: true,
        ..MediaState::default()
    }
}
