//! Who leaves calls without a session to say so in. A ticket is read here: nothing that anybody can make up gets to the
//! task of the calls, and nobody has more of its time than a client that leaves needs.

use std::{sync::Arc, time::Duration};

use openline_call::exchange::{CallTicket, CallTickets as _};
use openline_protocol::RawId;

use super::{DomainError, RateLimit, RateLimiter, call_tickets::CallTicketSigner};
use crate::clock::Clock;

/// How often an identity may leave a call by its ticket: eight calls, twice by the page that closes and again by the next one
/// of its tab, a few times a minute.
pub const DEFAULT_FAREWELLS: RateLimit = RateLimit {
    count: 240,
    window: Duration::from_secs(60),
};

/// Reads the tickets of those who leave.
pub struct Farewells {
    tickets: CallTicketSigner,
    limit: RateLimit,
    limiter: RateLimiter<RawId>,
    clock: Arc<dyn Clock>,
}

impl Farewells {
    /// Takes up to `limit` tickets of an identity.
    #[must_use]
    pub fn new(tickets: CallTicketSigner, limit: RateLimit, clock: Arc<dyn Clock>) -> Self {
        Self {
            tickets,
            limit,
            limiter: RateLimiter::new(limit.window),
            clock,
        }
    }

    /// The call that somebody leaves; `None` where the ticket is none, which counts for nobody.
    ///
    /// # Errors
    ///
    /// [`DomainError::TooManyRequests`] of its holder.
    pub fn read(&self, sealed: &str) -> Result<Option<CallTicket>, DomainError> {
        let ticket = self.tickets.open(sealed);
        if let Some(ticket) = &ticket {
            let holder = ticket.holder().raw_id.clone();
            self.limiter.check(holder, self.limit, self.clock.monotonic())?;
        }
        Ok(ticket)
    }
}
