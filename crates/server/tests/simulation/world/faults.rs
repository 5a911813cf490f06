//! What goes wrong.

use std::sync::Arc;

use openline_protocol::Timestamp;
use openline_server::clock::Clock as _;

use super::{BURST, Event, World};
use crate::{
    disk::{Disk, people},
    mortal::Fuse,
    network::Noticed,
    requests::{Answer, Request},
    script::{Fault, fault},
    server::{Server, SocketId},
};

impl World {
    pub(super) async fn go_wrong(&mut self) {
        if self.is_quiet() {
            return;
        }
        self.after(200, 3_000, Event::Fault);
        let fault = fault(&mut self.random);
        self.note(|| format!("{fault:?}"));
        let now = self.now();
        let sockets: Vec<SocketId> = self.connections.keys().copied().collect();
        match fault {
            Fault::Cut => {
                if let Some(id) = self.random.pick(&sockets).copied() {
                    self.cut(id);
                }
            }
            Fault::CutAll => sockets.into_iter().for_each(|id| self.cut(id)),
            Fault::Stall => {
                let until = now + self.random.millis(1_000, 40_000);
                if let Some(connection) = self
                    .random
                    .pick(&sockets)
                    .and_then(|id| self.connections.get_mut(id))
                {
                    connection.stall(until);
                }
            }
            Fault::Fuse(steps) => {
                if let Some(server) = &self.server {
                    server.fuse.arm(steps);
                }
            }
            Fault::Kill => {
                if let Some(server) = &self.server {
                    server.fuse.blow();
                }
            }
            Fault::Stop => self.stop_server().await,
            Fault::Clock => {
                let ahead = self.random.below(120_000).cast_signed();
                self.clock.set_wall(ahead - 60_000);
            }
            Fault::Burst => {
                sockets.into_iter().for_each(|id| self.cut(id));
                self.burst().await;
            }
            Fault::Prune => self.prune().await,
            Fault::Flood => {
                let all = people();
                if let (Some(server), Some(who)) = (&self.server, self.random.pick(&all)) {
                    server.flood(&who.raw_id);
                }
            }
        }
    }

    /// More happens than a page is told at once, while some of them are away.
    pub(super) async fn burst(&mut self) {
        let threads = self
            .names
            .sorted(self.clients[0].copy.threads.keys().cloned().collect());
        let (Some(server), Some(thread)) = (&self.server, self.random.pick(&threads)) else {
            return;
        };
        let asked = (0..BURST).map(|index| {
            let (thread, text) = (
                thread.clone(),
                format!("burst {index} of {}", self.now().as_millis()),
            );
            (self.clients[0].who.clone(), Request::Send { thread, text })
        });
        server.answer(asked.collect()).await;
        self.note(|| format!("a burst in {}", self.names.number(thread)));
    }

    pub(super) async fn prune(&mut self) {
        let Some(server) = &self.server else { return };
        self.log.read(&server.chats).await;
        let before = self
            .clock
            .now()
            .as_millis()
            .saturating_sub(self.random.below(15_000));
        server.prune(Timestamp::from_millis(before), 1_000).await;
    }

    pub(super) fn cut(&mut self, id: SocketId) {
        let noticed = Noticed {
            by_client: self.random.chance(60),
            by_server: self.random.chance(60),
        };
        let now = self.now();
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.cut(&mut self.random, noticed, now);
        }
    }

    pub(super) async fn start_server(&mut self) {
        self.life += 1;
        let fuse = Fuse::new(Arc::clone(&self.disk));
        let path = self.disk.lock().unwrap().path();
        let inner = Disk::open(&path).await;
        self.note(|| "the server starts".to_owned());
        self.server = Some(Server::start(inner, fuse, Arc::clone(&self.clock), self.life));
    }

    pub(super) async fn stop_server(&mut self) {
        let now = self.now();
        if let Some(server) = &mut self.server {
            server.say_goodbye(now).await;
        }
        self.send_out();
        if let Some(server) = &self.server {
            server.fuse.blow();
        }
    }

    /// Once the server is dead: what is under way may be lost, and another one starts.
    pub(super) async fn check_fuse(&mut self) {
        let Some(server) = self.server.take_if(|server| server.fuse.is_blown()) else {
            return;
        };
        self.note(|| "the server is dead".to_owned());
        server.bury().await;
        for (client, number, _) in std::mem::take(&mut self.arrived) {
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
        // Answers that are under way are those of an earlier life from here on.
        self.life += 1;
        let now = self.now();
        for connection in self.connections.values_mut() {
            let noticed = Noticed {
                by_client: self.random.chance(80),
                by_server: false,
            };
            connection.cut(&mut self.random, noticed, now);
            connection.close_down();
        }
        self.after(100, 8_000, Event::Restart);
    }
}
