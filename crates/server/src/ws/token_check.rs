//! The token of a socket that stays open: looked up again now and then, in case word of its revocation was lost.

use openline_protocol::{Instant, realtime::CloseCode};

use super::{realtime::Shared, session::Session};
use crate::domain::token::{GENERATION_LIFETIME, Standing};

/// When a socket's token was last seen to be good. The client's frames and pongs, which come every few seconds, are
/// the clock.
pub(super) struct TokenCheck {
    checked_on: Instant,
}

impl TokenCheck {
    pub(super) const fn new(now: Instant) -> Self {
        Self { checked_on: now }
    }

    /// Looks the token up where it is time.
    ///
    /// # Errors
    /// The code to close with. A database that does not answer now closes nothing: the next check is as good.
    pub(super) async fn renew(&mut self, shared: &Shared, session: &Session) -> Result<(), CloseCode> {
        let now = shared.now();
        if now.saturating_duration_since(self.checked_on) < GENERATION_LIFETIME {
            return Ok(());
        }
        self.checked_on = now;
        match shared.tokens.look_up(&session.token()).await {
            Standing::Good | Standing::Unknown => Ok(()),
            Standing::Revoked => Err(CloseCode::TokenRefused),
        }
    }
}
