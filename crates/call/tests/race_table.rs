//! The race table of `docs/protocol.md`, row by row, in both orders where there are two: who rings, who
//! answers. What breaks is in `race_table_breaks.rs`.

mod support;

use std::time::Duration;

use openline_call::agent::{CallDirection, CallState, ParticipantState};
use openline_protocol::{CallEndReason, realtime::MediaState};
use support::{World, two_people};

#[test]
fn a_call_is_answered_connects_and_is_hung_up() {
    let (mut world, alice, bob) = two_people(1);
    let call = world.start(alice, "bob");
    world.settle();
    assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
    assert_eq!(world.incoming(bob, &call), Some(None));

    world.accept(bob, &call);
    world.settle();
    assert!(world.flows(&call));
    for client in [alice, bob] {
        assert_eq!(world.call(client, &call).state(), CallState::Connected);
    }

    world.hang_up(alice, &call);
    world.settle();
    for client in [alice, bob] {
        assert_eq!(world.end_reason(client, &call), Some(CallEndReason::HUNG_UP));
    }
    world.assert_nothing_left();
}

#[test]
fn the_states_of_a_call_are_those_an_application_expects() {
    let (mut world, alice, bob) = two_people(2);
    let call = world.answered(alice, bob);
    world.hang_up(bob, &call);
    world.settle();
    use CallState::{Connected, Connecting, Disconnected, Disconnecting, None, Ringing};
    let caller = world.call(alice, &call);
    assert_eq!(caller.direction, CallDirection::Outgoing);
    assert_eq!(
        caller.states,
        [None, Connecting, Ringing, Connected, Disconnected]
    );
    assert_eq!(
        caller.participant,
        [
            ParticipantState::Idle,
            ParticipantState::Connecting,
            ParticipantState::Ringing,
            ParticipantState::Connecting,
            ParticipantState::Connected,
            ParticipantState::Disconnected
        ]
    );
    let callee = world.call(bob, &call);
    assert_eq!(callee.direction, CallDirection::Incoming);
    assert_eq!(
        callee.states,
        [None, Connecting, Connected, Disconnecting, Disconnected]
    );
}

#[test]
fn an_accepted_call_stops_ringing_where_it_was_accepted() {
    let (mut world, alice, bob) = two_people(3);
    let call = world.answered(alice, bob);
    assert_eq!(world.incoming(bob, &call), Some(Some(CallEndReason::HUNG_UP)));
    assert!(!world.try_accept(bob, &call));
}

#[test]
fn of_two_who_call_each_other_the_first_start_is_the_call() {
    for (alice_up, bob_up) in [(10, 50), (50, 10)] {
        let (mut world, alice, bob) = two_people(4);
        world.set_delays(alice, alice_up, 20);
        world.set_delays(bob, bob_up, 20);
        let from_alice = world.start(alice, "bob");
        let from_bob = world.start(bob, "alice");
        world.settle();

        let (first, second) = if alice_up < bob_up {
            (&from_alice, &from_bob)
        } else {
            (&from_bob, &from_alice)
        };
        assert!(world.flows(first), "the first start is the call");
        for client in [alice, bob] {
            assert_eq!(world.call(client, first).state(), CallState::Connected);
        }
        let merged = if alice_up < bob_up { bob } else { alice };
        assert_eq!(
            world.call(merged, second).state(),
            CallState::Connected,
            "the former id goes on"
        );
        assert_eq!(world.incoming(alice, &from_bob), None, "nobody was rung");
        assert_eq!(world.incoming(bob, &from_alice), None, "nobody was rung");

        world.hang_up(merged, second);
        world.run_out();
        assert_eq!(world.end_reason(alice, first), Some(CallEndReason::HUNG_UP));
        assert_eq!(world.end_reason(bob, first), Some(CallEndReason::HUNG_UP));
        world.assert_nothing_left();
    }
}

#[test]
fn two_who_call_each_other_stop_ringing_on_their_other_devices() {
    let (mut world, alice, bob) = two_people(5);
    let tablet = world.sign_in("bob");
    world.set_delays(alice, 10, 20);
    world.set_delays(bob, 50, 20);
    let call = world.start(alice, "bob");
    let _merged = world.start(bob, "alice");
    world.settle();
    assert_eq!(
        world.incoming(tablet, &call),
        Some(Some(CallEndReason::ANSWERED_ELSEWHERE))
    );
    assert!(world.flows(&call));
}

#[test]
fn calling_back_somebody_who_rings_here_already_answers_their_call() {
    let (mut world, alice, bob) = two_people(6);
    let call = world.start(alice, "bob");
    world.settle();
    assert_eq!(world.incoming(bob, &call), Some(None));
    let own = world.start(bob, "alice");
    world.settle();
    assert_eq!(world.incoming(bob, &call), Some(Some(CallEndReason::HUNG_UP)));
    assert_eq!(world.call(bob, &own).state(), CallState::Connected);
    assert!(world.flows(&call));
    world.hang_up(alice, &call);
    world.run_out();
    world.assert_nothing_left();
}

#[test]
fn accepting_and_calling_back_in_the_same_moment_is_one_call() {
    for back_first in [true, false] {
        let (mut world, alice, bob) = two_people(7);
        let call = world.start(alice, "bob");
        world.settle();
        let own = if back_first {
            let own = world.start(bob, "alice");
            world.accept(bob, &call);
            own
        } else {
            world.accept(bob, &call);
            world.start(bob, "alice")
        };
        world.settle();
        assert!(world.flows(&call));
        world.hang_up(bob, &call);
        if !back_first {
            // The call was answered before the second one began: that one rings.
            assert_eq!(world.incoming(alice, &own), Some(None));
            world.hang_up(bob, &own);
        }
        world.run_out();
        world.assert_nothing_left();
    }
}

#[test]
fn hanging_up_while_both_calls_become_one_ends_it_for_both() {
    // The caller who is merged hangs up before it knows of the merge.
    let (mut world, alice, bob) = two_people(8);
    world.set_delays(alice, 10, 20);
    world.set_delays(bob, 50, 300);
    let call = world.start(alice, "bob");
    let own = world.start(bob, "alice");
    world.run_for(Duration::from_millis(100));
    world.hang_up(bob, &own);
    world.run_out();
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::HUNG_UP));
    assert_eq!(world.end_reason(bob, &own), Some(CallEndReason::HUNG_UP));
    assert_eq!(world.incoming(bob, &call), None);
    world.assert_nothing_left();
}

#[test]
fn a_call_held_back_rings_once_the_own_call_is_over() {
    // The own start is refused, the other side's call stands.
    let (mut world, alice, bob) = two_people(9);
    world.clients[bob].may_start = false;
    world.connect(bob);
    world.set_delays(alice, 10, 20);
    world.set_delays(bob, 400, 20);
    let call = world.start(alice, "bob");
    let own = world.start(bob, "alice");
    world.run_for(Duration::from_millis(200));
    assert_eq!(world.incoming(bob, &call), None, "held back");
    world.settle();
    assert_eq!(world.end_reason(bob, &own), Some(CallEndReason::NOT_ALLOWED));
    assert_eq!(world.incoming(bob, &call), Some(None));
    world.accept(bob, &call);
    world.settle();
    assert!(world.flows(&call));
}

#[test]
fn a_cancel_that_arrives_before_the_accept_wins() {
    let (mut world, alice, bob) = two_people(10);
    let call = world.start(alice, "bob");
    world.settle();
    world.set_delays(alice, 10, 20);
    world.set_delays(bob, 50, 200);
    world.accept(bob, &call);
    world.hang_up(alice, &call);
    world.run_out();
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::CANCELLED));
    assert_eq!(world.end_reason(bob, &call), Some(CallEndReason::CANCELLED));
    world.assert_nothing_left();
}

#[test]
fn an_accept_that_arrives_before_the_cancel_wins_and_the_cancel_hangs_up() {
    let (mut world, alice, bob) = two_people(11);
    let call = world.start(alice, "bob");
    world.settle();
    world.set_delays(alice, 50, 200);
    world.set_delays(bob, 10, 20);
    world.accept(bob, &call);
    world.hang_up(alice, &call);
    world.run_out();
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::HUNG_UP));
    assert_eq!(world.end_reason(bob, &call), Some(CallEndReason::HUNG_UP));
    world.assert_nothing_left();
}

#[test]
fn a_cancelled_call_cannot_be_accepted_any_more() {
    let (mut world, alice, bob) = two_people(12);
    let call = world.start(alice, "bob");
    world.settle();
    world.hang_up(alice, &call);
    world.settle();
    assert_eq!(world.incoming(bob, &call), Some(Some(CallEndReason::CANCELLED)));
    assert!(!world.try_accept(bob, &call), "400/41006 for the application");
}

#[test]
fn of_two_devices_the_first_to_accept_gets_the_call() {
    for (laptop_up, tablet_up) in [(10, 50), (50, 10)] {
        let (mut world, alice, laptop) = two_people(13);
        let tablet = world.sign_in("bob");
        let call = world.start(alice, "bob");
        world.settle();
        world.set_delays(laptop, laptop_up, 20);
        world.set_delays(tablet, tablet_up, 20);
        world.accept(laptop, &call);
        world.accept(tablet, &call);
        world.settle();
        let (winner, loser) = if laptop_up < tablet_up {
            (laptop, tablet)
        } else {
            (tablet, laptop)
        };
        assert_eq!(world.call(winner, &call).state(), CallState::Connected);
        assert_eq!(
            world.end_reason(loser, &call),
            Some(CallEndReason::ANSWERED_ELSEWHERE)
        );
        assert_eq!(world.call(alice, &call).state(), CallState::Connected);
    }
}

#[test]
fn a_device_that_did_not_answer_stops_ringing() {
    let (mut world, alice, laptop) = two_people(14);
    let tablet = world.sign_in("bob");
    let call = world.answered(alice, laptop);
    assert_eq!(
        world.incoming(tablet, &call),
        Some(Some(CallEndReason::ANSWERED_ELSEWHERE))
    );
}

#[test]
fn a_reject_on_one_device_ends_the_call_on_all() {
    let (mut world, alice, laptop) = two_people(15);
    let tablet = world.sign_in("bob");
    let call = world.start(alice, "bob");
    world.settle();
    world.reject(tablet, &call);
    world.run_out();
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::DECLINED));
    assert_eq!(world.incoming(laptop, &call), Some(Some(CallEndReason::DECLINED)));
    assert_eq!(world.incoming(tablet, &call), Some(Some(CallEndReason::DECLINED)));
    world.assert_nothing_left();
}

#[test]
fn a_reject_against_an_accept_is_decided_by_who_is_first() {
    for (accept_up, reject_up) in [(10, 50), (50, 10)] {
        let (mut world, alice, laptop) = two_people(16);
        let tablet = world.sign_in("bob");
        let call = world.start(alice, "bob");
        world.settle();
        world.set_delays(laptop, accept_up, 20);
        world.set_delays(tablet, reject_up, 20);
        world.accept(laptop, &call);
        world.reject(tablet, &call);
        world.settle();
        if accept_up < reject_up {
            assert!(world.flows(&call));
        } else {
            assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::DECLINED));
            assert_eq!(world.end_reason(laptop, &call), Some(CallEndReason::DECLINED));
        }
    }
}

#[test]
fn a_call_that_nobody_answers_ends_on_all_sides() {
    let (mut world, alice, laptop) = two_people(17);
    let tablet = world.sign_in("bob");
    let call = world.start(alice, "bob");
    world.run_for(Duration::from_secs(59));
    assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
    world.run_out();
    assert_eq!(world.end_reason(alice, &call), Some(CallEndReason::NOT_ANSWERED));
    for device in [laptop, tablet] {
        assert_eq!(
            world.incoming(device, &call),
            Some(Some(CallEndReason::NOT_ANSWERED))
        );
    }
    world.assert_nothing_left();
}

#[test]
fn calling_somebody_who_is_not_there_ends_at_once() {
    let mut world = World::new(18);
    let alice = world.sign_in("alice");
    let call = world.start(alice, "bob");
    world.settle();
    assert_eq!(
        world.end_reason(alice, &call),
        Some(CallEndReason::NOT_REGISTERED)
    );
    world.assert_nothing_left();
}

#[test]
fn a_device_within_its_grace_period_rings_when_it_is_back() {
    let (mut world, alice, bob) = two_people(19);
    world.cut_noticed(bob, Duration::ZERO, Duration::ZERO);
    world.settle();
    let call = world.start(alice, "bob");
    world.settle();
    assert_eq!(
        world.call(alice, &call).state(),
        CallState::Connecting,
        "nothing rings yet"
    );
    world.restore(bob);
    world.settle();
    assert_eq!(world.call(alice, &call).state(), CallState::Ringing);
    world.accept(bob, &call);
    world.settle();
    assert!(world.flows(&call));
}

#[test]
fn a_call_that_was_cancelled_during_the_grace_period_does_not_ring_afterwards() {
    let (mut world, alice, bob) = two_people(20);
    world.cut_noticed(bob, Duration::ZERO, Duration::ZERO);
    world.settle();
    let call = world.start(alice, "bob");
    world.settle();
    world.hang_up(alice, &call);
    world.settle();
    world.restore(bob);
    world.settle();
    assert_eq!(world.incoming(bob, &call), None);
    world.assert_nothing_left();
}

#[test]
fn a_ringing_call_ends_when_the_last_device_of_the_callee_is_gone() {
    let (mut world, alice, laptop) = two_people(21);
    let tablet = world.sign_in("bob");
    let call = world.start(alice, "bob");
    world.settle();
    world.close_tab(laptop);
    world.settle();
    assert_eq!(
        world.call(alice, &call).state(),
        CallState::Ringing,
        "the tablet still rings"
    );
    world.close_tab(tablet);
    world.settle();
    assert_eq!(
        world.end_reason(alice, &call),
        Some(CallEndReason::NOT_REGISTERED)
    );
    world.assert_nothing_left();
}

#[test]
fn a_device_that_signs_in_while_a_call_rings_rings_too() {
    let (mut world, alice, laptop) = two_people(22);
    let call = world.start(alice, "bob");
    world.settle();
    let tablet = world.sign_in("bob");
    world.settle();
    assert_eq!(world.incoming(tablet, &call), Some(None));
    world.accept(tablet, &call);
    world.settle();
    assert!(world.flows(&call));
    assert_eq!(
        world.incoming(laptop, &call),
        Some(Some(CallEndReason::ANSWERED_ELSEWHERE))
    );
}

#[test]
fn diagnostics_reach_the_other_side_and_outlive_what_else_changes() {
    for seed in 0..10 {
        let (mut world, alice, bob) = two_people(seed);
        let call = world.answered(alice, bob);
        let told = |world: &World| world.clients[bob].record.remote_media(&call);
        world.set_diagnostics(alice, &call, 0b1110);
        world.settle();
        assert_eq!(told(&world).map(|media| media.diagnostics), Some(0b1110));
        let muted = MediaState {
            muted: true,
            ..MediaState::default()
        };
        world.set_media(alice, &call, muted);
        world.clients[alice].agent.hold(&call).expect("connected");
        world.carry_out();
        world.settle();
        let state = MediaState {
            held: true,
            diagnostics: 0b1110,
            ..muted
        };
        assert_eq!(told(&world), Some(state));
        world.kill_server();
        world.run_for(Duration::from_secs(60));
        assert_eq!(told(&world), Some(state));
        world.set_diagnostics(alice, &call, 0);
        world.settle();
        assert_eq!(
            told(&world),
            Some(MediaState {
                diagnostics: 0,
                ..state
            })
        );
    }
}

#[test]
fn mute_and_video_reach_the_other_side_from_the_answer_on() {
    let (mut world, alice, bob) = two_people(34);
    let call = world.start(alice, "bob");
    let muted = MediaState {
        muted: true,
        video: false,
        ..MediaState::default()
    };
    world.set_media(alice, &call, muted);
    world.settle();
    world.accept(bob, &call);
    world.settle();
    assert_eq!(world.clients[bob].record.remote_media(&call), Some(muted));
    let video = MediaState {
        muted: false,
        video: true,
        ..MediaState::default()
    };
    assert_eq!(world.clients[alice].record.remote_media(&call), Some(video));
    world.set_media(
        bob,
        &call,
        MediaState {
            muted: true,
            video: false,
            ..MediaState::default()
        },
    );
    world.settle();
    assert_eq!(world.clients[alice].record.remote_media(&call), Some(muted));
}
