//! What is under the lock of an instance.

use openline_protocol::Instant;
use openline_trouter::{ConnectionNumber, Endpoint, Ledger};

use super::connection::Connection;
use crate::{storage::TrouterEndpointRow, trouter::queue::FrameQueue};

#[derive(Default)]
pub(super) struct State {
    pub(super) stage: Stage,
    pub(super) connections: Vec<Connection>,
    /// The client said that it stops: what happens from here on does not concern it.
    pub(super) stopped: bool,
    /// The driver sleeps until then.
    pub(super) due: Option<Instant>,
    /// What the saver last saw, or will see.
    pub(super) saved: Ledger,
    /// The saver was told.
    pub(super) save_asked: bool,
}

#[derive(Default)]
pub(super) enum Stage {
    /// Its row is being read; its connections wait to be greeted.
    #[default]
    Loading,
    Live(Box<Endpoint>),
    /// It is gone once this is on disk.
    Ending(Option<TrouterEndpointRow>),
}

impl State {
    pub(super) fn core(&self) -> Option<&Endpoint> {
        match &self.stage {
            Stage::Live(core) => Some(core),
            Stage::Loading | Stage::Ending(_) => None,
        }
    }

    pub(super) fn core_mut(&mut self) -> Option<&mut Endpoint> {
        match &mut self.stage {
            Stage::Live(core) => Some(core),
            Stage::Loading | Stage::Ending(_) => None,
        }
    }

    pub(super) fn queue(&self, number: ConnectionNumber) -> Option<FrameQueue> {
        let connection = self.connections.iter().find(|one| one.number == number)?;
        Some(connection.queue.clone())
    }

    pub(super) fn numbers(&self) -> Vec<ConnectionNumber> {
        self.connections.iter().map(|one| one.number).collect()
    }

    pub(super) fn let_go(&mut self, number: ConnectionNumber) -> Option<Connection> {
        let at = self.connections.iter().position(|one| one.number == number)?;
        let connection = self.connections.remove(at);
        connection.transport.gauge().decrement(1);
        Some(connection)
    }
}

pub(super) fn known(ledger: &Ledger) -> TrouterEndpointRow {
    TrouterEndpointRow::Known {
        cursor: ledger.cursor,
        beyond: ledger.beyond.iter().copied().collect(),
    }
}
