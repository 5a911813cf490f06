//! One connection of an instance, as the edge knows it.

use openline_trouter::ConnectionNumber;

use crate::{domain::token::VerifiedToken, trouter::queue::FrameQueue};

/// One connection, as the edge knows it.
#[derive(Debug, Clone)]
pub(in crate::trouter) struct Connection {
    pub(in crate::trouter) number: ConnectionNumber,
    pub(in crate::trouter) queue: FrameQueue,
    pub(in crate::trouter) token: VerifiedToken,
    pub(in crate::trouter) transport: Transport,
}

/// How a connection is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::trouter) enum Transport {
    WebSocket,
    Polling,
}

impl Transport {
    pub(super) fn gauge(self) -> metrics::Gauge {
        let transport = match self {
            Self::WebSocket => "websocket",
            Self::Polling => "polling",
        };
        metrics::gauge!("openline_trouter_connections", "transport" => transport)
    }
}
