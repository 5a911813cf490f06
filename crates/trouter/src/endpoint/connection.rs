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
    /// The client was asked to connect anew while this one goes on.
    pub(super) asked_to_leave: bool,
    /// What the client may send.
    pub(super) allowance: Allowance,
    silent_at: Instant,
    token_expires: Instant,
    /// When it ends after its successor came.
    leaves_at: Option<Instant>,
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
            asked_to_leave: false,
            allowance: Allowance::new(config.burst_frames, config.burst_window, now),
            silent_at: now + config.silence,
            token_expires: now + token_expires_in,
            leaves_at: None,
        }
    }

    pub(super) fn heard(&mut self, config: &EndpointConfig, now: Instant) {
        self.silent_at = now + config.silence;
    }

    /// A later token holds; an earlier one changes nothing.
    pub(super) fn token_renewed(&mut self, expires_in: Duration, now: Instant) {
        self.token_expires = self.token_expires.max(now + expires_in);
    }

    pub(super) fn replaced(&mut self, config: &EndpointConfig, now: Instant) {
        self.leaves_at.get_or_insert(now + config.linger);
    }

    pub(super) const fn is_replaced(&self) -> bool {
        self.leaves_at.is_some()
    }

    /// When it ends, and why.
    pub(super) fn ends(&self) -> (Instant, CloseReason) {
        let mut end = (self.token_expires, CloseReason::Unauthorized);
        if self.silent_at < end.0 {
            end = (self.silent_at, CloseReason::Silent);
        }
        if let Some(leaves_at) = self.leaves_at.filter(|at| *at < end.0) {
            end = (leaves_at, CloseReason::Superseded);
        }
        end
    }
}
