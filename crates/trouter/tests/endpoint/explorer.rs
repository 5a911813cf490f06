//! Thousands of random courses: a client that behaves as the published one, a line that is cut, a server that is
//! killed between two saves of its ledger. Whatever happens, every event is handed over; and it is handed over a
//! second time only where the server cannot know of the first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openline_test_support::Random;
use openline_trouter::{ConnectionNumber, Delivered, Ledger};

use crate::world::{Out, World};

const SEEDS: u64 = 1_000;

struct Course {
    random: Random,
    world: World,
    connection: Option<u64>,
    /// Positions, as the client handed them to the application. It remembers nothing itself.
    handed: Vec<u64>,
    /// On the way to the client, and back.
    down: VecDeque<(u64, u64)>,
    up: VecDeque<(u64, u64, u16)>,
    /// Everything that happened.
    log: Vec<u64>,
    stored: Ledger,
    /// How often each was handed over without the server being able to know: the answer was lost, or the knowledge.
    unknown: BTreeMap<u64, u64>,
    /// Answers that arrived after the last save.
    unsaved: BTreeSet<u64>,
    /// Whether events may overtake each other: the client is slow.
    restless: bool,
    /// What the client did not get round to once.
    delayed: BTreeSet<u64>,
    kills: u32,
}

#[test]
fn every_event_is_handed_over_and_once_where_the_server_can_know() {
    let (mut repeated, mut kills) = (0, 0);
    for seed in 0..SEEDS {
        let mut course = Course::new(seed);
        course.run();
        course.finish();
        course.check(seed);
        repeated += course.handed.len() - course.log.len();
        kills += course.kills;
    }
    // The courses are worth something only where things go wrong.
    assert!(repeated > 1_000 && kills > 1_000, "{repeated} {kills}");
}

impl Course {
    fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            world: World::new(Ledger::at(0)),
            connection: None,
            handed: Vec::new(),
            down: VecDeque::new(),
            up: VecDeque::new(),
            log: Vec::new(),
            stored: Ledger::at(0),
            unknown: BTreeMap::new(),
            unsaved: BTreeSet::new(),
            restless: seed.is_multiple_of(2),
            delayed: BTreeSet::new(),
            kills: 0,
        }
    }

    fn run(&mut self) {
        for _ in 0..self.random.below(400) {
            match self.random.below(100) {
                0..30 => self.happen(),
                30..50 => self.carry_down(),
                50..75 => self.carry_up(),
                75..82 => self.save(),
                82..85 => self.cut(),
                85..94 => self.connect(),
                94..96 => self.kill(),
                _ => {
                    let by = self.random.millis(0, 30_000);
                    self.world.advance(by);
                }
            }
            self.settle();
        }
    }

    /// Everything calms down.
    fn finish(&mut self) {
        self.connect();
        self.settle();
        self.exchange_all();
        self.save();
    }

    fn exchange_all(&mut self) {
        self.read_log();
        self.settle();
        while !self.down.is_empty() || !self.up.is_empty() {
            self.carry_down();
            self.carry_up();
            self.settle();
        }
    }

    fn check(&self, seed: u64) {
        let mut times: BTreeMap<u64, u64> = BTreeMap::new();
        for position in &self.handed {
            *times.entry(*position).or_default() += 1;
        }
        for position in &self.log {
            let handed = times.get(position).copied().unwrap_or(0);
            assert!(handed > 0, "seed {seed}: {position} is lost");
            let excused = self.unknown.get(position).copied().unwrap_or(0);
            assert!(
                handed <= 1 + excused,
                "seed {seed}: {position} came {handed} times"
            );
        }
        let mut first = BTreeSet::new();
        let order: Vec<_> = self.handed.iter().filter(|at| first.insert(**at)).collect();
        assert!(self.restless || order.is_sorted(), "seed {seed}: out of order");
        let head = self.log.last().copied().unwrap_or(0);
        assert_eq!(self.stored, Ledger::at(head), "seed {seed}");
    }

    /// Something happens in a chat: it is in the log, and on the bus if somebody listens.
    fn happen(&mut self) {
        let head = self.log.last().copied().unwrap_or(0);
        let position = head + 1 + self.random.below(3);
        self.log.push(position);
        if self.connection.is_some() && self.world.endpoint.through() >= head {
            // Where it does not fit, it is read from the log later.
            let _full = self.world.offer(position);
        }
    }

    /// What the server's pump does when it is behind.
    fn read_log(&mut self) {
        let through = self.world.endpoint.through();
        let missed: Vec<_> = self.log.iter().copied().filter(|at| *at > through).collect();
        for position in missed {
            if self.world.offer(position).is_err() {
                return;
            }
        }
    }

    fn connect(&mut self) {
        self.break_line();
        self.connection = Some(self.world.connect());
        self.read_log();
    }

    fn cut(&mut self) {
        if let Some(connection) = self.connection {
            self.break_line();
            self.world
                .endpoint
                .detach(ConnectionNumber(connection), self.world.now);
        }
    }

    /// What is on the line is gone, answers included.
    fn break_line(&mut self) {
        self.connection = None;
        self.down.clear();
        for (_, position, status) in std::mem::take(&mut self.up) {
            if status == 200 {
                *self.unknown.entry(position).or_default() += 1;
            }
        }
    }

    fn kill(&mut self) {
        self.break_line();
        for position in std::mem::take(&mut self.unsaved) {
            *self.unknown.entry(position).or_default() += 1;
        }
        let (now, connections) = (self.world.now, self.world.connections);
        self.world = World::new(self.stored.clone());
        (self.world.now, self.world.connections) = (now, connections);
        self.kills += 1;
    }

    fn save(&mut self) {
        self.stored = self.world.endpoint.ledger().clone();
        self.unsaved.clear();
    }

    fn carry_down(&mut self) {
        let Some((request, position)) = self.down.pop_front() else {
            return;
        };
        // The client's library gives up on a page that is too busy; the application does not get the event then.
        let late = self.restless && self.random.chance(3) && self.delayed.insert(position);
        let status = if late {
            504
        } else {
            self.handed.push(position);
            200
        };
        self.up.push_back((request, position, status));
    }

    fn carry_up(&mut self) {
        let (Some((request, position, status)), Some(connection)) = (self.up.pop_front(), self.connection)
        else {
            return;
        };
        self.world.answer(connection, request, status);
        if status == 200 {
            self.unsaved.insert(position);
        }
    }

    fn settle(&mut self) {
        for (connection, out) in self.world.outputs() {
            match out {
                Out::Request(request, body) if Some(connection) == self.connection => {
                    let position = body.strip_prefix("event ").unwrap().parse().unwrap();
                    self.down.push_back((request, position));
                }
                Out::Close(_) if Some(connection) == self.connection => self.break_line(),
                Out::Settled(delivered) => {
                    assert_eq!(delivered, Delivered::Taken);
                    if self.world.endpoint.has_room() && self.connection.is_some() {
                        self.read_log();
                    }
                }
                Out::Request(..) | Out::Close(_) | Out::Frame(_) => {}
            }
        }
    }
}
