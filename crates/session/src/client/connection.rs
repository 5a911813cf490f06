//! From no socket to a socket and back.

use std::time::Duration;

use openline_protocol::{
    Instant,
    realtime::{ClientFrame, CloseCode, Resume, VERSION},
};

use super::{
    ClientEvent, ClientOutput, ClientSession, ClientState, DisconnectReason, Phase, TokenFailure,
    heartbeat::Pulse,
};
use crate::Sender;

/// How long a connection holds before earlier failures are forgotten.
const STABLE_AFTER: Duration = Duration::from_secs(10);

/// Tokens refused in a row after which no further one is fetched.
const MAX_REFUSALS: u32 = 3;

/// Where the back-off starts after the server asked for calm: up to 4 s.
const CALM_ATTEMPT: u32 = 2;

impl<E> ClientSession<E> {
    /// The answer to [`ClientOutput::FetchToken`]. Ignored when none is awaited any more.
    pub fn token_ready(&mut self, token: Result<String, TokenFailure>, now: Instant) {
        if !matches!(self.phase, Phase::WaitingForToken { .. }) {
            return;
        }
        match token {
            Ok(token) => {
                let deadline = now + self.config.connect_timeout;
                self.enter(Phase::Connecting { token, deadline }, None);
                self.outputs.push_back(ClientOutput::OpenSocket);
            }
            Err(TokenFailure::Temporary) => {
                let force = self.refusals > 0;
                self.retry_later(DisconnectReason::TokenUnavailable, force, now);
            }
            Err(TokenFailure::Permanent) => {
                let refused = self.refusals > 0;
                let reason = if refused {
                    DisconnectReason::TokenRefused
                } else {
                    DisconnectReason::TokenUnavailable
                };
                self.close(reason, refused.then_some(CloseCode::TokenRefused));
            }
        }
    }

    /// The socket is open: says hello, and asks for chat at once.
    pub fn socket_opened(&mut self, now: Instant) {
        let deadline = now + self.config.connect_timeout;
        let Phase::Connecting { token, .. } = &mut self.phase else {
            return;
        };
        let token = std::mem::take(token);
        self.enter(Phase::Greeting { deadline }, None);
        let resume = self.live.as_mut().map(|live| {
            live.attempts = live.attempts.saturating_add(1);
            Resume {
                session_id: live.session_id.clone(),
                received_seq: live.notices.last(),
                attempt: live.attempts,
            }
        });
        self.subscriptions.socket_opened();
        let fresh = resume.is_none();
        self.send(
            ClientFrame::Hello {
                versions: vec![VERSION],
                token,
                resume,
            },
            now,
        );
        let chat = self.subscriptions.chat_frame();
        self.send_all(chat, now);
        if fresh {
            let calls = self.subscriptions.calls_frame();
            self.send_all(calls, now);
        }
    }

    /// The socket closed or could not be opened; `code` is the close code, where there was one.
    pub fn socket_closed(&mut self, code: Option<u16>, now: Instant) {
        if !matches!(
            self.phase,
            Phase::Connecting { .. } | Phase::Greeting { .. } | Phase::Connected(_)
        ) {
            return;
        }
        let reason = DisconnectReason::SocketClosed(code);
        match code.and_then(CloseCode::from_code) {
            Some(CloseCode::TokenRefused) => self.token_refused(now),
            Some(
                code @ (CloseCode::BadFrame
                | CloseCode::Forbidden
                | CloseCode::VersionUnsupported
                | CloseCode::Superseded
                | CloseCode::FrameTooLarge),
            ) => self.close(DisconnectReason::Rejected(code), Some(code)),
            Some(CloseCode::TooManyRequests | CloseCode::ServerRestart | CloseCode::ServerFailed) => {
                self.note_stability(now);
                self.backoff.at_least(CALM_ATTEMPT);
                self.retry_later(reason, false, now);
            }
            // 1000 and 1001 come from proxies that stop; the session may still be there.
            _ => self.retry_later(reason, false, now),
        }
    }

    /// Does what is due at `now`; see [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.lease_end().is_some_and(|lease| lease <= now) {
            self.lose_session();
        }
        match &mut self.phase {
            Phase::Idle | Phase::Closed { .. } => {}
            Phase::WaitingForToken { deadline } if *deadline <= now => {
                let force = self.refusals > 0;
                self.retry_later(DisconnectReason::TokenUnavailable, force, now);
            }
            Phase::Connecting { deadline, .. } | Phase::Greeting { deadline } if *deadline <= now => {
                self.drop_silent_socket(now);
            }
            Phase::WaitingToRetry { until, force_token } if *until <= now => {
                let force = *force_token;
                self.fetch_token(force, None, now);
            }
            Phase::WaitingForToken { .. }
            | Phase::Connecting { .. }
            | Phase::Greeting { .. }
            | Phase::WaitingToRetry { .. } => {}
            Phase::Connected(connected) => {
                let ack = connected.ack_due.is_some_and(|due| due <= now);
                match connected.heartbeat.check(now) {
                    Pulse::Dead => return self.drop_silent_socket(now),
                    Pulse::Ping(id) => self
                        .outputs
                        .push_back(ClientOutput::SendFrame(ClientFrame::Ping { id })),
                    Pulse::Calm => {}
                }
                if ack {
                    self.acknowledge(now);
                }
            }
        }
    }

    pub(super) fn fetch_token(&mut self, force: bool, reason: Option<DisconnectReason>, now: Instant) {
        let deadline = now + self.config.token_timeout;
        self.enter(Phase::WaitingForToken { deadline }, reason);
        self.outputs.push_back(ClientOutput::FetchToken { force });
    }

    pub(super) fn enter(&mut self, phase: Phase, reason: Option<DisconnectReason>) {
        self.phase = phase;
        self.tell(ClientEvent::StateChanged {
            state: self.phase.state(),
            reason,
        });
    }

    pub(super) fn tell(&mut self, event: ClientEvent<E>) {
        self.outputs.push_back(ClientOutput::Event(event));
    }

    pub(super) fn send(&mut self, frame: ClientFrame, now: Instant) {
        if let Phase::Connected(connected) = &mut self.phase {
            connected.heartbeat.sent(now);
        }
        self.outputs.push_back(ClientOutput::SendFrame(frame));
    }

    pub(super) fn send_all(&mut self, frames: impl IntoIterator<Item = ClientFrame>, now: Instant) {
        for frame in frames {
            self.send(frame, now);
        }
    }

    pub(super) fn close_socket(&mut self, code: CloseCode) {
        self.outputs
            .push_back(ClientOutput::CloseSocket { code: code.code() });
    }

    /// The server broke the protocol: nothing that follows can be trusted.
    pub(super) fn server_defect(&mut self) {
        self.close_socket(CloseCode::BadFrame);
        self.close(DisconnectReason::ServerDefect, Some(CloseCode::BadFrame));
    }

    /// Ends for good. A session that was there is lost with it, which is told after why.
    pub(super) fn close(&mut self, reason: DisconnectReason, code: Option<CloseCode>) {
        self.enter(Phase::Closed { reason }, Some(reason));
        if self.live.is_some() || !self.commands.is_empty() {
            self.lose_session();
        }
        if let Some(code) = code {
            self.tell(ClientEvent::Failed { code });
        }
    }

    pub(super) fn lose_session(&mut self) {
        let dropped_commands = self.commands.len();
        self.forget_session();
        self.tell(ClientEvent::SessionLost { dropped_commands });
    }

    pub(super) fn forget_session(&mut self) {
        self.live = None;
        self.commands = Sender::new();
        self.subscriptions.session_lost();
    }

    fn drop_silent_socket(&mut self, now: Instant) {
        self.close_socket(CloseCode::HeartbeatMissed);
        self.retry_later(DisconnectReason::TimedOut, false, now);
    }

    fn token_refused(&mut self, now: Instant) {
        self.note_stability(now);
        self.refusals += 1;
        match self.refusals {
            1 => {
                self.start_lease(now);
                self.fetch_token(true, Some(DisconnectReason::TokenRefused), now);
            }
            2..MAX_REFUSALS => self.retry_later(DisconnectReason::TokenRefused, true, now),
            _ => self.close(DisconnectReason::TokenRefused, Some(CloseCode::TokenRefused)),
        }
    }

    fn retry_later(&mut self, reason: DisconnectReason, force_token: bool, now: Instant) {
        self.note_stability(now);
        self.start_lease(now);
        let to_resume = self.live.is_some();
        let until = now + self.backoff.next_delay(to_resume, self.random.next());
        self.enter(Phase::WaitingToRetry { until, force_token }, Some(reason));
    }

    fn note_stability(&mut self, now: Instant) {
        if let Phase::Connected(connected) = &self.phase
            && now.saturating_duration_since(connected.since) >= STABLE_AFTER
        {
            self.backoff.reset();
            self.refusals = 0;
        }
    }

    fn start_lease(&mut self, now: Instant) {
        if let Some(live) = &mut self.live {
            live.lease.get_or_insert(now + live.kept_for);
        }
    }
}

impl ClientState {
    /// Whether the state lasts until the application does something.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }
}
