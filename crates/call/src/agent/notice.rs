//! What the server tells.

use std::time::Duration;

use openline_protocol::{
    CallEndReason, CallId, Instant,
    realtime::{CallCommand, CallNotice, CallPeer, MediaState},
};

use super::{
    CallAgent, CallAgentEvent, CallState, IncomingCall, MediaOutput, ParticipantState, RemotePeer,
    call::{Answered, Phase, SetUp},
    media_path::MediaPath,
};
use crate::{limits::MAX_RINGING_CALLS, negotiation::Negotiator};

/// What an answer says about this side.
struct Terms {
    polite: bool,
    ticket: Option<String>,
}

impl CallAgent {
    /// The server tells something about a call. Each notice of a session once, in order.
    pub fn handle_notice(&mut self, notice: CallNotice, now: Instant) {
        match notice {
            CallNotice::Incoming {
                call_id,
                caller,
                ring_timeout_ms,
                custom_context,
                transferor,
            } => {
                let ring_timeout = Duration::from_millis(ring_timeout_ms);
                let incoming = IncomingCall {
                    caller,
                    ring_timeout,
                    rings_until: now + ring_timeout,
                    custom_context,
                    by_transfer: transferor.is_some(),
                    transferor,
                    shown_until: None,
                    announced: false,
                };
                self.on_incoming(call_id, incoming);
            }
            CallNotice::Ringing { call_id } => self.on_ringing(&call_id),
            CallNotice::Merged { call_id, into } => self.on_merged(&call_id, into, now),
            CallNotice::Answered {
                call_id,
                peer,
                polite,
                ticket,
            } => self.on_answered(&call_id, peer, Terms { polite, ticket }, now),
            CallNotice::Signal { call_id, signal } => {
                let call_id = self.resolve(&call_id).clone();
                self.negotiate(&call_id, |answered| answered.negotiator.handle_signal(signal));
            }
            CallNotice::Media { call_id, media } => self.on_remote_media(&call_id, media),
            CallNotice::PeerReachable { call_id, reachable } => {
                self.on_peer_reachable(&call_id, reachable, now);
            }
            CallNotice::Transfer {
                call_id,
                into,
                target,
            } => self.on_transfer(&call_id, into, target, now),
            CallNotice::Ended { call_id, reason } => self.on_ended(&call_id, reason, now),
        }
    }

    fn on_incoming(&mut self, call_id: CallId, incoming: IncomingCall) {
        if self.has_ended(&call_id) {
            return self.send(CallCommand::Reject { call_id });
        }
        if let Some(call) = self.calls.get(&call_id) {
            // Accepted before the server that rings now knew of it.
            if let Phase::Accepting(SetUp {
                returns_until: Some(_),
                ..
            }) = call.phase
            {
                self.send(call.accept_command(&call_id));
            }
            return;
        }
        if let Some(known) = self.incoming.get_mut(&call_id) {
            known.shown_until = None;
            known.rings_until = incoming.rings_until;
            return;
        }
        if self.incoming.len() >= MAX_RINGING_CALLS {
            return;
        }
        let raw_id = incoming.caller.raw_id.clone();
        self.incoming.insert(call_id, incoming);
        self.announce_held(&raw_id);
    }

    fn on_ringing(&mut self, call_id: &CallId) {
        let call_id = self.resolve(call_id).clone();
        let Some(call) = self.calls.get_mut(&call_id) else {
            return;
        };
        if matches!(call.phase, Phase::Starting(_)) {
            call.phase = Phase::Ringing;
            let changes = call.enter(&call_id, CallState::Ringing, ParticipantState::Ringing);
            self.emit_all(changes);
        }
    }

    /// The callee had been calling: the own call goes on as theirs, and is answered.
    fn on_merged(&mut self, call_id: &CallId, into: CallId, now: Instant) {
        let Some(mut call) = self.calls.remove(call_id) else {
            // Hung up here and forgotten, while the server joined the two.
            self.send(CallCommand::HangUp { call_id: into });
            return;
        };
        match call.phase {
            Phase::Starting(_) | Phase::Ringing => call.phase = Phase::Accepting(SetUp::new(now)),
            Phase::HangingUp { .. } => {}
            Phase::Accepting(_) | Phase::Answered(_) => {
                self.calls.insert(call_id.clone(), call);
                return;
            }
        }
        if self.calls.contains_key(&into) {
            // The user called and accepted in the same moment: one call is left, the accepted one.
            self.calls.insert(call_id.clone(), call);
            self.end_call(call_id, CallEndReason::ANSWERED_ELSEWHERE);
            return;
        }
        self.former_ids.insert(call_id.clone(), into.clone());
        self.calls.insert(into.clone(), call);
        self.emit(CallAgentEvent::IdChanged {
            from: call_id.clone(),
            to: into.clone(),
        });
        self.end_incoming(&into, CallEndReason::HUNG_UP);
    }

    fn on_answered(&mut self, call_id: &CallId, peer: CallPeer, terms: Terms, now: Instant) {
        let call_id = self.resolve(call_id).clone();
        let connected = self.link.is_connected();
        let Some(call) = self.calls.get_mut(&call_id) else {
            // The server must not keep a call open that this client does not have.
            self.end_incoming(&call_id, CallEndReason::HUNG_UP);
            self.send(CallCommand::HangUp { call_id });
            return;
        };
        match call.phase {
            Phase::Starting(_) | Phase::Ringing | Phase::Accepting(_) => {}
            // The server is about to read it.
            Phase::HangingUp { .. } => return,
            Phase::Answered(_) => return self.on_rejoined(&call_id, peer, terms.ticket, now),
        }
        let Terms { polite, ticket } = terms;
        call.peer = RemotePeer::from(peer);
        let peer = call.peer.clone();
        call.phase = Phase::Answered(Box::new(Answered {
            negotiator: Negotiator::new(polite),
            path: MediaPath::new(polite, connected, now),
            peer_reachable: true,
            ticket,
            rejoins_until: None,
            transferred_to: None,
        }));
        // The call stays as it is until media is up.
        let state = call.state;
        let changes = call.enter(&call_id, state, ParticipantState::Connecting);
        self.emit(CallAgentEvent::PeerAnswered {
            call_id: call_id.clone(),
            peer: peer.clone(),
        });
        self.emit_all(changes);
        self.media(call_id, MediaOutput::CreatePeerConnection { offers: !polite });
        self.announce_held(&peer.raw_id);
    }

    /// Both sides are there again, one of them or both in a new session: what was under way between them is lost. Media
    /// that is up is left alone.
    fn on_rejoined(&mut self, call_id: &CallId, peer: CallPeer, ticket: Option<String>, now: Instant) {
        let media = peer.media;
        if let Some(call) = self.calls.get_mut(call_id) {
            // What it sends is told below.
            let known = call.peer.media;
            call.peer = RemotePeer::from(peer);
            call.peer.media = known;
        }
        self.on_remote_media(call_id, media);
        let Some(answered) = self.answered_mut(call_id) else {
            return;
        };
        answered.ticket = ticket;
        answered.rejoins_until = None;
        self.on_peer_reachable(call_id, true, now);
        self.update_signalling(now);
        let Some(answered) = self.answered_mut(call_id) else {
            return;
        };
        if answered.path.renew(now) || answered.negotiator.has_unanswered_offer() {
            self.media(call_id.clone(), MediaOutput::RestartIce);
        }
        self.negotiate(call_id, |answered| {
            answered.negotiator.renew();
            Ok(())
        });
    }

    fn on_remote_media(&mut self, call_id: &CallId, media: MediaState) {
        let call_id = self.resolve(call_id).clone();
        if let Some(call) = self.calls.get_mut(&call_id)
            && matches!(call.phase, Phase::Answered(_))
            && call.peer.media != media
        {
            call.peer.media = media;
            self.emit(CallAgentEvent::RemoteMediaChanged {
                call_id: call_id.clone(),
                media,
            });
            self.show_hold(&call_id);
        }
    }

    fn on_peer_reachable(&mut self, call_id: &CallId, reachable: bool, now: Instant) {
        let call_id = self.resolve(call_id).clone();
        let Some(answered) = self.answered_mut(&call_id) else {
            return;
        };
        if answered.peer_reachable != reachable {
            answered.peer_reachable = reachable;
            self.emit(CallAgentEvent::PeerReachable { call_id, reachable });
            self.update_signalling(now);
        }
    }

    fn on_ended(&mut self, call_id: &CallId, reason: CallEndReason, now: Instant) {
        self.end_incoming(call_id, reason);
        self.fail_transfers(Some(call_id), reason);
        self.on_farewell_ended(call_id, reason, now);
        let call_id = self.resolve(call_id).clone();
        let Some(call) = self.calls.get_mut(&call_id) else {
            return;
        };
        let reason = match &mut call.phase {
            // The server had forgotten the call before it read the hang-up, and so may the callee be waited for.
            Phase::HangingUp { .. } if reason == CallEndReason::UNKNOWN_CALL => {
                self.end_unconfirmed(&call_id, now);
                return self.on_farewell_ended(&call_id, CallEndReason::NOT_REGISTERED, now);
            }
            // The other side is not back.
            Phase::Starting(set_up) if reason == CallEndReason::NOT_REGISTERED => {
                if set_up.try_later(now) {
                    return;
                }
                reason
            }
            // About something that was said between two attempts.
            Phase::Starting(set_up)
                if reason == CallEndReason::UNKNOWN_CALL && set_up.returns_until.is_some() =>
            {
                return;
            }
            Phase::Accepting(set_up) if reason == CallEndReason::UNKNOWN_CALL => {
                if set_up.try_later(now) {
                    return;
                }
                CallEndReason::NETWORK_LOST
            }
            // The session was lost, and what it takes to go on is no longer good.
            Phase::Answered(answered)
                if answered.rejoins_until.is_some() && reason == CallEndReason::NOT_ALLOWED =>
            {
                CallEndReason::NETWORK_LOST
            }
            // About something that was said before: the answer to `rejoin` is another.
            Phase::Answered(answered)
                if answered.rejoins_until.is_some() && reason == CallEndReason::UNKNOWN_CALL =>
            {
                return;
            }
            Phase::HangingUp { .. }
            | Phase::Starting(_)
            | Phase::Ringing
            | Phase::Accepting(_)
            | Phase::Answered(_) => reason,
        };
        self.end_call(&call_id, reason);
    }
}
