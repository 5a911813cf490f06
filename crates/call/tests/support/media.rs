//! Peer connections: operations that take a moment, and paths that come and go with the network.

use std::time::Duration;

use openline_call::agent::{MediaInput, MediaOutput, PeerConnectionState};
use openline_protocol::CallId;
use openline_test_support::{ConnectionEvent, FakePeerConnection, Finished, OperationError};

use super::{
    client::{ClientId, Connection},
    world::{Event, World},
};

/// After which a browser says `disconnected`, and then `failed`.
const DISCONNECTED_AFTER: Duration = Duration::from_secs(5);
const FAILED_AFTER: Duration = Duration::from_secs(15);

/// Each for the peer connection of that number.
#[derive(Debug)]
pub(crate) enum MediaEvent {
    OperationDone(CallId, u64),
    State(CallId, u64, PeerConnectionState),
}

impl World {
    pub(crate) fn on_media_output(&mut self, client: ClientId, call_id: CallId, output: MediaOutput) {
        if let MediaOutput::CreatePeerConnection { .. } = output {
            return self.create_connection(client, call_id);
        }
        if let MediaOutput::Close = output {
            let closed = self.clients[client].connections.remove(&call_id);
            assert!(closed.is_some(), "closed without a peer connection");
            return self.look_at_media();
        }
        let delay = self.random.millis(1, 40);
        let connection = self.clients[client]
            .connections
            .get_mut(&call_id)
            .expect("operations come after the creation");
        let number = connection.number;
        match output {
            MediaOutput::SetLocalDescription => {
                connection
                    .fake
                    .set_local_description()
                    .expect("one operation at a time");
                self.schedule.after(
                    delay,
                    Event::Media(client, MediaEvent::OperationDone(call_id, number)),
                );
            }
            MediaOutput::SetRemoteDescription(description) => {
                connection
                    .fake
                    .set_remote_description(description)
                    .expect("one operation at a time");
                self.schedule.after(
                    delay,
                    Event::Media(client, MediaEvent::OperationDone(call_id, number)),
                );
            }
            MediaOutput::AddIceCandidate(candidate) => {
                let added = connection.fake.add_ice_candidate(&candidate);
                assert!(
                    matches!(added, Ok(()) | Err(OperationError::UnknownCredentials)),
                    "{added:?}"
                );
                self.look_at_media();
            }
            MediaOutput::RestartIce => {
                connection.fake.restart_ice();
                self.report(client, &call_id);
            }
            MediaOutput::CreatePeerConnection { .. } | MediaOutput::Close => {}
        }
    }

    /// Adds a track on one side, which needs an offer.
    pub(crate) fn change_tracks(&mut self, client: ClientId, call_id: &CallId) {
        if let Some(connection) = self.clients[client].connections.get_mut(call_id) {
            connection.fake.change_tracks();
            self.report(client, call_id);
            self.carry_out();
        }
    }

    /// Whether both peer connections of a call agree and media flows.
    pub(crate) fn flows(&self, call_id: &CallId) -> bool {
        let connections: Vec<_> = self
            .clients
            .iter()
            .filter_map(|client| client.connections.get(call_id))
            .collect();
        let [one, other] = connections[..] else {
            return false;
        };
        [one, other].iter().all(|connection| {
            connection.fake.is_stable() && connection.state == PeerConnectionState::Connected
        }) && one.fake.path_to(&other.fake).is_some()
    }

    pub(crate) fn on_media_event(&mut self, client: ClientId, event: MediaEvent) {
        match event {
            MediaEvent::OperationDone(call_id, number) => self.on_operation_done(client, &call_id, number),
            MediaEvent::State(call_id, number, state) => self.on_state(client, &call_id, number, state),
        }
        self.look_at_media();
    }

    fn create_connection(&mut self, client: ClientId, call_id: CallId) {
        self.made += 1;
        let number = self.made;
        let connection = Connection {
            number,
            fake: FakePeerConnection::new(&format!("pc{number}")),
            state: PeerConnectionState::New,
            becomes: None,
            becomes_at: self.now(),
            tries: None,
            failed: None,
        };
        let before = self.clients[client]
            .connections
            .insert(call_id.clone(), connection);
        assert!(before.is_none(), "a second peer connection for {call_id}");
        self.report(client, &call_id);
    }

    fn on_operation_done(&mut self, client: ClientId, call_id: &CallId, number: u64) {
        let now = self.now();
        let Some(connection) = self.connection(client, call_id, number) else {
            return;
        };
        let input = match connection.fake.finish() {
            Ok(Finished::Local(description)) => MediaInput::LocalDescription(description),
            Ok(Finished::Remote) => MediaInput::RemoteDescriptionApplied,
            Err(error) => panic!("a browser would refuse: {error}"),
        };
        self.clients[client].agent.handle_media(call_id, input, now);
        self.report(client, call_id);
    }

    fn on_state(&mut self, client: ClientId, call_id: &CallId, number: u64, state: PeerConnectionState) {
        let now = self.now();
        let path = self.path(client, call_id);
        let Some(connection) = self.connection(client, call_id, number) else {
            return;
        };
        if connection.becomes != Some(state) || now < connection.becomes_at {
            return;
        }
        connection.becomes = None;
        connection.state = state;
        if state == PeerConnectionState::Failed {
            connection.failed = path;
        }
        self.clients[client]
            .agent
            .handle_media(call_id, MediaInput::ConnectionState(state), now);
    }

    fn connection(&mut self, client: ClientId, call_id: &CallId, number: u64) -> Option<&mut Connection> {
        self.clients[client]
            .connections
            .get_mut(call_id)
            .filter(|connection| connection.number == number)
    }

    /// Hands the agent what the peer connection reports.
    fn report(&mut self, client: ClientId, call_id: &CallId) {
        let now = self.now();
        let Some(connection) = self.clients[client].connections.get_mut(call_id) else {
            return;
        };
        for event in connection.fake.take_events() {
            let input = match event {
                ConnectionEvent::NegotiationNeeded => MediaInput::NegotiationNeeded,
                ConnectionEvent::Candidate(candidate) => MediaInput::LocalCandidate(candidate),
            };
            self.clients[client].agent.handle_media(call_id, input, now);
        }
    }

    fn other_side(&self, client: ClientId, call_id: &CallId) -> Option<(&Connection, bool)> {
        self.clients
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != client)
            .find_map(|(_, other)| {
                other
                    .connections
                    .get(call_id)
                    .map(|connection| (connection, other.network))
            })
    }

    fn path(&self, client: ClientId, call_id: &CallId) -> Option<(String, String)> {
        let (other, _) = self.other_side(client, call_id)?;
        self.clients[client]
            .connections
            .get(call_id)?
            .fake
            .path_to(&other.fake)
    }

    /// Schedules the state changes that follow from where the network and the descriptions stand.
    pub(crate) fn look_at_media(&mut self) {
        for client in 0..self.clients.len() {
            let call_ids: Vec<CallId> = self.clients[client].connections.keys().cloned().collect();
            for call_id in call_ids {
                self.look_at_connection(client, &call_id);
            }
        }
    }

    fn look_at_connection(&mut self, client: ClientId, call_id: &CallId) {
        use PeerConnectionState::{Closed, Connected, Connecting, Disconnected, Failed, New};
        let other_network = self
            .other_side(client, call_id)
            .is_some_and(|(_, network)| network);
        let network = self.media_works && other_network && self.clients[client].network;
        let path = self.path(client, call_id).filter(|_| network);
        let soon = self.random.millis(20, 200);
        let (now, up_after) = (self.now(), self.ice_takes.unwrap_or(soon));
        let Some(connection) = self.clients[client].connections.get_mut(call_id) else {
            return;
        };
        let usable = path.is_some() && path != connection.failed;
        let (becomes, after) = match (connection.state, usable) {
            (Connected, true) | (Failed | Closed, false) => {
                connection.becomes = None;
                return;
            }
            (New | Connecting | Disconnected | Failed, true) => (Connected, up_after),
            // While a restart is being agreed on the former path goes on.
            (Connected, false) if network => {
                connection.becomes = None;
                return;
            }
            (Connected, false) => (Disconnected, DISCONNECTED_AFTER),
            (New | Connecting | Disconnected, false) => (Failed, FAILED_AFTER),
            (Closed, true) => return,
        };
        let restarted = self.ice_takes.is_some() && usable && connection.tries != path;
        if connection.becomes != Some(becomes) || restarted {
            connection.becomes = Some(becomes);
            connection.becomes_at = now + after;
            connection.tries = path;
            let event = MediaEvent::State(call_id.clone(), connection.number, becomes);
            self.schedule.after(after, Event::Media(client, event));
        }
    }
}
