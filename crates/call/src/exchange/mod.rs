//! What the server decides about calls: who rings, who answered, why a call ends.
//!
//! One [`Exchange`] owns all live calls of a process. The server tells it of endpoints (sessions that subscribed to
//! calls) and hands in their commands, one at a time; what comes out are notices for endpoints. It keeps nothing of a
//! call that is over. The race table of `docs/protocol.md` is its specification.

mod accept;
mod call;
mod command;
mod end;
mod endpoint;
mod start;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use call::{Call, CallKey};
use endpoint::{Endpoint, Identity};
use openline_protocol::{CallEndReason, CallId, EndpointId, Instant, RawId, realtime::CallNotice};

pub use endpoint::{EndpointRef, GoneReason};

use crate::limits::RING_TIMEOUT;

/// Settings of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeConfig {
    /// How long a call rings before it ends with 487/10004.
    pub ring_timeout: Duration,
}

impl Default for ExchangeConfig {
    fn default() -> Self {
        Self {
            ring_timeout: RING_TIMEOUT,
        }
    }
}

/// A notice for one endpoint, to be put into the queue of its session, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notify {
    /// For whom.
    pub endpoint_id: EndpointId,
    /// What.
    pub notice: CallNotice,
}

/// How much there is of everything: for metrics, and for tests that nothing is left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExchangeCounts {
    /// Registered endpoints, those in their grace period included.
    pub endpoints: usize,
    /// Identities with an endpoint or a call.
    pub identities: usize,
    /// Calls that ring.
    pub ringing_calls: usize,
    /// Calls that were answered.
    pub answered_calls: usize,
}

/// All live calls of a server.
#[derive(Debug)]
pub struct Exchange {
    config: ExchangeConfig,
    stopping: bool,
    endpoints: HashMap<EndpointId, Endpoint>,
    identities: HashMap<RawId, Identity>,
    calls: BTreeMap<CallKey, Call>,
    /// By the id of the call, and by the id of the start that was merged into it.
    call_keys: HashMap<CallId, CallKey>,
    /// The ringing calls from one identity to another, the oldest first.
    ringing: BTreeMap<(RawId, RawId), BTreeSet<CallKey>>,
    /// When calls stop ringing.
    deadlines: BTreeSet<(Instant, CallKey)>,
    next_key: u64,
    outputs: VecDeque<Notify>,
}

impl Exchange {
    /// An exchange without endpoints.
    #[must_use]
    pub fn new(config: ExchangeConfig) -> Self {
        Self {
            config,
            stopping: false,
            endpoints: HashMap::new(),
            identities: HashMap::new(),
            calls: BTreeMap::new(),
            call_keys: HashMap::new(),
            ringing: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            next_key: 0,
            outputs: VecDeque::new(),
        }
    }

    /// The next notice to deliver. To be drained after every input.
    pub fn poll_output(&mut self) -> Option<Notify> {
        self.outputs.pop_front()
    }

    /// When [`Exchange::handle_timeout`] is to be called, unless something else happens before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.deadlines.first().map(|(deadline, _)| *deadline)
    }

    /// Ends the calls that have rung long enough.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some((deadline, key)) = self.deadlines.first().copied()
            && deadline <= now
        {
            self.end_call(key, CallEndReason::NOT_ANSWERED);
        }
    }

    /// Ends all calls with 503/0, and refuses new ones from here on: the server stops.
    pub fn shut_down(&mut self) {
        self.stopping = true;
        let keys: Vec<CallKey> = self.calls.keys().copied().collect();
        for key in keys {
            self.end_call(key, CallEndReason::SERVICE_UNAVAILABLE);
        }
    }

    /// How much there is of everything.
    #[must_use]
    pub fn counts(&self) -> ExchangeCounts {
        ExchangeCounts {
            endpoints: self.endpoints.len(),
            identities: self.identities.len(),
            ringing_calls: self.deadlines.len(),
            answered_calls: self.calls.len() - self.deadlines.len(),
        }
    }

    /// Whether a call of that id is live, also by the id of a start that was merged into it.
    #[must_use]
    pub fn is_live(&self, call_id: &CallId) -> bool {
        self.call_keys.contains_key(call_id)
    }

    fn notify(&mut self, endpoint_id: &EndpointId, notice: CallNotice) {
        self.outputs.push_back(Notify {
            endpoint_id: endpoint_id.clone(),
            notice,
        });
    }

    fn refuse(&mut self, endpoint_id: &EndpointId, call_id: CallId, reason: CallEndReason) {
        self.notify(endpoint_id, CallNotice::Ended { call_id, reason });
    }
}
