//! The world of one seed: people, the network between them and the server, and what goes wrong. It moves from one
//! thing that happens to the next.

mod faults;
mod frames;
mod pages;
mod serving;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use openline_protocol::Instant;
use openline_test_support::{Random, Schedule};

use crate::{
    client::Client,
    clock::FakeClock,
    disk::{Disk, Template, people},
    journal::Journal,
    log::Log,
    names::Names,
    network::Connection,
    requests::{Answer, Request},
    server::{Server, SocketId},
};

/// Everything happens on a grid, so that some of it happens at once.
const GRID: u64 = 20;

/// After people have gone quiet and nothing goes wrong any more, everything has to be well within this time.
const PATIENCE: Duration = Duration::from_secs(600);

/// Messages of a burst: more than a batch of missed events.
const BURST: u32 = 300;

/// What happens at its time.
#[derive(Debug)]
enum Event {
    Act(usize),
    Fault,
    Restart,
    Pump(SocketId),
    /// The server has time again.
    Free,
    Token(usize),
    Reconnect(usize),
    Ask {
        client: usize,
        number: u64,
        request: Request,
    },
    Arrive {
        client: usize,
        number: u64,
        request: Request,
    },
    Answer {
        client: usize,
        number: u64,
        answer: Answer,
        life: u64,
    },
    GiveUp {
        client: usize,
        number: u64,
    },
}

pub(crate) struct World {
    pub(crate) random: Random,
    pub(crate) clock: Arc<FakeClock>,
    schedule: Schedule<Event>,
    disk: Arc<Mutex<Disk>>,
    pub(crate) server: Option<Server>,
    life: u64,
    pub(crate) clients: Vec<Client>,
    connections: BTreeMap<SocketId, Connection>,
    next_socket: SocketId,
    /// Requests that reached the server.
    arrived: Vec<(usize, u64, Request)>,
    /// Until when the server is at other things: what arrives meanwhile is done at once.
    busy_until: Instant,
    pub(crate) names: Names,
    pub(crate) log: Log,
    journal: Journal,
    serial: u64,
    /// Until when people do things and things go wrong.
    quiet_at: Instant,
}

impl World {
    pub(crate) async fn new(seed: u64, template: &Template, journal: Journal) -> Self {
        let mut random = Random::new(seed);
        let quiet_at = Instant::from_millis(0) + random.millis(4_000, 25_000);
        let mut world = Self {
            clock: Arc::new(FakeClock::new()),
            schedule: Schedule::new(Instant::from_millis(0)),
            disk: Arc::new(Mutex::new(Disk::new(template))),
            server: None,
            life: 0,
            clients: Vec::new(),
            connections: BTreeMap::new(),
            next_socket: 0,
            arrived: Vec::new(),
            busy_until: Instant::from_millis(0),
            names: Names::default(),
            log: Log::default(),
            journal,
            serial: 0,
            quiet_at,
            random,
        };
        world.start_server().await;
        // Everybody has a page open, and one of them two.
        let mut pages = people();
        pages.push(pages[1].clone());
        for (index, who) in pages.into_iter().enumerate() {
            let seed = world.random.number();
            let client = Client::new(who, world.names.clone(), seed, world.now());
            world.clients.push(client);
            world.after(0, 3_000, Event::Act(index));
            world.carry_out(index);
        }
        world.after(500, 4_000, Event::Fault);
        world
    }

    fn now(&self) -> Instant {
        self.schedule.now()
    }

    /// Lets something happen between `low` and `high` milliseconds from now.
    fn after(&mut self, low: u64, high: u64, event: Event) {
        let delay = self.random.millis(low, high);
        self.schedule.after(on_grid(self.now(), delay), event);
    }

    fn note(&self, what: impl FnOnce() -> String) {
        self.journal.note(self.now(), what);
    }

    pub(crate) async fn end(&mut self) {
        if let Some(server) = self.server.take() {
            server.bury().await;
        }
    }

    /// Runs until people have gone quiet and everything is well again.
    pub(crate) async fn run(&mut self) {
        loop {
            let at = self.next_at();
            if self.now() > self.quiet_at && self.is_settled() {
                return;
            }
            let at = at.expect("a world that is not settled goes on");
            assert!(
                at < self.quiet_at + PATIENCE,
                "nothing settles: {:?}",
                self.unsettled()
            );
            self.schedule.advance(at);
            self.clock.set(at);
            self.step().await;
        }
    }

    fn next_at(&self) -> Option<Instant> {
        let connections = self.connections.values().filter_map(Connection::next_at);
        let clients = self.clients.iter().filter_map(Client::poll_timeout);
        let server = self.server.as_ref().and_then(Server::poll_timeout);
        connections
            .chain(clients)
            .chain(server)
            .chain(self.schedule.next_at())
            .min()
    }

    fn is_settled(&self) -> bool {
        self.unsettled().is_empty()
    }

    /// The pages for which something is still to come.
    fn unsettled(&self) -> Vec<usize> {
        let Some(server) = &self.server else {
            return vec![usize::MAX];
        };
        let nothing_due = self.schedule.next_at().is_none();
        let idle = self
            .connections
            .values()
            .all(|connection| connection.next_at().is_none());
        if !nothing_due || !idle {
            return vec![usize::MAX];
        }
        let pages = self.clients.iter().enumerate().filter(|(_, client)| {
            let connection = client
                .socket
                .and_then(|id| Some((id, self.connections.get(&id)?)));
            let whole = connection.is_some_and(|(id, connection)| !connection.is_cut() && server.follows(id));
            !whole || !client.is_settled()
        });
        pages.map(|(index, _)| index).collect()
    }

    async fn step(&mut self) {
        while let Some(event) = self.schedule.take_due() {
            self.happen(event).await;
        }
        self.move_frames().await;
        let now = self.now();
        for index in 0..self.clients.len() {
            if self.clients[index].poll_timeout().is_some_and(|at| at <= now) {
                self.clients[index].handle_timeout(now);
                self.carry_out(index);
            }
        }
        if let Some(server) = &mut self.server
            && server.poll_timeout().is_some_and(|at| at <= now)
        {
            server.handle_timeout(now).await;
        }
        self.serve().await;
        self.send_out();
        self.check_fuse().await;
    }

    async fn happen(&mut self, event: Event) {
        let now = self.now();
        match event {
            Event::Act(index) => self.act(index),
            Event::Fault => self.go_wrong().await,
            Event::Restart => self.start_server().await,
            Event::Pump(socket) => self.pump(socket).await,
            Event::Free => {}
            Event::Token(index) => {
                let good = self.is_quiet() || !self.random.chance(4);
                self.clients[index].token_ready(good, now);
                self.carry_out(index);
            }
            Event::Reconnect(index) => {
                self.clients[index].connect(now);
                self.carry_out(index);
            }
            Event::Ask {
                client,
                number,
                request,
            } => self.send_request(client, number, request),
            Event::Arrive {
                client,
                number,
                request,
            } => {
                if self.server.is_some() {
                    self.arrived.push((client, number, request));
                } else {
                    let (answer, life) = (Answer::Lost, self.life);
                    self.after(
                        20,
                        200,
                        Event::Answer {
                            client,
                            number,
                            answer,
                            life,
                        },
                    );
                }
            }
            Event::Answer {
                client,
                number,
                answer,
                life,
            } => {
                // The server died while the answer was on its way.
                let lost = life != self.life && self.random.chance(50);
                self.answered(client, number, if lost { Answer::Lost } else { answer });
            }
            Event::GiveUp { client, number } => {
                if self.clients[client].waits_for(number) {
                    self.answered(client, number, Answer::Lost);
                }
            }
        }
    }

    fn is_quiet(&self) -> bool {
        self.now() >= self.quiet_at
    }
}

/// The delay that ends on the grid, at `delay` or a little later.
fn on_grid(now: Instant, delay: Duration) -> Duration {
    let end = (now + delay).as_millis().next_multiple_of(GRID);
    Duration::from_millis(end - now.as_millis())
}
