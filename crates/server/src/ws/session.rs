//! A session with its lock: feeds the state machine, and carries out what it decides.
//!
//! Everything under the lock is in memory and does not wait, so that whoever holds it (a socket, the task of the
//! calls, a revocation) is never held up by a client. Locks are taken in the order session, then registry or
//! outbound queue.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::extract::ws::Message;
use openline_call::exchange::GoneReason;
use openline_protocol::{
    EndpointId, Instant, RawId, ResourceId, SessionId,
    realtime::{ClientFrame, CloseCode, Resume},
};
use openline_session::{ServerSession, SessionEnd};
use uuid::Uuid;

use super::{notices::Notices, outbound::Outbound, output::Live, realtime::Shared};
use crate::domain::token::VerifiedToken;

/// A session of the registry.
pub(super) struct Session {
    resource_id: ResourceId,
    raw_id: RawId,
    session_id: SessionId,
    endpoint_id: EndpointId,
    pub(super) shared: Arc<Shared>,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) core: ServerSession,
    /// The socket, and what lives as long as it.
    pub(super) live: Option<Live>,
    /// The token in force, or the last that was.
    pub(super) token: VerifiedToken,
    /// Whether calls were subscribed, and under which name.
    pub(super) calls: Option<Option<String>>,
    /// Where notices come from, once there may be any.
    pub(super) notices: Option<Notices>,
    /// A token the client sent, to be checked by its socket.
    pub(super) unchecked_token: Option<String>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("endpoint_id", &self.endpoint_id)
            .finish_non_exhaustive()
    }
}

/// Why a socket cannot go on with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttachRefused {
    /// It ended meanwhile: start another.
    Ended,
    /// What it said is wrong, or out of date: it is closed with that.
    Closed(CloseCode),
}

/// A socket, as a session tells one from the next.
#[derive(Debug, Clone)]
pub(super) struct SocketRef {
    pub(super) number: u64,
    pub(super) outbound: Outbound,
}

impl Session {
    /// A new session of the identity that `token` names, without a socket.
    pub(super) fn new(shared: Arc<Shared>, token: VerifiedToken) -> Arc<Self> {
        let session_id = SessionId::new(format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()));
        let endpoint_id = EndpointId::new(Uuid::new_v4().to_string());
        let core = ServerSession::new(
            shared.settings.session.clone(),
            session_id.clone(),
            endpoint_id.clone(),
            shared.now(),
        );
        Arc::new(Self {
            resource_id: token.resource_id.clone(),
            raw_id: token.raw_id.clone(),
            session_id,
            endpoint_id,
            shared,
            state: Mutex::new(State {
                core,
                live: None,
                token,
                calls: None,
                notices: None,
                unchecked_token: None,
            }),
        })
    }

    pub(super) const fn resource_id(&self) -> &ResourceId {
        &self.resource_id
    }

    pub(super) const fn raw_id(&self) -> &RawId {
        &self.raw_id
    }

    pub(super) const fn session_id(&self) -> &SessionId {
        &self.session_id
    }

    pub(super) const fn endpoint_id(&self) -> &EndpointId {
        &self.endpoint_id
    }

    /// Gives the session a socket. One it had is closed with 4409, unless it is the newer one.
    pub(super) fn attach(
        self: &Arc<Self>,
        socket: SocketRef,
        resume: Option<&Resume>,
        token: VerifiedToken,
    ) -> Result<(), AttachRefused> {
        let now = self.shared.now();
        let mut state = self.state();
        if state.core.is_ended() {
            return Err(AttachRefused::Ended);
        }
        state
            .core
            .attach(
                resume,
                self.shared.remaining(&token),
                self.shared.ice_servers(&token),
                now,
            )
            .map_err(AttachRefused::Closed)?;
        if let Some(old) = state.live.replace(Live::new(socket)) {
            old.close(CloseCode::Superseded);
        }
        state.token = token;
        self.welcome(&mut state);
        self.renew_rights(&mut state, now);
        self.settle(&mut state, now);
        Ok(())
    }

    /// A frame arrived on `socket`. Returns a token to check, if it carried one.
    pub(super) fn frame_received(self: &Arc<Self>, socket: u64, frame: ClientFrame) -> Option<String> {
        self.with_socket(socket, |core, now| core.frame_received(frame, now))
    }

    /// A sign of life below the frames.
    pub(super) fn heard(self: &Arc<Self>, socket: u64) {
        self.with_socket(socket, ServerSession::heard);
    }

    /// The token that the client sent is good, and of this identity.
    pub(super) fn token_accepted(self: &Arc<Self>, socket: u64, token: VerifiedToken) {
        let now = self.shared.now();
        let mut state = self.state();
        if !state.has_socket(socket) {
            return;
        }
        state.core.token_accepted(self.shared.remaining(&token), now);
        let [before, after] = [&state.token, &token].map(|token| self.shared.ice_servers(token));
        if before.servers.is_empty() != after.servers.is_empty() {
            state.core.ice_servers_granted(after, now);
        }
        state.token = token;
        self.renew_rights(&mut state, now);
        self.settle(&mut state, now);
    }

    /// `socket` closed or broke, with `code` where its client gave one.
    pub(super) fn detach(self: &Arc<Self>, socket: u64, code: Option<u16>) {
        self.with_socket(socket, |core, now| core.detach(code, now));
    }

    /// Closes `socket` if it is this session's still.
    pub(super) fn close_socket(self: &Arc<Self>, socket: u64, code: CloseCode) {
        self.with_socket(socket, |core, now| core.close(code, now));
    }

    /// Closes whatever socket there is.
    pub(super) fn close(self: &Arc<Self>, code: CloseCode) {
        let now = self.shared.now();
        let mut state = self.state();
        state.core.close(code, now);
        self.settle(&mut state, now);
    }

    /// The client has left, whatever its socket says.
    pub(super) fn leave(self: &Arc<Self>) {
        let now = self.shared.now();
        let mut state = self.state();
        state.core.leave();
        self.settle(&mut state, now);
    }

    /// Tokens before `generation` are not good any more.
    pub(super) fn tokens_revoked(self: &Arc<Self>, generation: u64) {
        let revoked = self.state().token.generation < generation;
        if revoked {
            self.close(CloseCode::TokenRefused);
        }
    }

    /// The token in force.
    pub(super) fn token(&self) -> VerifiedToken {
        self.state().token.clone()
    }

    /// The time until [`Self::handle_timeout`] is due.
    pub(super) fn time_left(&self) -> Duration {
        let due = self.state().core.poll_timeout();
        due.map_or(Duration::MAX, |due| {
            due.saturating_duration_since(self.shared.now())
        })
    }

    pub(super) fn handle_timeout(self: &Arc<Self>) {
        let now = self.shared.now();
        let mut state = self.state();
        state.core.handle_timeout(now);
        self.settle(&mut state, now);
    }

    /// Sends a frame below the protocol on `socket` (a ping of the WebSocket).
    pub(super) fn send_control(self: &Arc<Self>, socket: u64, message: Message) {
        let now = self.shared.now();
        let mut state = self.state();
        if let Some(live) = state.live.as_ref().filter(|live| live.socket.number == socket)
            && live.socket.outbound.push(message).is_err()
        {
            state.core.close(CloseCode::SlowConsumer, now);
            self.settle(&mut state, now);
        }
    }

    /// Runs `step` if `socket` is the one of this session, and carries out what follows.
    fn with_socket(
        self: &Arc<Self>,
        socket: u64,
        step: impl FnOnce(&mut ServerSession, Instant),
    ) -> Option<String> {
        let now = self.shared.now();
        let mut state = self.state();
        if !state.has_socket(socket) {
            return None;
        }
        step(&mut state.core, now);
        self.settle(&mut state, now);
        state.unchecked_token.take()
    }

    /// A panic under the lock would leave one session behind; the others go on.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits out the grace period of a session that has no socket, and ends it unless it has one again.
    pub(super) fn watch_lease(self: &Arc<Self>) {
        let session = Arc::downgrade(self);
        tokio::spawn(async move {
            while let Some(session) = session.upgrade() {
                let left = {
                    let state = session.state();
                    if state.core.is_attached() || state.core.is_ended() {
                        return;
                    }
                    state.core.poll_timeout()
                };
                let now = session.shared.now();
                match left
                    .map(|due| due.saturating_duration_since(now))
                    .filter(|left| !left.is_zero())
                {
                    Some(left) => {
                        drop(session);
                        tokio::time::sleep(left).await;
                    }
                    None => session.handle_timeout(),
                }
            }
        });
    }
}

impl State {
    fn has_socket(&self, socket: u64) -> bool {
        self.live
            .as_ref()
            .is_some_and(|live| live.socket.number == socket)
    }
}

/// What the end of a session means for the calls it is in.
pub(super) const fn gone_reason(end: SessionEnd) -> GoneReason {
    match end {
        SessionEnd::Left => GoneReason::Left,
        SessionEnd::Expired | SessionEnd::Overflow => GoneReason::GraceOver,
    }
}
