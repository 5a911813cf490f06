//! One connection of an endpoint: how long it is good for.

use std::time::Duration;

use openline_protocol::Instant;

use super::{
    allowance::Allowance,
    output::{CloseReason, ConnectionNumber, EndpointConfig},
};

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) number: ConnectionNumber,
    /// What the client may send.
    pub(super) allowance: Allowance,
    silent_at: Instant,
    token_expires: Instant,
}

impl Connection {
    pub(super) fn new(
        number: ConnectionNumber,
        token_expires_in: Duration,
        config: &EndpointConfig,
        now: Instant,
    ) -> Self {
        Self {
            number,
            allowance: Allowance::new(config.burst_frames, config.burst_window, now),
            silent_at: now + config.silence,
            token_expires: now + token_expires_in,
        }
    }

    pub(super) fn heard(&mut self, config: &EndpointConfig, now: Instant) {
        self.silent_at = now + config.silence;
    }

    /// A later token holds; an earlier one changes nothing.
    pub(super) fn token_renewed(&mut self, expires_in: Duration, now: Instant) {
        self.token_expires = self.token_expires.max(now + expires_in);
    }

    /// When it ends, and why.
    pub(super) fn end(&self) -> (Instant, CloseReason) {
        if self.silent_at < self.token_expires {
            (self.silent_at, CloseReason::Silent)
        } else {
            (self.token_expires, CloseReason::Unauthorized)
        }
    }
}
