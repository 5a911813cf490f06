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
mod recently_ended;
mod rejoin;
mod start;
#[cfg(test)]
mod tests;
mod ticket;
mod transfer;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use call::{Call, CallKey};
use endpoint::{Endpoint, Identity};
use openline_protocol::{CallEndReason, CallId, EndpointId, Instant, RawId, realtime::CallNotice};

use recently_ended::RecentlyEnded;

pub use endpoint::{EndpointRef, GoneReason};
pub use ticket::{CallMember, CallSide, CallTicket, CallTickets};

use crate::limits::{REJOIN_PATIENCE, RING_TIMEOUT};

/// Settings of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeConfig {
    /// How long a call rings before it ends with 487/10004.
    pub ring_timeout: Duration,
    /// How long the other side of a call that was rebuilt from a ticket is waited for, before it ends with 430/4521.
    pub rejoin_patience: Duration,
}

impl Default for ExchangeConfig {
    fn default() -> Self {
        Self {
            ring_timeout: RING_TIMEOUT,
            rejoin_patience: REJOIN_PATIENCE,
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
    tickets: Option<Box<dyn CallTickets>>,
    endpoints: HashMap<EndpointId, Endpoint>,
    identities: HashMap<RawId, Identity>,
    calls: BTreeMap<CallKey, Call>,
    /// By the id of the call, and by the id of the start that was merged into it.
    call_keys: HashMap<CallId, CallKey>,
    /// The ringing calls from one identity to another, the oldest first.
    ringing: BTreeMap<(RawId, RawId), BTreeSet<CallKey>>,
    /// When calls stop ringing.
    deadlines: BTreeSet<(Instant, CallKey)>,
    /// When sides that have not come to a call that was rebuilt are given up.
    awaited: BTreeSet<(Instant, CallKey)>,
    recently_ended: RecentlyEnded,
    next_key: u64,
    outputs: VecDeque<Notify>,
}

impl Exchange {
    /// An exchange without endpoints.
    #[must_use]
    pub fn new(config: ExchangeConfig) -> Self {
        Self {
            config,
            tickets: None,
            endpoints: HashMap::new(),
            identities: HashMap::new(),
            calls: BTreeMap::new(),
            call_keys: HashMap::new(),
            ringing: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            awaited: BTreeSet::new(),
            recently_ended: RecentlyEnded::default(),
            next_key: 0,
            outputs: VecDeque::new(),
        }
    }

    /// Gives tickets to those who are in a call from here on, and takes them.
    #[must_use]
    pub fn with_tickets(self, tickets: Box<dyn CallTickets>) -> Self {
        Self {
            tickets: Some(tickets),
            ..self
        }
    }

    /// The next notice to deliver. To be drained after every input.
    pub fn poll_output(&mut self) -> Option<Notify> {
        self.outputs.pop_front()
    }

    /// When [`Exchange::handle_timeout`] is to be called, unless something else happens before.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let first =
            |deadlines: &BTreeSet<(Instant, CallKey)>| deadlines.first().map(|(deadline, _)| *deadline);
        first(&self.deadlines)
            .into_iter()
            .chain(first(&self.awaited))
            .min()
    }

    /// Ends the calls that have rung, or were waited for, long enough.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some((deadline, key)) = self.deadlines.first().copied()
            && deadline <= now
        {
            self.end_call(key, CallEndReason::NOT_ANSWERED);
        }
        while let Some((deadline, key)) = self.awaited.first().copied()
            && deadline <= now
        {
            self.end_call(key, CallEndReason::PEER_UNREACHABLE);
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

    fn next_key(&mut self) -> CallKey {
        let key = CallKey(self.next_key);
        self.next_key += 1;
        key
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
