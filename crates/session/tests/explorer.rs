//! Thousands of random courses of one connection: whatever is cut when, commands and notices arrive once and in
//! order, and what the session survives is complete.

mod support;

use std::time::Duration;

use openline_session::{ClientState, SessionEnd};
use support::World;

#[test]
fn commands_and_notices_arrive_once_in_order_whatever_is_cut() {
    let mut survived_cuts = 0;
    let mut lost = 0;
    let mut late = 0;
    for seed in 0..4_000 {
        let world = explore(seed);
        check(&world, seed);
        survived_cuts += usize::from(world.sockets.len() > 2 && world.sessions_started == 1);
        lost += usize::from(world.sessions_started > 1);
        late += world.late_hellos;
    }
    // The courses are worth something only when every end of a break happens often.
    assert!(late > 100, "{late}");
    assert!(survived_cuts > 500, "{survived_cuts}");
    assert!(lost > 100, "{lost}");
}

fn explore(seed: u64) -> World {
    let mut dice = Dice(seed);
    let mut world = World::new(seed);
    world.connect();
    for _ in 0..dice.roll(300) {
        match dice.roll(100) {
            0..20 => drop(world.command()),
            20..40 => world.notice(),
            40..57 => drop(world.carry_up()),
            57..62 => drop(world.carry_up_newest()),
            62..84 => drop(world.carry_down()),
            84..88 => world.cut(),
            88..91 => world.client_notices_cut(),
            91..94 => world.server_notices_cut(),
            94 => drop(world.next_timer()),
            // The hello of the next socket may wait for longer than its client does.
            95 => {
                world.cut();
                world.client_notices_cut();
                for _ in 0..dice.roll(8) {
                    world.next_timer();
                }
            }
            96 => {
                world.client.network_hint(world.now);
                world.drain_client();
            }
            97 => world.network_up = dice.roll(3) > 0,
            _ => world.advance(Duration::from_millis(dice.roll(20_000))),
        }
    }
    world.network_up = true;
    world.advance(Duration::from_secs(120));
    world
}

fn check(world: &World, seed: u64) {
    assert_eq!(world.client.state(), ClientState::Connected, "seed {seed}");
    for pair in world.handled.windows(2) {
        let ((session, tag), (next_session, next_tag)) = (pair[0], pair[1]);
        let in_order = if session == next_session {
            next_tag == tag + 1
        } else {
            next_tag > tag
        };
        assert!(in_order, "seed {seed}: commands {pair:?}");
    }
    for pair in world.noticed.windows(2) {
        let ((session, tag), (next_session, next_tag)) = (pair[0], pair[1]);
        let wanted = if session == next_session { tag + 1 } else { 1 };
        assert_eq!(next_tag, wanted, "seed {seed}: notices {pair:?}");
    }
    let of_session: Vec<u64> = world
        .handled
        .iter()
        .filter(|(session, _)| *session == world.sessions_started)
        .map(|(_, tag)| *tag)
        .collect();
    let wanted: Vec<u64> = (world.first_of_session..=world.accepted).collect();
    assert_eq!(of_session, wanted, "seed {seed}");
    let noticed = world
        .noticed
        .iter()
        .filter(|(session, _)| *session == world.client_sessions)
        .count();
    assert_eq!(noticed as u64, world.pushed, "seed {seed}");
    assert!(!world.ended.contains(&SessionEnd::Overflow), "seed {seed}");
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
