//! Random users on random networks: whatever they do, the rules hold while they do it, and in the end nothing is left.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use CallState::{Connected, LocalHold, RemoteHold};
use openline_call::{agent::CallState, exchange::ExchangeCounts};
use openline_protocol::{CallEndReason, CallId, realtime::MediaState};
use openline_test_support::Random;
use support::{ClientId, World};

const NAMES: [&str; 3] = ["alice", "bob", "carol"];

/// The server is restarted now and then, and in every other walk all the time.
const RESTARTS: [u64; 2] = [20, 100];

#[test]
#[expect(clippy::print_stdout, reason = "the number of states is asked for")]
fn whatever_people_networks_and_servers_do_every_call_ends_in_one_state() {
    let (mut seen, mut visited) = (BTreeSet::new(), HashSet::new());
    for seed in 0..2_000 {
        for restarts in RESTARTS {
            let walk = catch_unwind(AssertUnwindSafe(|| explore(seed, restarts, 0)));
            let (reasons, states) = walk.unwrap_or_else(|_| panic!("seed {seed}, restarts {restarts}"));
            seen.extend(reasons);
            visited.extend(states);
        }
    }
    assert!(
        visited.len() > 100_000,
        "only {} states were visited",
        visited.len()
    );
    println!("{} states were visited", visited.len());
    // The walk goes everywhere that users and networks lead to.
    for reason in [
        CallEndReason::HUNG_UP,
        CallEndReason::TRANSFERRED,
        CallEndReason::CANCELLED,
        CallEndReason::DECLINED,
        CallEndReason::ANSWERED_ELSEWHERE,
        CallEndReason::NOT_ANSWERED,
        CallEndReason::NOT_REGISTERED,
        CallEndReason::NOT_ALLOWED,
        CallEndReason::PEER_VANISHED,
        CallEndReason::PEER_UNREACHABLE,
        CallEndReason::NETWORK_LOST,
        CallEndReason::TOKEN_REFUSED,
        CallEndReason::MEDIA_NOT_CONNECTED,
        CallEndReason::MEDIA_LOST,
    ] {
        assert!(
            seen.contains(&(reason.code, reason.sub_code)),
            "{reason:?} never came up"
        );
    }
    // The server leaves no start without an answer, and nobody talks of a call that was not theirs.
    for reason in [CallEndReason::SETUP_TIMED_OUT, CallEndReason::UNKNOWN_CALL] {
        assert!(
            !seen.contains(&(reason.code, reason.sub_code)),
            "{reason:?} came up"
        );
    }
}

/// Sessions see to it that nothing comes twice or out of order. Were one to fail, calls may fail, and still end.
#[test]
fn also_what_comes_twice_or_out_of_order_leaves_nothing_behind() {
    for seed in 0..1_000 {
        for restarts in RESTARTS {
            let walk = catch_unwind(AssertUnwindSafe(|| explore(seed, restarts, 10 + seed % 40)));
            assert!(walk.is_ok(), "seed {seed}, restarts {restarts}");
        }
    }
}

#[test]
fn when_networks_are_well_every_answered_call_connects() {
    for seed in 0..1_000 {
        for restarts in RESTARTS {
            let result = catch_unwind(AssertUnwindSafe(|| explore_and_heal(seed, restarts)));
            assert!(result.is_ok(), "seed {seed}, restarts {restarts}");
        }
    }
}

/// Gives the end reasons that came up.
fn explore(seed: u64, restarts: u64, disorder: u64) -> (BTreeSet<(u32, u32)>, HashSet<u64>) {
    let (mut world, mut random) = begin(seed);
    world.disorder = disorder;
    for _ in 0..random.below(60) {
        act(&mut world, &mut random, restarts);
        let pause = match random.below(10) {
            0..=4 => random.millis(0, 80),
            5..=7 => random.millis(0, 2_000),
            _ => random.millis(0, 40_000),
        };
        world.run_for(pause);
        check_counts(&world);
    }
    for client in 0..world.clients.len() {
        if world.clients[client].tab_open && random.chance(70) {
            world.restore(client);
        }
    }
    world.settle();
    hang_up_all(&mut world);
    if disorder > 0 {
        world.run_out();
        // Whose end came before it rang is a person's to decline.
        world.disorder = 0;
        reject_all(&mut world);
        hang_up_all(&mut world);
    }
    world.run_out();
    world.assert_nothing_left();
    for client in 0..world.clients.len() {
        if world.clients[client].tab_open {
            world.close_tab(client);
        }
    }
    world.run_out();
    assert_eq!(world.exchange.counts(), ExchangeCounts::default());
    let records = world.clients.iter().map(|client| &client.record);
    let reasons = records.flat_map(|record| {
        let calls = record.calls.values().filter_map(|call| call.end_reason);
        calls.chain(record.incoming.values().copied().flatten())
    });
    let reasons = reasons.map(|reason| (reason.code, reason.sub_code)).collect();
    (reasons, world.visited)
}

fn explore_and_heal(seed: u64, restarts: u64) {
    let (mut world, mut random) = begin(seed);
    for _ in 0..random.below(40) {
        act(&mut world, &mut random, restarts);
        let pause = if random.chance(70) {
            random.millis(0, 300)
        } else {
            random.millis(0, 12_000)
        };
        world.run_for(pause);
    }
    for client in 0..world.clients.len() {
        world.restore(client);
    }
    // Longer than any ring, grace period, or time for media.
    world.run_for(Duration::from_secs(100));
    let mut states = BTreeMap::new();
    for client in world.clients.iter().filter(|client| client.tab_open) {
        for call_id in client.agent.call_ids() {
            let state = client.agent.call_state(call_id).expect("a live call");
            states.entry(call_id.clone()).or_insert_with(Vec::new).push(state);
            assert!(
                world.exchange.is_live(call_id),
                "the server does not know {call_id}"
            );
            assert!(world.flows(call_id), "no media in {call_id}");
            let record = client.record.call(call_id).expect("it was added");
            assert_eq!(
                record.transfers_asked,
                record.transfers.len(),
                "a transfer without an end"
            );
        }
    }
    for (call_id, mut sides) in states {
        sides.sort_by_key(|state| *state as u8);
        let agreed = matches!(
            sides[..],
            [Connected, Connected] | [LocalHold, RemoteHold | LocalHold]
        );
        assert!(agreed, "{call_id} is {sides:?}");
    }
    let sides: usize = world
        .clients
        .iter()
        .map(|client| client.agent.call_ids().count())
        .sum();
    assert_eq!(
        sides,
        2 * world.exchange.counts().answered_calls,
        "a call with one side"
    );
    hang_up_all(&mut world);
    world.run_out();
    world.assert_nothing_left();
}

fn begin(seed: u64) -> (World, Random) {
    let mut world = World::new(seed);
    let random = Random::new(seed ^ 0x5eed);
    for name in ["alice", "alice", "bob", "bob", "carol"] {
        world.sign_in(name);
    }
    (world, random)
}

/// `restarts`: how many of a hundred chances for it the server is restarted at.
fn act(world: &mut World, random: &mut Random, restarts: u64) {
    let tabs: Vec<ClientId> = (0..world.clients.len())
        .filter(|client| world.clients[*client].tab_open)
        .collect();
    let Some(client) = random.pick(&tabs).copied() else {
        return;
    };
    let call = any_call(world, random, client);
    match random.below(100) {
        0..=24 => start(world, random, client),
        25..=49 => {
            if let Some(call_id) = any_incoming(world, random, client) {
                world.accept(client, &call_id);
            }
        }
        50..=53 => {
            if let Some(call_id) = any_incoming(world, random, client) {
                world.reject(client, &call_id);
            }
        }
        54..=63 => {
            if let Some(call_id) = call {
                world.hang_up(client, &call_id);
            }
        }
        64..=67 => {
            let media = MediaState {
                muted: random.chance(50),
                video: random.chance(50),
                ..MediaState::default()
            };
            if let Some(call_id) = call
                && world.clients[client].agent.call_state(&call_id) != Some(CallState::Disconnecting)
            {
                world.set_media(client, &call_id, media);
            }
        }
        68..=70 => {
            if let Some(call_id) = call {
                world.change_tracks(client, &call_id);
            }
        }
        71..=73 => {
            if let (Some(call_id), Some(name)) = (call, random.pick(&NAMES)) {
                // Refused where it is not connected.
                world.transfer(client, &call_id, World::raw_id(name)).ok();
            }
        }
        74..=82 => world.cut(client),
        83..=91 => world.restore(client),
        92..=93 => world.close_tab(client),
        94 => world.crash(client),
        95 => world.refuse_token(client),
        96 if random.chance(restarts) => {
            if random.chance(50) {
                world.kill_server();
            } else {
                world.restart_server();
            }
        }
        97 => {
            if let Some(call_id) = call {
                hold_or_resume(world, random, client, &call_id);
            }
        }
        98 => {
            if world.clients.len() < 9
                && let Some(name) = random.pick(&NAMES)
            {
                world.sign_in(name);
            }
        }
        _ => {
            world.media_works = !world.media_works || random.chance(80);
            world.look_at_media();
        }
    }
}

fn hold_or_resume(world: &mut World, random: &mut Random, client: ClientId, call_id: &CallId) {
    let agent = &mut world.clients[client].agent;
    let held = random.chance(50);
    // Refused where it is not connected.
    let done = if held {
        agent.hold(call_id)
    } else {
        agent.resume(call_id)
    };
    done.ok();
    world.carry_out();
}

fn start(world: &mut World, random: &mut Random, client: ClientId) {
    if let Some(name) = random.pick(&NAMES)
        && world.clients[client].agent.call_ids().count() < openline_call::limits::MAX_LIVE_CALLS
    {
        world.start(client, name);
    }
}

fn any_call(world: &World, random: &mut Random, client: ClientId) -> Option<CallId> {
    let calls: Vec<CallId> = world.clients[client].agent.call_ids().cloned().collect();
    random.pick(&calls).cloned()
}

fn any_incoming(world: &World, random: &mut Random, client: ClientId) -> Option<CallId> {
    let calls: Vec<CallId> = world.clients[client].agent.incoming_call_ids().cloned().collect();
    random.pick(&calls).cloned()
}

fn hang_up_all(world: &mut World) {
    for client in 0..world.clients.len() {
        let calls: Vec<CallId> = world.clients[client].agent.call_ids().cloned().collect();
        if world.clients[client].tab_open {
            for call_id in calls {
                world.hang_up(client, &call_id);
            }
        }
    }
}

fn reject_all(world: &mut World) {
    for client in 0..world.clients.len() {
        let calls: Vec<CallId> = world.clients[client].agent.incoming_call_ids().cloned().collect();
        if world.clients[client].tab_open {
            for call_id in calls {
                world.reject(client, &call_id);
            }
        }
    }
}

/// The server's books agree with themselves at any time.
fn check_counts(world: &World) {
    let counts = world.exchange.counts();
    let sessions = world
        .clients
        .iter()
        .filter(|client| client.endpoint_id.is_some())
        .count();
    assert_eq!(counts.endpoints, sessions + world.orphans.len());
    assert!(counts.identities <= NAMES.len());
    for client in world.clients.iter().filter(|client| client.tab_open) {
        assert!(client.agent.call_ids().count() <= openline_call::limits::MAX_LIVE_CALLS);
        let state_of = |call_id| client.record.call(call_id).map(|record| record.state());
        let active = client
            .agent
            .call_ids()
            .filter(|call_id| matches!(state_of(call_id), Some(Connected | RemoteHold)));
        assert!(active.count() <= 1, "one talks in one call at a time");
    }
}
