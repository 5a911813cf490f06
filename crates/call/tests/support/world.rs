//! The loop: whatever is due next happens next.

use std::{
    collections::{BTreeSet, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Duration,
};

use openline_call::{
    agent::{AcceptCall, CallAgentOutput, NotConnected, StartCall, TransferCall},
    exchange::{Exchange, ExchangeConfig, Notify},
};
use openline_protocol::{
    CallEndReason, CallId, EndpointId, Instant, RawId, ResourceId,
    realtime::{CallCommand, LEVEL, MediaState},
};
use openline_test_support::{Random, Schedule};

use super::{
    client::{Client, ClientId, Upward},
    media::MediaEvent,
    record::CallRecord,
    session::SessionEvent,
    tickets::PlainTickets,
};

/// What the clock brings apart from messages and timeouts.
#[derive(Debug)]
pub(crate) enum Event {
    Session(ClientId, SessionEvent),
    Media(ClientId, MediaEvent),
}

pub(crate) struct World {
    pub(crate) schedule: Schedule<Event>,
    pub(crate) random: Random,
    pub(crate) exchange: Exchange,
    pub(crate) clients: Vec<Client>,
    /// Media of peer connections comes up where the network is; off: no path is ever found.
    pub(crate) media_works: bool,
    /// How long a browser tries a path until it is up; `None`: hardly any time. A restart begins anew.
    pub(crate) ice_takes: Option<Duration>,
    pub(crate) made: u64,
    /// What was seen after each step, without ids and times.
    pub(crate) visited: HashSet<u64>,
    /// How long clients are without a server that is restarted, at least and at most, in milliseconds.
    pub(crate) outage: (u64, u64),
    /// What servers understand.
    pub(crate) level: u32,
    /// How many of a hundred messages come twice, and how many overtake the one before.
    pub(crate) disorder: u64,
    /// Sessions on the server that their clients have given up.
    pub(crate) orphans: BTreeSet<EndpointId>,
}

/// The tenant of everybody who is not named otherwise.
pub(crate) fn resource() -> ResourceId {
    "11111111-2222-3333-4444-555555555555".into()
}

/// One that takes the tickets of those before it.
pub(crate) fn new_exchange() -> Exchange {
    Exchange::new(ExchangeConfig::default()).with_tickets(Box::new(PlainTickets))
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            schedule: Schedule::new(Instant::from_millis(1_000_000)),
            random: Random::new(seed),
            exchange: new_exchange(),
            clients: Vec::new(),
            media_works: true,
            ice_takes: None,
            made: 0,
            visited: HashSet::new(),
            outage: (20, 12_000),
            level: LEVEL,
            disorder: 0,
            orphans: BTreeSet::new(),
        }
    }

    pub(crate) fn now(&self) -> Instant {
        self.schedule.now()
    }

    pub(crate) fn raw_id(name: &str) -> RawId {
        RawId::communication_user(&resource(), name)
    }

    /// A new tab of `name`, in session.
    pub(crate) fn sign_in(&mut self, name: &str) -> ClientId {
        let client = self.open_tab(name);
        self.connect(client);
        self.carry_out();
        client
    }

    /// A new tab of `name` without a connection.
    pub(crate) fn open_tab(&mut self, name: &str) -> ClientId {
        self.clients.push(Client::new(Self::raw_id(name)));
        self.clients.len() - 1
    }

    /// How long messages of this tab travel from here on, up and down, in milliseconds.
    pub(crate) fn set_delays(&mut self, client: ClientId, up: u64, down: u64) {
        self.clients[client].up_delay = Some(Duration::from_millis(up));
        self.clients[client].down_delay = Some(Duration::from_millis(down));
    }

    pub(crate) fn start(&mut self, client: ClientId, callee: &str) -> CallId {
        self.start_to(client, Self::raw_id(callee))
    }

    pub(crate) fn start_to(&mut self, client: ClientId, callee: RawId) -> CallId {
        self.start_with(client, callee, None)
    }

    pub(crate) fn start_with(
        &mut self,
        client: ClientId,
        callee: RawId,
        custom_context: Option<String>,
    ) -> CallId {
        self.made += 1;
        let call_id = CallId::new(format!("call-{}", self.made));
        let display_name = Some(format!("tab {client}"));
        let media = MediaState::default();
        let start = StartCall {
            call_id: call_id.clone(),
            callee,
            display_name,
            media,
            custom_context,
        };
        let now = self.now();
        self.clients[client]
            .agent
            .start_call(start, now)
            .expect("a new call");
        self.carry_out();
        call_id
    }

    /// Has the other side call `target`. Gives the id of that call.
    pub(crate) fn transfer(
        &mut self,
        client: ClientId,
        call_id: &CallId,
        target: RawId,
    ) -> Result<CallId, NotConnected> {
        self.made += 1;
        let into = CallId::new(format!("call-{}", self.made));
        let transfer = TransferCall {
            into: into.clone(),
            target,
            custom_context: None,
        };
        let asked = self.clients[client].agent.transfer(call_id, transfer);
        self.carry_out();
        if asked.is_ok() {
            self.clients[client].record.transfer_asked(call_id);
        }
        asked.map(|()| into)
    }

    pub(crate) fn try_accept(&mut self, client: ClientId, call_id: &CallId) -> bool {
        let now = self.now();
        let accept = AcceptCall {
            display_name: None,
            media: MediaState {
                muted: false,
                video: true,
                ..MediaState::default()
            },
        };
        let accepted = self.clients[client].agent.accept(call_id, accept, now).is_ok();
        self.carry_out();
        accepted
    }

    pub(crate) fn accept(&mut self, client: ClientId, call_id: &CallId) {
        assert!(self.try_accept(client, call_id), "{call_id} does not ring");
    }

    pub(crate) fn reject(&mut self, client: ClientId, call_id: &CallId) {
        let now = self.now();
        self.clients[client].agent.reject(call_id, now).expect("it rings");
        self.carry_out();
    }

    pub(crate) fn hang_up(&mut self, client: ClientId, call_id: &CallId) {
        let now = self.now();
        self.clients[client]
            .agent
            .hang_up(call_id, now)
            .expect("a live call");
        self.carry_out();
    }

    pub(crate) fn set_media(&mut self, client: ClientId, call_id: &CallId, media: MediaState) {
        self.clients[client]
            .agent
            .set_media(call_id, media)
            .expect("a live call");
        self.carry_out();
    }

    pub(crate) fn set_diagnostics(&mut self, client: ClientId, call_id: &CallId, diagnostics: u64) {
        self.clients[client]
            .agent
            .set_diagnostics(call_id, diagnostics)
            .expect("a live call");
        self.carry_out();
    }

    /// Sends what an agent would not.
    pub(crate) fn command(&mut self, client: ClientId, command: CallCommand) {
        let now = self.now();
        let endpoint_id = self.clients[client].endpoint_id.clone().expect("in session");
        self.exchange.handle_command(&endpoint_id, command, now);
        self.carry_out();
    }

    /// Long enough for messages and negotiation, too short for any timeout.
    pub(crate) fn settle(&mut self) {
        self.run_for(Duration::from_secs(2));
    }

    pub(crate) fn run_for(&mut self, duration: Duration) {
        let end = self.now() + duration;
        let mut steps = 0_u32;
        while self.step(Some(end)) {
            steps += 1;
            assert!(steps < 200_000, "the world does not come to rest");
        }
        self.schedule.advance(end);
    }

    /// Until nothing is to come.
    pub(crate) fn run_out(&mut self) {
        let mut steps = 0_u32;
        while self.step(None) {
            steps += 1;
            assert!(steps < 200_000, "the world does not come to rest");
        }
    }

    /// Does what is due next, if that is not after `end`.
    fn step(&mut self, end: Option<Instant>) -> bool {
        let links = self
            .clients
            .iter()
            .flat_map(|client| [client.up.next_at(), client.down.next_at()]);
        let timeouts = self.clients.iter().map(|client| client.agent.poll_timeout());
        let others = [self.schedule.next_at(), self.exchange.poll_timeout()];
        let Some(next) = links.chain(timeouts).chain(others).flatten().min() else {
            return false;
        };
        if end.is_some_and(|end| next > end) {
            return false;
        }
        self.schedule.advance(next);
        let now = self.now();
        if let Some(event) = self.schedule.take_due() {
            match event {
                Event::Session(client, event) => self.on_session_event(client, event),
                Event::Media(client, event) => self.on_media_event(client, event),
            }
        } else if !self.deliver_one(now) {
            self.exchange.handle_timeout(now);
            for client in &mut self.clients {
                client.agent.handle_timeout(now);
            }
        }
        self.carry_out();
        self.note_state();
        true
    }

    fn note_state(&mut self) {
        let mut state = DefaultHasher::new();
        let counts = self.exchange.counts();
        (counts.ringing_calls, counts.answered_calls).hash(&mut state);
        for client in &self.clients {
            let calls = client
                .agent
                .call_ids()
                .map(|call_id| client.agent.call_state(call_id));
            let calls: Vec<_> = calls.map(|state| format!("{state:?}")).collect();
            let connections = client.connections.values();
            let media: Vec<_> = connections
                .map(|connection| (connection.fake.is_stable(), format!("{:?}", connection.state)))
                .collect();
            let session = (client.tab_open, client.network, format!("{:?}", client.socket));
            let rings = client.agent.incoming_call_ids().count();
            (calls, media, session, rings, client.endpoint_id.is_some()).hash(&mut state);
            (client.up.is_empty(), client.down.is_empty()).hash(&mut state);
        }
        self.visited.insert(state.finish());
    }

    fn deliver_one(&mut self, now: Instant) -> bool {
        for index in 0..self.clients.len() {
            let client = &mut self.clients[index];
            if let Some(message) = client.up.take_due(now) {
                self.on_message(index, message, now);
                return true;
            }
            if let Some(notice) = client.down.take_due(now) {
                if client.tab_open {
                    client.agent.handle_notice(notice, now);
                }
                return true;
            }
        }
        false
    }

    fn on_message(&mut self, client: ClientId, message: Upward, now: Instant) {
        match message {
            Upward::Command(command) => {
                if let Some(endpoint_id) = self.clients[client].endpoint_id.clone() {
                    self.exchange.handle_command(&endpoint_id, command, now);
                }
            }
            Upward::Bye => self.leave(client),
        }
    }

    /// Carries out all outputs, until there are none.
    pub(crate) fn carry_out(&mut self) {
        loop {
            let mut quiet = true;
            while let Some(Notify { endpoint_id, notice }) = self.exchange.poll_output() {
                quiet = false;
                let now = self.now();
                if let Some(index) = self.client_of(&endpoint_id) {
                    let delay = self.delay(self.clients[index].down_delay);
                    let (twice, overtakes) = self.disorder();
                    let link = &mut self.clients[index].down;
                    if twice {
                        link.push(notice.clone(), now, delay);
                    }
                    link.push(notice, now, delay);
                    if overtakes {
                        link.overtake();
                    }
                }
            }
            for index in 0..self.clients.len() {
                while let Some(output) = self.clients[index].agent.poll_output() {
                    quiet = false;
                    self.carry_out_of(index, output);
                }
            }
            if quiet {
                return;
            }
        }
    }

    fn carry_out_of(&mut self, index: ClientId, output: CallAgentOutput) {
        let now = self.now();
        match output {
            CallAgentOutput::Send(command) => {
                let delay = self.delay(self.clients[index].up_delay);
                let (twice, overtakes) = self.disorder();
                let link = &mut self.clients[index].up;
                if twice {
                    link.push(Upward::Command(command.clone()), now, delay);
                }
                link.push(Upward::Command(command), now, delay);
                if overtakes {
                    link.overtake();
                }
            }
            CallAgentOutput::Event(event) => {
                let client = &mut self.clients[index];
                if let openline_call::agent::CallAgentEvent::IdChanged { from, to } = &event
                    && let Some(connection) = client.connections.remove(from)
                {
                    client.connections.insert(to.clone(), connection);
                }
                client.record.on_event(event);
            }
            CallAgentOutput::Media { call_id, output } => self.on_media_output(index, call_id, output),
        }
    }

    /// Whether the next message comes twice, and whether it overtakes the one before. In order it costs no chance.
    fn disorder(&mut self) -> (bool, bool) {
        let disorder = self.disorder;
        if disorder == 0 {
            return (false, false);
        }
        (self.random.chance(disorder), self.random.chance(disorder))
    }

    fn client_of(&self, endpoint_id: &EndpointId) -> Option<ClientId> {
        self.clients
            .iter()
            .position(|client| client.endpoint_id.as_ref() == Some(endpoint_id))
    }

    pub(crate) fn delay(&mut self, fixed: Option<Duration>) -> Duration {
        let any = self.random.millis(2, 60);
        fixed.unwrap_or(any)
    }

    pub(crate) fn call(&self, client: ClientId, call_id: &CallId) -> &CallRecord {
        self.clients[client]
            .record
            .call(call_id)
            .expect("the client knows the call")
    }

    /// Why the call ended there, once it is over and removed.
    pub(crate) fn end_reason(&self, client: ClientId, call_id: &CallId) -> Option<CallEndReason> {
        let call = self.call(client, call_id);
        if call.removed { call.end_reason } else { None }
    }

    /// Why the call stopped ringing there; the outer `None`: it never rang, the inner: it still rings.
    pub(crate) fn incoming(&self, client: ClientId, call_id: &CallId) -> Option<Option<CallEndReason>> {
        self.clients[client].record.incoming.get(call_id).copied()
    }

    /// Nobody has a call any more, and nothing of one is left on the server.
    pub(crate) fn assert_nothing_left(&self) {
        let counts = self.exchange.counts();
        assert_eq!(
            (counts.ringing_calls, counts.answered_calls),
            (0, 0),
            "calls left in the exchange"
        );
        for (index, client) in self
            .clients
            .iter()
            .enumerate()
            .filter(|(_, client)| client.tab_open)
        {
            assert_eq!(client.agent.call_ids().count(), 0, "calls left in tab {index}");
            assert_eq!(
                client.agent.incoming_call_ids().count(),
                0,
                "incoming calls left in tab {index}"
            );
            assert!(
                client.connections.is_empty(),
                "peer connections left in tab {index}"
            );
            assert!(
                client.record.calls.values().all(|call| call.removed),
                "tab {index} was not told"
            );
            assert!(
                client.record.incoming.values().all(Option::is_some),
                "tab {index} still rings"
            );
        }
    }
}
