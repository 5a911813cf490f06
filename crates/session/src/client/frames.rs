//! What the client does with each server frame.

use std::time::Duration;

use openline_protocol::{
    Instant,
    realtime::{
        CallNotice, ClientFrame, ServerFrame, Topic, VERSION,
        limits::{ACK_DELAY, ACK_EVERY},
    },
};

use super::{
    ClientEvent, ClientSession, InThread, Phase,
    chat_feed::Place,
    heartbeat::Heartbeat,
    phase::{Connected, Live},
};
use crate::{Received, Receiver};

impl<E: InThread> ClientSession<E> {
    /// A frame arrived on the socket.
    pub fn frame_received(&mut self, frame: ServerFrame<E>, now: Instant) {
        match &mut self.phase {
            Phase::Greeting { .. } => self.greeted(frame, now),
            Phase::Connected(connected) => {
                connected.heartbeat.heard(now);
                self.frame_in_session(frame, now);
            }
            Phase::Idle
            | Phase::WaitingForToken { .. }
            | Phase::Connecting { .. }
            | Phase::WaitingToRetry { .. }
            | Phase::Closed { .. } => {}
        }
    }

    fn greeted(&mut self, frame: ServerFrame<E>, now: Instant) {
        let ServerFrame::Welcome {
            version,
            session_id,
            endpoint_id,
            resumed,
            received_seq,
            heartbeat_interval_ms,
            session_grace_ms,
            ice_servers,
            level,
        } = frame
        else {
            return self.server_defect();
        };
        let grace = Duration::from_millis(session_grace_ms);
        let known = self
            .live
            .as_ref()
            .is_some_and(|live| live.session_id == session_id);
        if version != VERSION || heartbeat_interval_ms == 0 || (resumed && !known) {
            return self.server_defect();
        }
        if !resumed && self.live.is_some() {
            self.lose_session();
        }
        if self.commands.acknowledge(received_seq).is_err() {
            return self.server_defect();
        }
        let live = self.live.get_or_insert_with(|| Live {
            session_id,
            endpoint_id: endpoint_id.clone(),
            kept_for: grace,
            notices: Receiver::new(),
            attempts: 0,
            lease: None,
        });
        let interval = Duration::from_millis(heartbeat_interval_ms);
        live.kept_for = grace + interval * 5 / 2;
        live.lease = None;
        let heartbeat = Heartbeat::new(interval, now);
        let connected = Connected {
            since: now,
            heartbeat,
            ack_due: None,
            ack_pending: 0,
        };
        self.enter(Phase::Connected(connected), None);
        self.tell(ClientEvent::SessionStarted {
            resumed,
            endpoint_id,
            ice_servers,
            grace,
            level,
        });
        let calls = self.subscriptions.calls_frame_after_welcome();
        self.send_all(calls, now);
        let again: Vec<_> = self
            .commands
            .unacknowledged()
            .map(|(seq, command)| ClientFrame::Command {
                seq,
                command: command.clone(),
            })
            .collect();
        self.send_all(again, now);
    }

    fn frame_in_session(&mut self, frame: ServerFrame<E>, now: Instant) {
        match frame {
            ServerFrame::Welcome { .. } => self.server_defect(),
            ServerFrame::Subscribed {
                topic: Topic::Calls, ..
            } => {
                if self.subscriptions.calls_confirmed() {
                    self.tell(ClientEvent::CallsSubscribed);
                }
            }
            ServerFrame::Subscribed {
                topic: Topic::Chat,
                cursor,
                expired,
            } => {
                if let Some(cursor) = self.subscriptions.chat_confirmed(cursor, expired) {
                    self.tell(ClientEvent::ChatSubscribed { cursor, expired });
                }
            }
            ServerFrame::Notice { seq, notice } => self.notice_received(seq, notice, now),
            ServerFrame::Event {
                position,
                thread_sequence,
                event,
            } => {
                let place = position.map(|position| Place {
                    position,
                    in_thread: event.thread_key().zip(thread_sequence),
                });
                let (is_new, frame) = self.subscriptions.chat_event(place);
                if is_new {
                    self.tell(ClientEvent::ChatEvent { position, event });
                }
                self.send_all(frame, now);
            }
            ServerFrame::Ack { received_seq } => {
                if self.commands.acknowledge(received_seq).is_err() {
                    self.server_defect();
                }
            }
            ServerFrame::Pong { .. } => {}
            ServerFrame::IceServers { ice_servers } => self.tell(ClientEvent::IceServers(ice_servers)),
            ServerFrame::TokenExpiring { remaining_ms } => {
                self.tell(ClientEvent::TokenNeeded {
                    remaining: Duration::from_millis(remaining_ms),
                });
            }
        }
    }

    fn notice_received(&mut self, seq: u64, notice: CallNotice, now: Instant) {
        let (Some(live), Phase::Connected(connected)) = (&mut self.live, &mut self.phase) else {
            return;
        };
        match live.notices.receive(seq) {
            Received::New => {
                connected.ack_pending += 1;
                connected.ack_due.get_or_insert(now + ACK_DELAY);
                let at_once = connected.ack_pending >= ACK_EVERY;
                self.tell(ClientEvent::Notice(notice));
                if at_once {
                    self.acknowledge(now);
                }
            }
            Received::Duplicate => {
                connected.ack_due.get_or_insert(now + ACK_DELAY);
            }
            Received::Gap => self.server_defect(),
        }
    }
}

impl<E> ClientSession<E> {
    /// A frame arrived whose type this client does not know: a newer server's. It counts as a sign of life.
    pub const fn unknown_frame_received(&mut self, now: Instant) {
        if let Phase::Connected(connected) = &mut self.phase {
            connected.heartbeat.heard(now);
        }
    }

    pub(super) fn acknowledge(&mut self, now: Instant) {
        let (Some(live), Phase::Connected(connected)) = (&self.live, &mut self.phase) else {
            return;
        };
        connected.ack_due = None;
        connected.ack_pending = 0;
        let received_seq = live.notices.last();
        self.send(ClientFrame::Ack { received_seq }, now);
    }
}
