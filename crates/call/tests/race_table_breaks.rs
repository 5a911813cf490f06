//! The race table of `docs/protocol.md`, row by row, in both orders where there are two: lines that break, tabs that
//! close, media that is lost.

mod support;

use std::time::Duration;

use openline_call::agent::CallState;
use openline_protocol::CallEndReason;
use support::two_people;

#[test]
fn a_broken_network_that_returns_in_time_costs_the_call_nothing() {
    for broken in [0, 1] {
        let (mut world, alice, bob) = two_people(23);
        let call = world.answered(alice, bob);
        let (lost, left) = if broken == 0 { (alice, bob) } else { (bob, alice) };
        world.cut_noticed(lost, Duration::from_secs(2), Duration::from_secs(1));
        world.run_for(Duration::from_secs(25));
        assert_eq!(world.call(left, &call).reachable, [false]);
        assert!(!world.flows(&call));
        world.restore(lost);
        world.run_for(Duration::from_secs(12));
        assert_eq!(world.call(left, &call).reachable, [false, true]);
        assert!(world.flows(&call), "ICE was restarted");
        for client in [alice, bob] {
            assert_eq!(world.call(client, &call).state(), CallState::Connected);
            assert_eq!(world.call(client, &call).flowing, [false, true]);
        }
    }
}

#[test]
fn a_network_that_returns_late_in_the_grace_period_has_its_time_to_be_repaired() {
    for broken in [0, 1] {
        let (mut world, alice, bob) = two_people(35);
        let call = world.answered(alice, bob);
        let lost = if broken == 0 { alice } else { bob };
        world.cut_noticed(lost, Duration::from_secs(25), Duration::from_secs(25));
        world.run_for(Duration::from_secs(52));
        world.restore(lost);
        world.run_for(Duration::from_secs(20));
        assert!(world.flows(&call));
        for client in [alice, bob] {
            assert_eq!(world.call(client, &call).flowing, [false, true]);
        }
    }
}

#[test]
fn a_slow_search_for_a_path_is_not_cut_short_by_the_next_one() {
    for broken in [0, 1] {
        let (mut world, alice, bob) = two_people(36);
        let call = world.answered(alice, bob);
        let lost = if broken == 0 { alice } else { bob };
        world.ice_takes = Some(Duration::from_secs(8));
        // Another network, and the server does not notice that the socket was another one for a while.
        world.cut_noticed(lost, Duration::from_secs(25), Duration::from_secs(15));
        world.run_for(Duration::from_secs(16));
        world.restore(lost);
        world.run_for(Duration::from_secs(20));
        assert!(world.flows(&call));
        for client in [alice, bob] {
            assert_eq!(world.call(client, &call).reachable, [], "nobody was missed");
            assert_eq!(world.call(client, &call).flowing, [false, true]);
        }
    }
}

#[test]
fn a_broken_network_that_does_not_return_in_time_ends_the_call_on_both_sides() {
    for (server, own) in [(0, 0), (24, 24), (0, 24), (24, 0)] {
        for broken in [0, 1] {
            let (mut world, alice, bob) = two_people(24);
            let call = world.answered(alice, bob);
            let (lost, left) = if broken == 0 { (alice, bob) } else { (bob, alice) };
            world.cut_noticed(lost, Duration::from_secs(server), Duration::from_secs(own));
            world.run_out();
            assert_eq!(
                world.end_reason(left, &call),
                Some(CallEndReason::PEER_UNREACHABLE)
            );
            assert_eq!(world.end_reason(lost, &call), Some(CallEndReason::NETWORK_LOST));
            world.assert_nothing_left();
        }
    }
}

#[test]
fn a_network_that_returns_too_late_finds_the_call_ended() {
    let (mut world, alice, bob) = two_people(25);
    let call = world.answered(alice, bob);
    world.cut_noticed(alice, Duration::ZERO, Duration::ZERO);
    world.run_for(Duration::from_secs(40));
    world.restore(alice);
    world.settle();
    assert_eq!(
        world.end_reason(bob, &call),
        Some(CallEndReason::PEER_UNREACHABLE)
    );
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::NETWORK_LOST));
    world.assert_nothing_left();
    let again = world.start(bob, "alice");
    world.settle();
    assert_eq!(world.incoming(alice, &again), Some(None), "the new session rings");
}

#[test]
fn when_both_networks_break_both_sides_end() {
    let (mut world, alice, bob) = two_people(26);
    let call = world.answered(alice, bob);
    world.cut(alice);
    world.cut(bob);
    world.run_out();
    for client in [alice, bob] {
        assert_eq!(world.end_reason(client, &call), Some(CallEndReason::NETWORK_LOST));
    }
    world.assert_nothing_left();
}

#[test]
fn a_tab_that_closes_in_a_call_ends_it_for_who_is_left() {
    for closing in [0, 1] {
        let (mut world, alice, bob) = two_people(27);
        let call = world.answered(alice, bob);
        let (gone, left) = if closing == 0 { (alice, bob) } else { (bob, alice) };
        world.close_tab(gone);
        world.settle();
        assert_eq!(world.end_reason(left, &call), Some(CallEndReason::PEER_VANISHED));
        world.assert_nothing_left();
    }
}

#[test]
fn a_browser_that_dies_in_a_call_is_unreachable_for_who_is_left() {
    let (mut world, alice, bob) = two_people(28);
    let call = world.answered(alice, bob);
    world.crash(bob);
    world.run_out();
    assert_eq!(
        world.end_reason(alice, &call),
        Some(CallEndReason::PEER_UNREACHABLE)
    );
    world.assert_nothing_left();
}

#[test]
fn a_ringing_caller_that_leaves_cancels() {
    for crash in [false, true] {
        let (mut world, alice, bob) = two_people(29);
        let call = world.start(alice, "bob");
        world.settle();
        if crash {
            world.crash(alice)
        } else {
            world.close_tab(alice)
        }
        world.run_out();
        assert_eq!(world.incoming(bob, &call), Some(Some(CallEndReason::CANCELLED)));
        world.assert_nothing_left();
    }
}

#[test]
fn a_closed_tab_whose_goodbye_races_an_accept_leaves_nothing_behind() {
    for (bye_up, accept_up) in [(10, 50), (50, 10)] {
        let (mut world, alice, bob) = two_people(30);
        let call = world.start(alice, "bob");
        world.settle();
        world.set_delays(alice, bye_up, 20);
        world.set_delays(bob, accept_up, 20);
        world.accept(bob, &call);
        world.close_tab(alice);
        world.run_out();
        let expected = if bye_up < accept_up {
            CallEndReason::CANCELLED
        } else {
            CallEndReason::PEER_VANISHED
        };
        assert_eq!(world.end_reason(bob, &call), Some(expected));
        world.assert_nothing_left();
    }
}

#[test]
fn media_that_never_comes_up_ends_the_call() {
    let (mut world, alice, bob) = two_people(31);
    world.media_works = false;
    let call = world.start(alice, "bob");
    world.settle();
    world.accept(bob, &call);
    world.run_for(Duration::from_secs(25));
    assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
    assert_eq!(world.call(bob, &call).state(), CallState::Connecting);
    world.run_out();
    for client in [alice, bob] {
        assert_eq!(
            world.end_reason(client, &call),
            Some(CallEndReason::MEDIA_NOT_CONNECTED)
        );
    }
    world.assert_nothing_left();
}

#[test]
fn media_that_is_lost_for_good_ends_the_call() {
    let (mut world, alice, bob) = two_people(32);
    let call = world.answered(alice, bob);
    world.media_works = false;
    world.look_at_media();
    world.run_for(Duration::from_secs(30));
    assert_eq!(
        world.call(alice, &call).state(),
        CallState::Connected,
        "it may still be repaired"
    );
    world.run_out();
    for client in [alice, bob] {
        assert_eq!(world.end_reason(client, &call), Some(CallEndReason::MEDIA_LOST));
    }
    world.assert_nothing_left();
}

#[test]
fn media_that_is_lost_is_repaired_by_a_restart() {
    let (mut world, alice, bob) = two_people(33);
    let call = world.answered(alice, bob);
    world.media_works = false;
    world.look_at_media();
    world.run_for(Duration::from_secs(21));
    world.media_works = true;
    world.look_at_media();
    world.run_for(Duration::from_secs(15));
    assert!(world.flows(&call));
    for client in [alice, bob] {
        assert_eq!(world.call(client, &call).flowing, [false, true]);
    }
}
