//! What people do in their pages, and what the pages want of the world.

use super::{Event, World, on_grid};
use crate::{
    client::Wish,
    network::{Connection, Up},
    requests::{Answer, Request},
    script::{Act, Script},
};

impl World {
    pub(super) fn act(&mut self, index: usize) {
        if self.is_quiet() {
            return;
        }
        let now = self.now();
        self.after(20, 1_600, Event::Act(index));
        self.serial += 1;
        let script = Script {
            random: &mut self.random,
            names: &self.names,
            clock: &self.clock,
            serial: self.serial,
        };
        let Some(act) = script.act(&self.clients[index]) else {
            return;
        };
        match act {
            Act::Ask(request) => self.clients[index].ask(request),
            Act::NetworkHint => self.clients[index].network_hint(now),
            Act::Reload { remembers } => {
                self.note(|| format!("page {index} reloads, remembers: {remembers}"));
                if let Some(socket) = self.clients[index].socket.take() {
                    self.close_up(socket, 1001);
                }
                let seed = self.random.number();
                self.clients[index].reload(remembers, seed, now);
            }
        }
        self.carry_out(index);
    }

    /// Does what a page wants.
    pub(super) fn carry_out(&mut self, index: usize) {
        for wish in self.clients[index].take_wishes() {
            match wish {
                Wish::FetchToken => self.after(0, 300, Event::Token(index)),
                Wish::OpenSocket => self.open_socket(index),
                Wish::SendFrame(frame) => {
                    let now = self.now();
                    let socket = self.clients[index].socket;
                    if let Some(connection) = socket.and_then(|id| self.connections.get_mut(&id)) {
                        connection.push_up(Up::Frame(frame), now);
                    }
                }
                Wish::CloseSocket(code) => {
                    if let Some(id) = self.clients[index].socket.take() {
                        self.close_up(id, code);
                    }
                }
                Wish::Ask(number, request) => self.send_request(index, number, request),
                Wish::Reconnect => self.after(1_000, 5_000, Event::Reconnect(index)),
            }
        }
    }

    pub(super) fn open_socket(&mut self, index: usize) {
        let now = self.now();
        self.next_socket += 1;
        let delay = on_grid(now, self.random.millis(20, 400));
        let mut connection = Connection::new(index, delay, now);
        connection.push_up(Up::Open, now);
        self.connections.insert(self.next_socket, connection);
        self.clients[index].socket = Some(self.next_socket);
    }

    pub(super) fn send_request(&mut self, client: usize, number: u64, request: Request) {
        if !self.clients[client].waits_for(number) {
            return;
        }
        self.after(4_000, 12_000, Event::GiveUp { client, number });
        if !self.is_quiet() {
            if self.random.chance(4) {
                return;
            }
            if request.may_arrive_twice() && self.random.chance(6) {
                if request.has_key() {
                    self.clients[client].doubled();
                }
                let request = request.clone();
                self.after(
                    20,
                    6_000,
                    Event::Arrive {
                        client,
                        number,
                        request,
                    },
                );
            }
        }
        // Now and then one takes longer than its sender has patience.
        let slowest = if self.random.chance(5) { 15_000 } else { 400 };
        self.after(
            20,
            slowest,
            Event::Arrive {
                client,
                number,
                request,
            },
        );
    }

    pub(super) fn answered(&mut self, client: usize, number: u64, answer: Answer) {
        if let Some((number, request)) = self.clients[client].answered(number, answer) {
            self.after(
                200,
                2_000,
                Event::Ask {
                    client,
                    number,
                    request,
                },
            );
        }
        self.carry_out(client);
    }
}
