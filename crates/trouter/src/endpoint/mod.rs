//! One client instance (a tab) over any number of connections: greets, acknowledges, delivers, and judges answers.
//!
//! Events come from the chat log, in order and by position. They are sent on the connection there is, some at once,
//! each until it is settled: answered, or given up. What a connection leaves unanswered is sent again on the next;
//! what was answered never is. The [`Ledger`] is what the server stores of this, so that it holds after a restart.

mod allowance;
mod connection;
mod ledger;
mod outbox;
mod output;

use std::{collections::VecDeque, time::Duration};

use openline_protocol::Instant;

use self::{connection::Connection, outbox::Outbox};
pub use self::{
    ledger::Ledger,
    outbox::{MAX_OUTBOX_BYTES, MAX_OUTBOX_EVENTS},
    output::{CloseReason, ConnectionNumber, Delivered, EndpointConfig, EndpointOutput, Full},
};
use crate::{
    incoming::{ClientEvent, Incoming},
    outgoing,
};

/// The memory of one client instance.
#[derive(Debug)]
pub struct Endpoint {
    config: EndpointConfig,
    connection: Option<Connection>,
    outbox: Outbox,
    ledger: Ledger,
    /// The place from which nothing is missing, until the client knows that something before is.
    loss: Option<u64>,
    /// The server is about to stop: nothing more is delivered.
    paused: bool,
    /// Once the server stops: when connections end in any case.
    stops_at: Option<Instant>,
    outputs: VecDeque<EndpointOutput>,
}

impl Endpoint {
    /// An endpoint that was told what `ledger` says, without a connection.
    #[must_use]
    pub const fn new(config: EndpointConfig, ledger: Ledger) -> Self {
        Self {
            config,
            connection: None,
            outbox: Outbox::new(ledger.cursor),
            ledger,
            loss: None,
            paused: false,
            stops_at: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes a connection, greets on it and goes on with what is not answered. `number` is larger than any before.
    ///
    /// One there was is closed, and what it left unanswered is sent again at once.
    pub fn attach(&mut self, number: ConnectionNumber, token_expires_in: Duration, now: Instant) {
        self.close_any(CloseReason::Superseded);
        self.connection = Some(Connection::new(number, token_expires_in, &self.config, now));
        self.send(number, outgoing::connect());
        self.send(number, outgoing::connected(self.config.ttl_s));
        self.tell_loss();
        self.deliver(now);
    }

    /// A connection is gone.
    pub fn detach(&mut self, number: ConnectionNumber, now: Instant) {
        if self.let_go(number) {
            self.deliver(now);
        }
    }

    /// A frame arrived. What is no frame closes the connection.
    pub fn frame_received(&mut self, number: ConnectionNumber, frame: &str, now: Instant) {
        if !self.hear(number, now) {
            return;
        }
        let allowed = self
            .connection_mut(number)
            .is_some_and(|one| one.allowance.take(now));
        if !allowed {
            self.close(number, CloseReason::Flood);
            return self.deliver(now);
        }
        match Incoming::parse(frame) {
            Ok(Incoming::Left) => self.close(number, CloseReason::Left),
            Ok(Incoming::Event { id, event }) => self.event_received(number, id, event),
            Ok(Incoming::Answer(answer)) => {
                if let Some((position, delivered)) = self.outbox.answered(answer.request_id, answer.status) {
                    self.settle(position, delivered);
                }
            }
            Ok(Incoming::Nothing) => {}
            Err(_bad_frame) => self.close(number, CloseReason::BadFrame),
        }
        self.deliver(now);
    }

    /// A sign of life below the frames: a poll, or a pong of the WebSocket.
    pub fn heard(&mut self, number: ConnectionNumber, now: Instant) {
        self.hear(number, now);
    }

    /// A poll came with a token that is good for so long.
    pub fn token_renewed(&mut self, number: ConnectionNumber, expires_in: Duration, now: Instant) {
        if let Some(connection) = self.connection_mut(number) {
            connection.token_renewed(expires_in, now);
        }
    }

    /// Closes a connection for a reason found outside.
    pub fn close_connection(&mut self, number: ConnectionNumber, reason: CloseReason, now: Instant) {
        self.close(number, reason);
        self.deliver(now);
    }

    /// Delivers nothing more. What was sent may still be answered.
    pub const fn pause(&mut self) {
        self.paused = true;
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn has_unanswered(&self) -> bool {
        self.outbox.has_unanswered()
    }

    /// The server stops: nothing more is delivered. A connection is closed once what it was sent is answered, so that
    /// the next server does not send it again, and after `patience` in any case.
    pub fn shut_down(&mut self, patience: Duration, now: Instant) {
        self.pause();
        self.stops_at.get_or_insert(now + patience);
        self.deliver(now);
    }

    /// Takes an event in, unless it was before. `position` is its place in the log; without one it is of the moment,
    /// and gone with the connection.
    ///
    /// # Errors
    ///
    /// [`Full`]: read on in the log after [`Self::through`] when there is room.
    pub fn offer(&mut self, position: Option<u64>, body: String, now: Instant) -> Result<(), Full> {
        match position {
            Some(position) if position <= self.outbox.through() => return Ok(()),
            Some(position) if self.ledger.is_settled(position) => {
                self.caught_up(position);
                return Ok(());
            }
            None if self.connection.is_none() => return Ok(()),
            Some(_) | None => {}
        }
        self.outbox.push(position, body)?;
        self.advance();
        self.deliver(now);
        Ok(())
    }

    /// The log holds nothing for this endpoint up to `through` that was not offered.
    pub fn caught_up(&mut self, through: u64) {
        self.outbox.caught_up(through);
        self.advance();
    }

    /// The log does not reach back to what this endpoint is missing: it goes on after `through`, and the client is
    /// told.
    pub fn events_lost(&mut self, through: u64) {
        self.outbox.reset(through);
        self.ledger = Ledger::at(through);
        self.loss = Some(through);
        self.tell_loss();
    }

    /// Everything up to this place was taken in: where to read on in the log.
    #[must_use]
    pub const fn through(&self) -> u64 {
        self.outbox.through()
    }

    /// Whether it is worth while to offer more.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.outbox.has_room()
    }

    /// What need not be sent any more.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whether a connection is there.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        self.connection.is_some()
    }

    /// Whether this connection is there.
    #[must_use]
    pub fn has_connection(&self, number: ConnectionNumber) -> bool {
        self.number() == Some(number)
    }

    /// What to do next, until `None`. Call it after every input, and carry the outputs out in order.
    pub fn poll_output(&mut self) -> Option<EndpointOutput> {
        self.outputs.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let end = self.connection.as_ref().map(|connection| connection.end().0);
        let overdue = self.outbox.overdue(self.config.answer_timeout);
        let stops = self.stops_at.filter(|_| self.is_connected());
        [end, overdue, stops].into_iter().flatten().min()
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Some((at, reason)) = self.connection.as_ref().map(Connection::end)
            && at <= now
        {
            self.close_any(reason);
        }
        let overdue = self.outbox.overdue(self.config.answer_timeout);
        if overdue.is_some_and(|at| at <= now) {
            self.close_any(CloseReason::Unanswered);
        }
        if self.stops_at.is_some_and(|at| at <= now) {
            self.close_any(CloseReason::Stopping);
        }
        self.deliver(now);
    }

    fn event_received(&mut self, number: ConnectionNumber, id: Option<u64>, event: ClientEvent) {
        if event == ClientEvent::LossProcessed {
            self.loss = None;
        }
        if let Some(id) = id {
            let ack = match event {
                ClientEvent::Ping => outgoing::pong(id),
                ClientEvent::LossProcessed | ClientEvent::Other => outgoing::ack(id),
            };
            self.send(number, ack);
        }
    }

    /// Sends what may be sent now.
    fn deliver(&mut self, now: Instant) {
        if self.stops_at.is_some() && !self.has_unanswered() {
            self.close_any(CloseReason::Stopping);
        }
        if self.paused {
            return;
        }
        let Some(connection) = &mut self.connection else {
            return self.outbox.drop_unkept();
        };
        while let Some(due) = self.outbox.next_due(&self.ledger, now) {
            connection.allowance.earn();
            self.outputs.push_back(EndpointOutput::Send {
                connection: connection.number,
                frame: outgoing::request(due.request_id, due.body),
            });
        }
    }

    fn settle(&mut self, position: Option<u64>, delivered: Delivered) {
        if let Some(position) = position {
            self.ledger.settle(position);
            self.advance();
        }
        self.outputs.push_back(EndpointOutput::Settled(delivered));
    }

    fn advance(&mut self) {
        self.ledger.advance(self.outbox.floor());
    }

    fn tell_loss(&mut self) {
        if let (Some(number), Some(etag)) = (self.number(), self.loss) {
            self.send(number, outgoing::message_loss(etag));
        }
    }

    fn close_any(&mut self, reason: CloseReason) {
        if let Some(number) = self.number() {
            self.close(number, reason);
        }
    }

    fn close(&mut self, number: ConnectionNumber, reason: CloseReason) {
        if !self.has_connection(number) {
            return;
        }
        if reason == CloseReason::Unauthorized {
            self.send(number, outgoing::unauthorized());
        }
        self.outputs.push_back(EndpointOutput::Close {
            connection: number,
            reason,
        });
        self.let_go(number);
    }

    /// Forgets a connection; what it left unanswered waits again.
    fn let_go(&mut self, number: ConnectionNumber) -> bool {
        if self.connection.take_if(|one| one.number == number).is_none() {
            return false;
        }
        if let Some(position) = self.outbox.connection_lost() {
            self.settle(position, Delivered::GivenUp);
            self.loss.get_or_insert(self.outbox.through());
        }
        true
    }

    fn number(&self) -> Option<ConnectionNumber> {
        self.connection.as_ref().map(|connection| connection.number)
    }

    fn hear(&mut self, number: ConnectionNumber, now: Instant) -> bool {
        let config = self.config;
        let connection = self.connection_mut(number);
        connection
            .map(|connection| connection.heard(&config, now))
            .is_some()
    }

    fn connection_mut(&mut self, number: ConnectionNumber) -> Option<&mut Connection> {
        self.connection.as_mut().filter(|one| one.number == number)
    }

    fn send(&mut self, connection: ConnectionNumber, frame: String) {
        self.outputs.push_back(EndpointOutput::Send { connection, frame });
    }
}
