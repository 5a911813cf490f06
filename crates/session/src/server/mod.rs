//! The server's half: the first frame of a socket ([`ServerHandshake`]), then the session itself, which outlives
//! its sockets ([`ServerSession`]).
//!
//! Who the token belongs to, which session a resume names and what a command does is decided elsewhere; the
//! results are inputs here.

mod attachment;
mod handshake;
mod output;
mod weight;

use std::collections::VecDeque;

use openline_protocol::{
    EndpointId, Instant, SessionId,
    realtime::{CallCommand, CallNotice, ClientFrame, CloseCode, ServerFrame, Topic},
};

use self::attachment::Attachment;
pub use self::{
    handshake::{Hello, ServerHandshake, negotiate_version},
    output::{IceGrant, ServerOutput, ServerSessionConfig, SessionEnd},
    weight::{MAX_UNACKNOWLEDGED_BYTES, notice_weight},
};
use crate::{AckInvalid, QueueFull, Received, Receiver, Sender};

/// The memory of one client, over any number of sockets.
#[derive(Debug)]
pub struct ServerSession {
    config: ServerSessionConfig,
    session_id: SessionId,
    endpoint_id: EndpointId,
    attachment: Attachment,
    /// That of the last `hello`.
    attempt: u32,
    commands: Receiver,
    notices: Sender<CallNotice>,
    /// What the unacknowledged notices take, in bytes, about.
    weight: usize,
    outputs: VecDeque<ServerOutput>,
}

impl ServerSession {
    /// A new session without a socket: [`Self::attach`] follows. Its lease runs from `now`.
    #[must_use]
    pub fn new(
        config: ServerSessionConfig,
        session_id: SessionId,
        endpoint_id: EndpointId,
        now: Instant,
    ) -> Self {
        let attachment = Attachment::Detached {
            lease: now + config.grace,
        };
        Self {
            config,
            session_id,
            endpoint_id,
            attachment,
            attempt: 0,
            commands: Receiver::new(),
            notices: Sender::new(),
            weight: 0,
            outputs: VecDeque::new(),
        }
    }

    /// The session, secret to its client.
    #[must_use]
    pub const fn session_id(&self) -> &SessionId {
        &self.session_id
    }

    /// The client as its peers know it.
    #[must_use]
    pub const fn endpoint_id(&self) -> &EndpointId {
        &self.endpoint_id
    }

    /// Whether it has a socket.
    #[must_use]
    pub const fn is_attached(&self) -> bool {
        matches!(self.attachment, Attachment::Attached(_))
    }

    /// Whether it is over; nothing can be done with it any more.
    #[must_use]
    pub const fn is_ended(&self) -> bool {
        matches!(self.attachment, Attachment::Ended)
    }

    /// A frame arrived on the socket of this session.
    pub fn frame_received(&mut self, frame: ClientFrame, now: Instant) {
        let Attachment::Attached(attached) = &mut self.attachment else {
            return;
        };
        attached.heard(now, &self.config);
        match frame {
            ClientFrame::Hello { .. } => self.close(CloseCode::BadFrame, now),
            ClientFrame::Token { token } => self.outputs.push_back(ServerOutput::CheckToken(token)),
            ClientFrame::Subscribe {
                topic: Topic::Chat,
                cursor,
                ..
            } => {
                self.outputs.push_back(ServerOutput::SubscribeChat { cursor });
            }
            ClientFrame::Subscribe {
                topic: Topic::Calls,
                display_name,
                ..
            } => {
                self.outputs
                    .push_back(ServerOutput::SubscribeCalls { display_name });
            }
            ClientFrame::Unsubscribe { topic } => self.outputs.push_back(ServerOutput::Unsubscribe(topic)),
            ClientFrame::Command { seq, command } => self.command_received(seq, command, now),
            ClientFrame::Ack { received_seq } => {
                if self.acknowledged(received_seq).is_err() {
                    self.close(CloseCode::BadFrame, now);
                }
            }
            ClientFrame::Ping { id } => self.send(ServerFrame::Pong { id }),
            ClientFrame::Bye => self.end(SessionEnd::Left, Some(CloseCode::Normal)),
        }
    }

    /// The client said goodbye beside its sockets, or between them.
    pub fn leave(&mut self) {
        if !self.is_ended() {
            self.end(SessionEnd::Left, Some(CloseCode::Normal));
        }
    }

    /// A sign of life below the frames (a WebSocket pong).
    pub fn heard(&mut self, now: Instant) {
        if let Attachment::Attached(attached) = &mut self.attachment {
            attached.heard(now, &self.config);
        }
    }

    /// Sends a notice now, or when the client is back. Ends the session when 512 notices are unacknowledged, or
    /// [`MAX_UNACKNOWLEDGED_BYTES`] of them.
    pub fn push_notice(&mut self, notice: CallNotice) {
        if self.is_ended() {
            return;
        }
        self.weight += notice_weight(&notice);
        let seq = if self.weight > MAX_UNACKNOWLEDGED_BYTES {
            Err(QueueFull)
        } else {
            self.notices.push(notice.clone())
        };
        match seq {
            Ok(seq) => {
                if self.is_attached() {
                    self.send(ServerFrame::Notice { seq, notice });
                }
            }
            Err(QueueFull) => self.notices_lost(),
        }
    }

    /// Notices were lost on their way here. Ends the session as too many of them do: the client's calls then end,
    /// where otherwise they would wait for what never comes.
    pub fn notices_lost(&mut self) {
        if !self.is_ended() {
            self.end(SessionEnd::Overflow, Some(CloseCode::SlowConsumer));
        }
    }

    /// What to do next, until `None`. Call it after every input, and carry the outputs out in order.
    pub fn poll_output(&mut self) -> Option<ServerOutput> {
        self.outputs.pop_front()
    }

    /// When [`Self::handle_timeout`] is due.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.attachment.deadline()
    }

    fn command_received(&mut self, seq: u64, command: CallCommand, now: Instant) {
        match self.commands.receive(seq) {
            Received::New => {
                self.outputs.push_back(ServerOutput::Command(command));
                self.send(ServerFrame::Ack { received_seq: seq });
            }
            Received::Duplicate => self.send(ServerFrame::Ack {
                received_seq: self.commands.last(),
            }),
            Received::Gap => self.close(CloseCode::BadFrame, now),
        }
    }

    fn acknowledged(&mut self, received_seq: u64) -> Result<(), AckInvalid> {
        self.notices.acknowledge(received_seq)?;
        self.weight = self
            .notices
            .unacknowledged()
            .map(|(_, notice)| notice_weight(notice))
            .sum();
        Ok(())
    }

    fn send(&mut self, frame: ServerFrame) {
        self.outputs.push_back(ServerOutput::Send(frame));
    }
}
