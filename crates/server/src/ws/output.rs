//! Carries out what the state machine of a session decided. All of it under the session's lock.

use std::sync::Arc;

use axum::extract::ws::Message;
use openline_call::exchange::{EndpointRef, GoneReason};
use openline_chat::has_chat_scope;
use openline_protocol::{
    Instant, Scope,
    realtime::{CallCommand, CloseCode, ServerFrame, Topic},
};
use openline_session::{ServerOutput, SessionEnd};

use super::{
    chat_pump::ChatPump,
    realtime::may_call,
    session::{Session, SocketRef, State, gone_reason},
};

/// A socket, and what lives as long as it.
pub(super) struct Live {
    pub(super) socket: SocketRef,
    chat: Option<ChatPump>,
}

impl Live {
    pub(super) const fn new(socket: SocketRef) -> Self {
        Self { socket, chat: None }
    }

    pub(super) fn close(self, code: CloseCode) {
        self.socket.outbound.close(code);
    }
}

impl Session {
    /// Sends what a new socket gets first: the welcome, and what the client missed. That is bounded by the session,
    /// and not counted as what a client does not read.
    pub(super) fn welcome(&self, state: &mut State) {
        while let Some(output) = state.core.poll_output() {
            let (ServerOutput::Send(frame), Some(live)) = (output, &state.live) else {
                debug_assert!(false, "attaching sends, and nothing else");
                continue;
            };
            live.socket.outbound.push_repeated(encode(&frame));
        }
    }

    /// Carries out everything that waits.
    pub(super) fn settle(self: &Arc<Self>, state: &mut State, now: Instant) {
        while let Some(output) = state.core.poll_output() {
            match output {
                ServerOutput::Send(frame) => self.send(state, &frame, now),
                ServerOutput::Command(command) => self.command(state, command, now),
                ServerOutput::CheckToken(token) => state.unchecked_token = Some(token),
                ServerOutput::RenewIceServers => {
                    let ice = self.shared.ice_servers(&state.token);
                    state.core.ice_servers_granted(ice, now);
                }
                ServerOutput::SubscribeChat { cursor } => self.subscribe_chat(state, cursor, now),
                ServerOutput::SubscribeCalls { display_name } => {
                    self.subscribe_calls(state, display_name, now);
                }
                ServerOutput::Unsubscribe(Topic::Chat) => {
                    if let Some(live) = &mut state.live {
                        live.chat = None;
                    }
                }
                ServerOutput::Unsubscribe(Topic::Calls) => self.leave_calls(state, GoneReason::Left),
                ServerOutput::Close(code) => {
                    if let Some(live) = state.live.take() {
                        live.close(code);
                    }
                }
                ServerOutput::Detached => self.detached(state),
                ServerOutput::Ended(end) => self.ended(state, end),
            }
        }
    }

    /// A token came into force: what is subscribed goes on with its rights, or the socket closes.
    pub(super) fn renew_rights(&self, state: &mut State, now: Instant) {
        let chats = state.live.as_ref().is_some_and(|live| live.chat.is_some());
        let lost_chat = chats && !has_chat_scope(state.token.scopes.as_slice());
        let lost_calls = state.calls.is_some() && !may_call(&state.token);
        if lost_calls {
            self.leave_calls(state, GoneReason::Left);
        }
        if lost_chat || lost_calls {
            state.core.close(CloseCode::Forbidden, now);
        } else if let Some(display_name) = state.calls.clone() {
            self.register(state, display_name);
        }
    }

    fn send(&self, state: &mut State, frame: &ServerFrame, now: Instant) {
        let Some(live) = &state.live else { return };
        if live.socket.outbound.push(encode(frame)).is_err() {
            state.core.close(CloseCode::SlowConsumer, now);
        }
    }

    fn command(self: &Arc<Self>, state: &mut State, command: CallCommand, now: Instant) {
        if !may_call(&state.token) {
            return state.core.close(CloseCode::Forbidden, now);
        }
        self.expect_notices(state);
        if self
            .shared
            .calls
            .command(self.endpoint_id(), self.raw_id(), command)
            .is_err()
        {
            tracing::error!("call commands pile up: a socket is closed");
            state.core.close(CloseCode::ServerFailed, now);
        }
    }

    fn subscribe_chat(self: &Arc<Self>, state: &mut State, cursor: Option<u64>, now: Instant) {
        if !has_chat_scope(state.token.scopes.as_slice()) {
            return state.core.close(CloseCode::Forbidden, now);
        }
        if let Some(live) = &mut state.live {
            let before = live.chat.take();
            live.chat = Some(ChatPump::start(self, &live.socket, cursor, before));
        }
    }

    fn subscribe_calls(self: &Arc<Self>, state: &mut State, display_name: Option<String>, now: Instant) {
        if !may_call(&state.token) {
            return state.core.close(CloseCode::Forbidden, now);
        }
        self.expect_notices(state);
        state.calls = Some(display_name.clone());
        // Before the answer: whoever has it may be called at once. What that brings waits for this lock.
        self.register(state, display_name);
        let subscribed = ServerFrame::Subscribed {
            topic: Topic::Calls,
            cursor: None,
            expired: false,
        };
        self.send(state, &subscribed, now);
    }

    fn register(&self, state: &State, display_name: Option<String>) {
        self.shared.calls.endpoint_registered(EndpointRef {
            resource: self.resource_id().clone(),
            raw_id: self.raw_id().clone(),
            endpoint_id: self.endpoint_id().clone(),
            display_name,
            may_start: state.token.scopes.has_any(&[Scope::Voip]),
        });
    }

    fn leave_calls(&self, state: &mut State, reason: GoneReason) {
        if state.calls.take().is_some() {
            self.shared.calls.endpoint_gone(self.endpoint_id(), reason);
        }
    }

    fn detached(self: &Arc<Self>, state: &mut State) {
        state.live = None;
        if state.calls.is_some() {
            self.shared.calls.endpoint_interrupted(self.endpoint_id());
        }
        self.watch_lease();
    }

    fn ended(&self, state: &mut State, end: SessionEnd) {
        state.live = None;
        self.leave_calls(state, gone_reason(end));
        state.notices = None;
        self.shared.registry.remove(self);
        tracing::debug!(endpoint_id = %self.endpoint_id(), ?end, "session ended");
    }
}

/// A frame as it goes on the wire.
pub(super) fn encode(frame: &ServerFrame) -> Message {
    Message::text(serde_json::to_string(frame).expect("a frame has string keys and no failing serialiser"))
}
