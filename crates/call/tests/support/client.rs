//! One tab: its agent, its session, its peer connections.

use std::{collections::BTreeMap, time::Duration};

use openline_call::agent::{CallAgent, PeerConnectionState};
use openline_protocol::{
    CallId, EndpointId, Instant, RawId,
    realtime::{CallCommand, CallNotice},
};
use openline_test_support::{FakePeerConnection, Link};

use super::record::Record;

/// The number of a tab.
pub(crate) type ClientId = usize;

/// What travels from a tab to the server.
#[derive(Debug)]
pub(crate) enum Upward {
    Command(CallCommand),
    Bye,
}

/// What the server and the tab think of their session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Socket {
    Up,
    Broken,
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) raw_id: RawId,
    pub(crate) agent: CallAgent,
    /// The session on the server; `None` once it is over there.
    pub(crate) endpoint_id: Option<EndpointId>,
    pub(crate) may_start: bool,
    pub(crate) tab_open: bool,
    pub(crate) network: bool,
    pub(crate) socket: Socket,
    /// Counts breaks and returns, so that what was scheduled for an earlier one is known.
    pub(crate) epoch: u32,
    pub(crate) up: Link<Upward>,
    pub(crate) down: Link<CallNotice>,
    pub(crate) up_delay: Option<Duration>,
    pub(crate) down_delay: Option<Duration>,
    pub(crate) connections: BTreeMap<CallId, Connection>,
    pub(crate) record: Record,
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) number: u64,
    pub(crate) fake: FakePeerConnection,
    pub(crate) state: PeerConnectionState,
    /// The state that is on its way to be reported.
    pub(crate) becomes: Option<PeerConnectionState>,
    /// When that is, and over which path.
    pub(crate) becomes_at: Instant,
    pub(crate) tries: Option<(String, String)>,
    /// The credentials that ICE gave up.
    pub(crate) failed: Option<(String, String)>,
}

impl Client {
    pub(crate) fn new(raw_id: RawId) -> Self {
        Self {
            raw_id,
            agent: CallAgent::new(),
            endpoint_id: None,
            may_start: true,
            tab_open: true,
            network: true,
            socket: Socket::Broken,
            epoch: 0,
            up: Link::new(),
            down: Link::new(),
            up_delay: None,
            down_delay: None,
            connections: BTreeMap::new(),
            record: Record::default(),
        }
    }
}
