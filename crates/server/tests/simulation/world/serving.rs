//! When the server works, and when its sockets are written to.

use super::{Event, World, on_grid};
use crate::{
    network::Down,
    requests::Answer,
    server::{Server, SocketId},
};

impl World {
    /// The server works on what reached it, and its sockets are written to, soon or later.
    pub(super) async fn serve(&mut self) {
        if self.now() < self.busy_until {
            return;
        }
        let Some(server) = &self.server else { return };
        let arrived = std::mem::take(&mut self.arrived);
        let asked = arrived
            .iter()
            .map(|(client, _, request)| (self.clients[*client].who.clone(), request.clone()));
        let answers = server.answer(asked.collect()).await;
        let (life, dead) = (self.life, server.fuse.is_blown());
        let served = !arrived.is_empty();
        if served && self.random.chance(50) {
            let busy = on_grid(self.now(), self.random.millis(20, 600));
            self.busy_until = self.now() + busy;
            self.schedule.after(busy, Event::Free);
        }
        for ((client, number, request), answer) in arrived.into_iter().zip(answers) {
            if let Answer::Created(id) = &answer {
                self.names.number(id);
            }
            self.note(|| {
                let what = request.describe(|id| self.names.number(id));
                format!("page {client} #{number}: {what}: {}", answer.describe())
            });
            let lost = !self.is_quiet() && self.random.chance(4);
            let answer = if lost { Answer::Lost } else { answer };
            self.after(
                20,
                400,
                Event::Answer {
                    client,
                    number,
                    answer,
                    life,
                },
            );
        }
        if dead && self.random.chance(50) {
            return;
        }
        if served || dead {
            let followers = self.server.as_ref().map(Server::followers).unwrap_or_default();
            for socket in followers {
                if dead || self.random.chance(60) {
                    self.pump(socket).await;
                } else {
                    self.after(20, 500, Event::Pump(socket));
                }
            }
        }
    }

    pub(super) async fn pump(&mut self, socket: SocketId) {
        let most = 1 + self.random.below(8);
        let Some(server) = &mut self.server else { return };
        if !server.pump(socket, most).await {
            self.after(20, 300, Event::Pump(socket));
        }
        self.send_out();
    }

    /// What the server sent goes on its way.
    pub(super) fn send_out(&mut self) {
        let now = self.now();
        let Some(server) = &mut self.server else { return };
        for (id, item) in server.take_out() {
            let Some(connection) = self.connections.get_mut(&id) else {
                continue;
            };
            let closes = matches!(item, Down::Closed(_));
            connection.push_down(item, now);
            if closes {
                connection.close_down();
            }
        }
    }
}
