//! Frames that arrive.

use super::{Event, World};
use crate::{
    network::{Down, Up},
    server::SocketId,
};

impl World {
    pub(super) async fn move_frames(&mut self) {
        let now = self.now();
        let ids: Vec<SocketId> = self.connections.keys().copied().collect();
        for id in ids {
            while let Some(item) = self
                .connections
                .get_mut(&id)
                .and_then(|connection| connection.take_up(now))
            {
                self.arrive_up(id, item).await;
            }
            while let Some((client, item)) = self
                .connections
                .get_mut(&id)
                .and_then(|connection| Some((connection.client, connection.take_down(now)?)))
            {
                if self.clients[client].socket == Some(id) {
                    self.note(|| format!("page {client} on {id}: {}", item.describe(&self.names)));
                    self.clients[client].received(item, now);
                    self.carry_out(client);
                }
            }
        }
        self.connections.retain(|_, connection| !connection.is_over());
    }

    pub(super) async fn arrive_up(&mut self, id: SocketId, item: Up) {
        let now = self.now();
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let client = connection.client;
        let Some(server) = &mut self.server else {
            connection.push_down(Down::Closed(None), now);
            return connection.close_down();
        };
        match item {
            Up::Open => server.socket_opened(id, now),
            Up::Frame(frame) => {
                let refused = now < self.quiet_at && self.random.chance(1);
                let who = (!refused).then(|| self.clients[client].who.clone());
                server.frame_received(id, frame, who.as_ref(), now).await;
                if server.follows(id) {
                    self.after(0, 200, Event::Pump(id));
                }
            }
            Up::Closed(code) => {
                server.socket_closed(id, code, now).await;
                connection.close_down();
            }
        }
        self.send_out();
    }

    pub(super) fn close_up(&mut self, id: SocketId, code: u16) {
        let now = self.now();
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.close_up(code, now);
        }
    }
}
