//! The client's half: when to connect, what to say, what to repeat. One socket at a time.
//!
//! The edge carries out the outputs and reports back. After [`ClientOutput::CloseSocket`] it reports nothing more
//! of that socket; it detaches its handlers, so that a late event cannot be taken for the next socket's.

mod chat_feed;
mod connection;
mod frames;
mod heartbeat;
mod in_thread;
mod output;
mod phase;
mod size;
mod subscriptions;

use std::collections::VecDeque;

use openline_protocol::{
    EndpointId, Instant, SessionId,
    realtime::{CallCommand, ChatEvent, ClientFrame, CloseCode, Topic},
};

pub use self::in_thread::{InThread, thread_key};
pub use self::output::{
    ClientConfig, ClientEvent, ClientOutput, ClientState, CommandRefused, DisconnectReason, TokenFailure,
};
use self::{
    phase::{Live, Phase},
    subscriptions::Subscriptions,
};
use crate::{Backoff, Sender, random::Random};

/// The client's session over any number of sockets.
///
/// `E` is a chat event in the form in which the edge hands it in: it goes through unread, but for its thread.
#[derive(Debug)]
pub struct ClientSession<E = Box<ChatEvent>> {
    config: ClientConfig,
    phase: Phase,
    /// The session on the server, as far as known.
    live: Option<Live>,
    /// Commands of the session, or of the one to come.
    commands: Sender<CallCommand>,
    subscriptions: Subscriptions,
    backoff: Backoff,
    /// Tokens refused in a row.
    refusals: u32,
    random: Random,
    outputs: VecDeque<ClientOutput<E>>,
}

impl<E> ClientSession<E> {
    /// A session that is not connected. `seed` is any random number: it spreads reconnects.
    #[must_use]
    pub fn new(config: ClientConfig, seed: u64) -> Self {
        Self {
            config,
            phase: Phase::Idle,
            live: None,
            commands: Sender::new(),
            subscriptions: Subscriptions::default(),
            backoff: Backoff::default(),
            refusals: 0,
            random: Random::new(seed),
            outputs: VecDeque::new(),
        }
    }

    /// Where the connection stands.
    #[must_use]
    pub const fn state(&self) -> ClientState {
        self.phase.state()
    }

    /// This client as its peers know it; `None` until a session was started, and after one was lost.
    #[must_use]
    pub fn endpoint_id(&self) -> Option<&EndpointId> {
        self.live.as_ref().map(|live| &live.endpoint_id)
    }

    /// What resumes the session, and ends it, by whatever way; `None` where there is none.
    #[must_use]
    pub fn session_id(&self) -> Option<&SessionId> {
        self.live.as_ref().map(|live| &live.session_id)
    }

    /// The position of the last chat event handled or skipped; `None` while not subscribed or not yet known.
    #[must_use]
    pub const fn chat_cursor(&self) -> Option<u64> {
        self.subscriptions.chat_cursor()
    }

    /// Connects and stays connected until [`Self::leave`] or a failure that no retry helps. Does nothing unless the
    /// state is [`ClientState::Idle`] or [`ClientState::Closed`].
    pub fn connect(&mut self, now: Instant) {
        match self.phase {
            Phase::Idle | Phase::Closed { .. } => {
                self.backoff.reset();
                self.refusals = 0;
                self.fetch_token(false, None, now);
            }
            Phase::WaitingForToken { .. }
            | Phase::Connecting { .. }
            | Phase::Greeting { .. }
            | Phase::Connected(_)
            | Phase::WaitingToRetry { .. } => {}
        }
    }

    /// Sends a command now or as soon as there is a session; in order and once.
    ///
    /// # Errors
    /// [`CommandRefused::NotConnected`] before [`Self::connect`] and after the session was closed;
    /// [`CommandRefused::QueueFull`] when 512 commands wait for the server; [`CommandRefused::TooLarge`] for one that
    /// fits no frame.
    pub fn send_command(&mut self, command: CallCommand, now: Instant) -> Result<(), CommandRefused> {
        if matches!(self.phase, Phase::Idle | Phase::Closed { .. }) {
            return Err(CommandRefused::NotConnected);
        }
        if !size::fits_a_frame(&command) {
            return Err(CommandRefused::TooLarge);
        }
        let seq = self.commands.push(command.clone())?;
        if matches!(self.phase, Phase::Connected(_)) {
            self.send(ClientFrame::Command { seq, command }, now);
        }
        Ok(())
    }

    /// Asks for chat events after `cursor` (the position of the last event the application handled), or from now on.
    /// The session keeps the cursor from here and asks again on every new socket.
    pub fn subscribe_chat(&mut self, cursor: Option<u64>, now: Instant) {
        self.subscriptions.want_chat(cursor);
        if matches!(self.phase, Phase::Greeting { .. } | Phase::Connected(_)) {
            let frame = self.subscriptions.chat_frame();
            self.send_all(frame, now);
        }
    }

    /// Registers this client as an endpoint that rings, under `display_name`.
    pub fn subscribe_calls(&mut self, display_name: Option<String>, now: Instant) {
        self.subscriptions.want_calls(display_name);
        if matches!(self.phase, Phase::Connected(_)) {
            let frame = self.subscriptions.calls_frame();
            self.send_all(frame, now);
        }
    }

    /// Ends a subscription. Chat events still on their way are dropped.
    pub fn unsubscribe(&mut self, topic: Topic, now: Instant) {
        let was_wanted = self.subscriptions.drop_topic(topic);
        if was_wanted && matches!(self.phase, Phase::Connected(_)) {
            self.send(ClientFrame::Unsubscribe { topic }, now);
        }
    }

    /// A newer token of the same identity exists: the running session goes on under it.
    pub fn token_refreshed(&mut self, token: String, now: Instant) {
        match &mut self.phase {
            Phase::Connected(_) => self.send(ClientFrame::Token { token }, now),
            Phase::Connecting { token: current, .. } => *current = token,
            Phase::Idle
            | Phase::WaitingForToken { .. }
            | Phase::Greeting { .. }
            | Phase::WaitingToRetry { .. }
            | Phase::Closed { .. } => {}
        }
    }

    /// The browser reports that the network is back or the page is visible again: retries at once, or looks whether
    /// the socket is still alive.
    pub fn network_hint(&mut self, now: Instant) {
        match &mut self.phase {
            Phase::WaitingToRetry { force_token, .. } => {
                let force = *force_token;
                self.fetch_token(force, None, now);
            }
            Phase::Connected(connected) => {
                if let Some(id) = connected.heartbeat.probe(now) {
                    self.outputs
                        .push_back(ClientOutput::SendFrame(ClientFrame::Ping { id }));
                }
            }
            Phase::Idle
            | Phase::WaitingForToken { .. }
            | Phase::Connecting { .. }
            | Phase::Greeting { .. }
            | Phase::Closed { .. } => {}
        }
    }

    /// Leaves for good: the server ends the session at once. Nothing is reported lost.
    pub fn leave(&mut self, now: Instant) {
        match self.phase {
            Phase::Greeting { .. } | Phase::Connected(_) => {
                self.send(ClientFrame::Bye, now);
                self.close_socket(CloseCode::Normal);
            }
            Phase::Connecting { .. } => self.close_socket(CloseCode::Normal),
            Phase::Closed { .. } => return,
            Phase::Idle | Phase::WaitingForToken { .. } | Phase::WaitingToRetry { .. } => {}
        }
        self.forget_session();
        self.enter(
            Phase::Closed {
                reason: DisconnectReason::Left,
            },
            Some(DisconnectReason::Left),
        );
    }

    /// What to do next, until `None`. Call it after every input.
    pub fn poll_output(&mut self) -> Option<ClientOutput<E>> {
        self.outputs.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        [self.phase.deadline(), self.lease_end()]
            .into_iter()
            .flatten()
            .min()
    }

    /// When the session on the server is given up. Not while `hello` is out: then the answer decides.
    fn lease_end(&self) -> Option<Instant> {
        if matches!(self.phase, Phase::Greeting { .. }) {
            return None;
        }
        self.live.as_ref().and_then(|live| live.lease)
    }
}
