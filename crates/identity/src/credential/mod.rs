//! When a token is handed out, when the next is fetched, and who waits for it.
//!
//! The owner calls `handle_*` with the time and then drains [`Credential::poll_output`]. It runs one timer, for
//! [`Credential::poll_delay`], and calls [`Credential::handle_timeout`] whenever that fires, early or late.

mod config;
mod output;
mod schedule;

use std::{collections::VecDeque, time::Duration};

use openline_protocol::Timestamp;

use self::schedule::{MAX_RETRY_DELAY, refresh_due, replacement_delay, retry_delay};
pub use self::{
    config::{ConfigInvalid, CredentialConfig, OPAQUE_TOKEN_LIFETIME},
    output::{GetTokenError, Output, RefreshId, RequestId},
    schedule::{EXPIRY_MARGIN, MAX_TIMER, REFRESH_WINDOW},
};
use crate::{AccessToken, SuppliedToken, TokenInvalid, token::ParsedToken};

/// A credential: one token that never changes, or tokens that a refresher supplies.
///
/// `E` is what a failing refresher fails with; it is passed on to everybody who waits.
#[derive(Debug)]
pub struct Credential<E> {
    config: CredentialConfig,
    source: Source,
    disposed: bool,
    token: Option<AccessToken>,
    refresh: Option<Refresh>,
    waiting: Vec<Waiting>,
    /// When the next proactive refresh starts.
    due: Option<Timestamp>,
    /// Refreshes that failed since the last one that did not.
    failures: u32,
    /// How many tokens the server refused shortly after one another, and until when the latest stands all the same.
    refusals: u32,
    stands_until: Timestamp,
    last_refresh: u64,
    last_request: u64,
    output: VecDeque<Output<E>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Fixed,
    Refresher,
}

/// The refresh that new callers join.
#[derive(Debug, Clone, Copy)]
struct Refresh {
    id: RefreshId,
    /// The schedule wants it too: it goes on even if every caller gives up.
    proactive: bool,
}

/// A caller that waits for a refresh.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    request: RequestId,
    refresh: RefreshId,
    /// It gave up before it began to wait; what the refresher makes of that decides.
    aborted: bool,
}

impl<E: Clone> Credential<E> {
    /// A credential that hands out this one token for ever, expired or not.
    ///
    /// # Errors
    /// [`TokenInvalid`] if the token is blank, or undecodable and the configuration is strict.
    pub fn fixed(
        token: SuppliedToken,
        config: CredentialConfig,
        now: Timestamp,
    ) -> Result<Self, TokenInvalid> {
        let mut credential = Self::new(Source::Fixed, config);
        credential.keep(token, now)?;
        Ok(credential)
    }

    /// A credential whose tokens a refresher supplies, with or without a first one.
    ///
    /// # Errors
    /// [`TokenInvalid`] if the first token is blank, or undecodable and the configuration is strict.
    pub fn refreshing(
        token: Option<SuppliedToken>,
        config: CredentialConfig,
        now: Timestamp,
    ) -> Result<Self, TokenInvalid> {
        let mut credential = Self::new(Source::Refresher, config);
        if let Some(token) = token {
            credential.keep(token, now)?;
        }
        credential.schedule(now);
        Ok(credential)
    }

    fn new(source: Source, config: CredentialConfig) -> Self {
        Self {
            config,
            source,
            disposed: false,
            token: None,
            refresh: None,
            waiting: Vec::new(),
            due: None,
            failures: 0,
            refusals: 0,
            stands_until: Timestamp::from_millis(0),
            last_refresh: 0,
            last_request: 0,
            output: VecDeque::new(),
        }
    }

    /// Somebody asks for a token. `aborted`: the caller's signal was aborted before it asked; that keeps nobody
    /// from a token that is at hand, and is passed on to the refresher otherwise. Answered by
    /// [`Output::Resolve`] or [`Output::Reject`].
    pub fn handle_get_token(&mut self, aborted: bool, now: Timestamp) -> RequestId {
        self.last_request += 1;
        let request = RequestId(self.last_request);
        if self.disposed {
            self.output.push_back(Output::Reject {
                request,
                error: GetTokenError::Disposed,
            });
            return request;
        }
        if let Some(token) = self.usable_token(now) {
            let token = token.clone();
            self.output.push_back(Output::Resolve { request, token });
            return request;
        }
        let refresh = match self.refresh {
            Some(refresh) => refresh.id,
            None => self.start_refresh(aborted, false),
        };
        self.waiting.push(Waiting {
            request,
            refresh,
            aborted,
        });
        request
    }

    /// The server refused that token, whatever its expiry says: the next request asks the refresher for another.
    /// Without effect on a fixed token, if another has come, and, where it refuses one after the other, for a while:
    /// see [`replacement_delay`].
    pub fn handle_refused(&mut self, token: &str, now: Timestamp) {
        let Some(current) = &mut self.token else { return };
        let over_already = current.has_expired(now);
        let stands = now < self.stands_until && self.stands_until <= now + MAX_RETRY_DELAY;
        if self.source == Source::Fixed || current.token != token || over_already || stands {
            return;
        }
        current.expires_on = Timestamp::from_millis(0);
        // Quiet for long enough, or the clock was set back.
        if now.saturating_duration_since(self.stands_until) >= MAX_RETRY_DELAY || now < self.stands_until {
            self.refusals = 0;
        }
        self.stands_until = now + replacement_delay(self.refusals);
        self.refusals = self.refusals.saturating_add(1);
    }

    /// A caller's signal was aborted while it waited: it is let go at once. The refresh goes on for the others,
    /// and is aborted when nobody is left. Without effect for callers that were answered.
    pub fn handle_abort(&mut self, request: RequestId) {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| waiting.request != request);
        if self.waiting.len() < before {
            self.output.push_back(Output::Reject {
                request,
                error: GetTokenError::Aborted,
            });
            self.abort_if_nobody_waits();
        }
    }

    /// The refresher answered, or failed. `jitter` in `[0, 1)` spreads the retries of many clients.
    pub fn handle_refreshed(
        &mut self,
        refresh: RefreshId,
        result: Result<SuppliedToken, E>,
        now: Timestamp,
        jitter: f64,
    ) {
        let current = self.refresh.is_some_and(|known| known.id == refresh);
        if current {
            self.refresh = None;
        }
        if self.disposed {
            return;
        }
        match self.accept(result, now) {
            Ok(token) => {
                self.answer(refresh, |request| Output::Resolve {
                    request,
                    token: token.clone(),
                });
                self.failures = 0;
                self.schedule(now);
            }
            Err(error) => {
                self.answer(refresh, |request| Output::Reject {
                    request,
                    error: error.clone(),
                });
                if current && self.config.refresh_proactively {
                    self.due = Some(now + retry_delay(self.failures, jitter));
                    self.failures = self.failures.saturating_add(1);
                }
            }
        }
    }

    /// The timer fired, or the page was asleep: starts what is due. Harmless at any time.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        if self.due.is_some_and(|due| due <= now) {
            self.due = None;
            match &mut self.refresh {
                // One that is under way serves the schedule too, and reschedules when it is done.
                Some(refresh) => refresh.proactive = true,
                None => {
                    self.start_refresh(false, true);
                }
            }
        }
    }

    /// The page woke up or the network is back: a retry that was waiting its turn starts now, and so does
    /// whatever came due meanwhile.
    pub fn handle_wake(&mut self, now: Timestamp) {
        if self.failures > 0 && self.due.is_some() {
            self.due = Some(now);
        }
        self.handle_timeout(now);
    }

    /// Ends the credential: everybody who waits is refused, and nothing is refreshed any more. Twice is fine.
    pub fn dispose(&mut self) {
        if self.disposed {
            return;
        }
        self.disposed = true;
        self.token = None;
        self.due = None;
        for Waiting { request, .. } in std::mem::take(&mut self.waiting) {
            self.output.push_back(Output::Reject {
                request,
                error: GetTokenError::Disposed,
            });
        }
        if let Some(refresh) = self.refresh.take() {
            self.output
                .push_back(Output::AbortRefresh { refresh: refresh.id });
        }
    }

    /// What to do next; `None`: nothing.
    pub fn poll_output(&mut self) -> Option<Output<E>> {
        self.output.pop_front()
    }

    /// When [`Self::handle_timeout`] is due; `None`: not at all.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Timestamp> {
        self.due
    }

    /// How long to run the timer, never longer than a browser's timer can.
    #[must_use]
    pub fn poll_delay(&self, now: Timestamp) -> Option<Duration> {
        self.due
            .map(|due| due.saturating_duration_since(now).min(MAX_TIMER))
    }

    fn usable_token(&self, now: Timestamp) -> Option<&AccessToken> {
        match self.source {
            Source::Fixed => self.token.as_ref(),
            Source::Refresher => self
                .token
                .as_ref()
                .filter(|token| !token.has_expired(now + EXPIRY_MARGIN)),
        }
    }

    /// Asks for a refresh. One that is aborted from the start is not joined by callers to come.
    fn start_refresh(&mut self, aborted: bool, proactive: bool) -> RefreshId {
        self.last_refresh += 1;
        let id = RefreshId(self.last_refresh);
        if !aborted {
            self.refresh = Some(Refresh { id, proactive });
        }
        self.output.push_back(Output::Refresh { refresh: id, aborted });
        id
    }

    fn abort_if_nobody_waits(&mut self) {
        let Some(refresh) = self.refresh else { return };
        let wanted = refresh.proactive
            || self
                .waiting
                .iter()
                .any(|waiting| waiting.refresh == refresh.id && !waiting.aborted);
        if !wanted {
            self.refresh = None;
            self.output
                .push_back(Output::AbortRefresh { refresh: refresh.id });
        }
    }

    fn accept(
        &mut self,
        result: Result<SuppliedToken, E>,
        now: Timestamp,
    ) -> Result<AccessToken, GetTokenError<E>> {
        let parsed = self
            .parse(result.map_err(GetTokenError::Refresher)?, now)
            .map_err(GetTokenError::Invalid)?;
        if parsed.has_expired(now) {
            return Err(GetTokenError::Expired);
        }
        self.token = Some(parsed.clone());
        Ok(parsed)
    }

    fn keep(&mut self, token: SuppliedToken, now: Timestamp) -> Result<(), TokenInvalid> {
        self.token = Some(self.parse(token, now)?);
        Ok(())
    }

    fn parse(&mut self, token: SuppliedToken, now: Timestamp) -> Result<AccessToken, TokenInvalid> {
        let ParsedToken { token, opaque } =
            token.parse(self.config.opaque_lifetime(), self.config.strict, now)?;
        if opaque {
            self.output.push_back(Output::OpaqueToken);
        }
        Ok(token)
    }

    fn answer(&mut self, refresh: RefreshId, output: impl Fn(RequestId) -> Output<E>) {
        let (answered, waiting): (Vec<Waiting>, _) = self
            .waiting
            .drain(..)
            .partition(|waiting| waiting.refresh == refresh);
        self.waiting = waiting;
        self.output
            .extend(answered.into_iter().map(|waiting| output(waiting.request)));
    }

    fn schedule(&mut self, now: Timestamp) {
        self.due = self
            .config
            .refresh_proactively
            .then(|| refresh_due(self.token.as_ref(), now));
    }
}
