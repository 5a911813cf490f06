//! An endpoint on a fake clock, and what it says.

use std::time::Duration;

use openline_protocol::Instant;
use openline_trouter::{
    CloseReason, ConnectionNumber, Delivered, Endpoint, EndpointConfig, EndpointOutput, Frame, FrameKind,
    Full, Ledger,
};
use serde_json::{Value, json};

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Out {
    /// A request: its id and body.
    Request(u64, String),
    /// Any other frame.
    Frame(String),
    Close(CloseReason),
    Settled(Delivered),
}

pub(crate) struct World {
    pub(crate) endpoint: Endpoint,
    pub(crate) now: Instant,
    pub(crate) connections: u64,
}

impl World {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self {
            endpoint: Endpoint::new(EndpointConfig::default(), ledger),
            now: Instant::from_millis(1),
            connections: 0,
        }
    }

    /// With one connection, greeted.
    pub(crate) fn connected() -> Self {
        let mut world = Self::new(Ledger::at(0));
        world.connect();
        world.outputs();
        world
    }

    pub(crate) fn connect(&mut self) -> u64 {
        self.connections += 1;
        self.endpoint
            .attach(ConnectionNumber(self.connections), HOUR, self.now);
        self.connections
    }

    pub(crate) fn offer(&mut self, position: u64) -> Result<(), Full> {
        self.endpoint
            .offer(Some(position), format!("event {position}"), self.now)
    }

    pub(crate) fn frame(&mut self, connection: u64, frame: &str) {
        self.endpoint
            .frame_received(ConnectionNumber(connection), frame, self.now);
    }

    pub(crate) fn answer(&mut self, connection: u64, request: u64, status: u16) {
        let answer = json!({"id": request, "status": status, "headers": {}, "body": ""});
        self.frame(connection, &format!("3:::{answer}"));
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.now = self.now + by;
        self.endpoint.handle_timeout(self.now);
    }

    /// Everything that waits, with the connection where there is one.
    pub(crate) fn outputs(&mut self) -> Vec<(u64, Out)> {
        std::iter::from_fn(|| self.endpoint.poll_output())
            .map(told)
            .collect()
    }

    /// Of what waits, the bodies of the requests.
    pub(crate) fn requests(&mut self) -> Vec<(u64, String)> {
        self.outputs()
            .into_iter()
            .filter_map(|(_, out)| match out {
                Out::Request(id, body) => Some((id, body)),
                Out::Frame(_) | Out::Close(_) | Out::Settled(_) => None,
            })
            .collect()
    }
}

fn told(output: EndpointOutput) -> (u64, Out) {
    match output {
        EndpointOutput::Send { connection, frame } => (connection.0, read(&frame)),
        EndpointOutput::Close { connection, reason } => (connection.0, Out::Close(reason)),
        EndpointOutput::Settled(delivered) => (0, Out::Settled(delivered)),
    }
}

fn read(text: &str) -> Out {
    let frame = Frame::parse(text).unwrap();
    if frame.kind != FrameKind::Message {
        return Out::Frame(text.to_owned());
    }
    let request: Value = serde_json::from_str(&frame.data.unwrap()).unwrap();
    Out::Request(
        request["id"].as_u64().unwrap(),
        request["body"].as_str().unwrap().to_owned(),
    )
}
