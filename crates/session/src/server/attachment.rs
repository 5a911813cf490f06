//! With a socket, without one for a while, or over.

use std::time::Duration;

use openline_protocol::{
    Instant,
    realtime::{CloseCode, LEVEL, Resume, ServerFrame, VERSION},
};

use super::{IceGrant, ServerOutput, ServerSession, ServerSessionConfig, SessionEnd};

#[derive(Debug)]
pub(super) enum Attachment {
    Attached(Attached),
    Detached { lease: Instant },
    Ended,
}

#[derive(Debug)]
pub(super) struct Attached {
    silent_at: Instant,
    token_expires: Instant,
    token_notice: Option<Instant>,
    ice_renewal: Option<Instant>,
}

impl Attachment {
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Attached(attached) => {
                let token = attached.token_notice.unwrap_or(attached.token_expires);
                let due = attached.silent_at.min(token);
                Some(attached.ice_renewal.map_or(due, |renewal| due.min(renewal)))
            }
            Self::Detached { lease } => Some(*lease),
            Self::Ended => None,
        }
    }
}

impl Attached {
    pub(super) fn heard(&mut self, now: Instant, config: &ServerSessionConfig) {
        self.silent_at = now + config.heartbeat_timeout();
    }

    fn take_token(&mut self, expires_in: Duration, now: Instant, config: &ServerSessionConfig) {
        self.token_expires = now + expires_in;
        self.token_notice = Some(now + expires_in.saturating_sub(config.token_notice));
    }
}

impl ServerSession {
    /// A socket said hello for this session: welcomes it and repeats what it missed. `resume` is `None` for a new session.
    /// Where there was a socket, the caller closes it with [`CloseCode::Superseded`] and reports nothing more of it.
    ///
    /// # Errors
    /// The code to close this socket with, when it acknowledges notices never sent, and [`CloseCode::Superseded`] when its
    /// client has said hello again since. The session stays as it was, with the socket that it has.
    pub fn attach(
        &mut self,
        resume: Option<&Resume>,
        token_expires_in: Duration,
        ice: IceGrant,
        now: Instant,
    ) -> Result<(), CloseCode> {
        let (received_seq, attempt) = resume.map_or((0, 0), |resume| (resume.received_seq, resume.attempt));
        if attempt < self.attempt {
            return Err(CloseCode::Superseded);
        }
        if self.is_ended() || self.acknowledged(received_seq).is_err() {
            return Err(CloseCode::BadFrame);
        }
        self.attempt = attempt;
        let mut attached = Attached {
            silent_at: now,
            token_expires: now,
            token_notice: None,
            ice_renewal: ice.renew_in.map(|renew_in| now + renew_in),
        };
        attached.heard(now, &self.config);
        attached.take_token(token_expires_in, now, &self.config);
        self.attachment = Attachment::Attached(attached);
        self.send(ServerFrame::Welcome {
            version: VERSION,
            session_id: self.session_id.clone(),
            endpoint_id: self.endpoint_id.clone(),
            resumed: resume.is_some(),
            received_seq: self.commands.last(),
            heartbeat_interval_ms: millis(self.config.heartbeat_interval),
            session_grace_ms: millis(self.config.grace),
            ice_servers: ice.servers,
            level: LEVEL,
        });
        let again: Vec<_> = self
            .notices
            .unacknowledged()
            .map(|(seq, notice)| ServerFrame::Notice {
                seq,
                notice: notice.clone(),
            })
            .collect();
        for frame in again {
            self.send(frame);
        }
        Ok(())
    }

    /// The socket of this session closed, with `code` where the client gave one. 1000 and 1001 end the session; one
    /// without a code is that of a process that died, more often than not.
    pub fn detach(&mut self, code: Option<u16>, now: Instant) {
        if !self.is_attached() {
            return;
        }
        let grace = match code {
            Some(_) => self.config.grace,
            None => self.config.grace.min(self.config.broken_grace),
        };
        match code.and_then(CloseCode::from_code) {
            Some(CloseCode::Normal | CloseCode::GoingAway) => self.end(SessionEnd::Left, None),
            Some(_) | None => self.let_go(grace, now),
        }
    }

    /// Closes the socket for a reason found outside (scope, rate, revocation, a slow client, shutdown). The session
    /// stays for its grace period.
    pub fn close(&mut self, code: CloseCode, now: Instant) {
        if self.is_attached() {
            self.outputs.push_back(ServerOutput::Close(code));
            self.let_go(self.config.grace, now);
        }
    }

    /// The client's newer token holds; it expires in `expires_in`.
    pub fn token_accepted(&mut self, expires_in: Duration, now: Instant) {
        if let Attachment::Attached(attached) = &mut self.attachment {
            attached.take_token(expires_in, now, &self.config);
        }
    }

    /// The client's ICE servers from here on, as [`ServerOutput::RenewIceServers`] or a newer token asked for.
    pub fn ice_servers_granted(&mut self, ice: IceGrant, now: Instant) {
        if let Attachment::Attached(attached) = &mut self.attachment {
            attached.ice_renewal = ice.renew_in.map(|renew_in| now + renew_in);
            self.send(ServerFrame::IceServers {
                ice_servers: ice.servers,
            });
        }
    }

    /// Does what is due at `now`; see [`Self::poll_timeout`].
    pub fn handle_timeout(&mut self, now: Instant) {
        match &mut self.attachment {
            Attachment::Ended => {}
            Attachment::Detached { lease } => {
                if *lease <= now {
                    self.end(SessionEnd::Expired, None);
                }
            }
            Attachment::Attached(attached) => {
                if attached.silent_at <= now {
                    return self.close(CloseCode::HeartbeatMissed, now);
                }
                if attached.token_expires <= now {
                    return self.close(CloseCode::TokenRefused, now);
                }
                if attached.ice_renewal.take_if(|at| *at <= now).is_some() {
                    self.outputs.push_back(ServerOutput::RenewIceServers);
                }
                if attached.token_notice.take_if(|at| *at <= now).is_some() {
                    let remaining_ms = millis(attached.token_expires.saturating_duration_since(now));
                    self.send(ServerFrame::TokenExpiring { remaining_ms });
                }
            }
        }
    }

    pub(super) fn end(&mut self, end: SessionEnd, code: Option<CloseCode>) {
        if let Some(code) = code.filter(|_| self.is_attached()) {
            self.outputs.push_back(ServerOutput::Close(code));
        }
        self.attachment = Attachment::Ended;
        self.outputs.push_back(ServerOutput::Ended(end));
    }

    fn let_go(&mut self, grace: Duration, now: Instant) {
        self.attachment = Attachment::Detached { lease: now + grace };
        self.outputs.push_back(ServerOutput::Detached);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
