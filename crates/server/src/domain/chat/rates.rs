//! How often somebody may do what in chat, and how often it may be done in a thread: two windows for each.

use std::time::Duration;

use openline_protocol::{Instant, RawId, ResourceId};

use super::{Chats, act::Act};
use crate::{
    domain::{DomainError, RateLimit, RateLimiter},
    storage::chat::ThreadKey,
};

/// How many within each window; 0 means no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChatRate {
    /// In the short window.
    pub short: u32,
    /// In the long one.
    pub long: u32,
}

/// The rates of chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatRates {
    /// The short window.
    pub short_window: Duration,
    /// The long window.
    pub long_window: Duration,
    /// Threads that a user creates.
    pub create_thread: ChatRate,
    /// Threads that a user deletes.
    pub delete_thread: ChatRate,
    /// Changes of threads that a user makes.
    pub update_thread: ChatRate,
    /// Times that a user gets or lists threads.
    pub read_threads: ChatRate,
    /// Times that a user lists messages.
    pub list_messages: ChatRate,
    /// Times that a user searches messages.
    pub search_messages: ChatRate,
    /// Additions and removals of participants in a thread.
    pub participants: ChatRate,
    /// Messages sent, edited and deleted in a thread.
    pub messages: ChatRate,
    /// Delivery receipts in a thread.
    pub delivery_receipts: ChatRate,
    /// Read receipts in a thread.
    pub read_receipts: ChatRate,
    /// Typing notifications in a thread.
    pub typing: ChatRate,
}

/// What is limited for each user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum UserRate {
    CreateThread,
    DeleteThread,
    UpdateThread,
    ReadThreads,
    ListMessages,
    SearchMessages,
}

/// What is limited in each thread, whoever does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ThreadRate {
    Participants,
    Messages,
    DeliveryReceipts,
    ReadReceipts,
    Typing,
}

/// Counts what is done. Clones share the counts.
#[derive(Debug, Clone)]
pub(super) struct ChatLimiter {
    rates: ChatRates,
    users: RateLimiter<(ResourceId, RawId, UserRate), 2>,
    threads: RateLimiter<(ThreadKey, ThreadRate), 2>,
}

impl ChatLimiter {
    pub(super) fn new(rates: ChatRates) -> Self {
        let longest = rates.short_window.max(rates.long_window);
        Self {
            rates,
            users: RateLimiter::new(longest),
            threads: RateLimiter::new(longest),
        }
    }

    fn check_user(&self, act: &Act, what: UserRate, now: Instant) -> Result<(), DomainError> {
        let rates = &self.rates;
        let (rate, label) = match what {
            UserRate::CreateThread => (rates.create_thread, "create_thread"),
            UserRate::DeleteThread => (rates.delete_thread, "delete_thread"),
            UserRate::UpdateThread => (rates.update_thread, "update_thread"),
            UserRate::ReadThreads => (rates.read_threads, "read_threads"),
            UserRate::ListMessages => (rates.list_messages, "list_messages"),
            UserRate::SearchMessages => (rates.search_messages, "search_messages"),
        };
        let key = (act.resource_id.clone(), act.raw_id.clone(), what);
        counted(label, self.users.check_all(key, self.limits(rate), now))
    }

    fn check_thread(&self, key: ThreadKey, what: ThreadRate, now: Instant) -> Result<(), DomainError> {
        let rates = &self.rates;
        let (rate, label) = match what {
            ThreadRate::Participants => (rates.participants, "participants"),
            ThreadRate::Messages => (rates.messages, "messages"),
            ThreadRate::DeliveryReceipts => (rates.delivery_receipts, "delivery_receipts"),
            ThreadRate::ReadReceipts => (rates.read_receipts, "read_receipts"),
            ThreadRate::Typing => (rates.typing, "typing"),
        };
        counted(label, self.threads.check_all((key, what), self.limits(rate), now))
    }

    fn limits(&self, rate: ChatRate) -> [RateLimit; 2] {
        let limit = |count, window| RateLimit { count, window };
        [
            limit(rate.short, self.rates.short_window),
            limit(rate.long, self.rates.long_window),
        ]
    }
}

/// Counts the refusals, for the operator.
fn counted(what: &'static str, checked: Result<(), DomainError>) -> Result<(), DomainError> {
    if checked.is_err() {
        metrics::counter!("openline_chat_rate_limited_total", "limit" => what).increment(1);
    }
    checked
}

impl Chats {
    /// The same, as often as `rates` allow, or as anybody likes. The counts begin anew.
    #[must_use]
    pub fn limited_to(mut self, rates: Option<ChatRates>) -> Self {
        self.limiter = rates.map(ChatLimiter::new);
        self
    }
}

impl Act {
    /// Counts one of the user's.
    ///
    /// # Errors
    ///
    /// [`DomainError::TooManyRequests`].
    pub(super) fn count_for_user(&self, what: UserRate) -> Result<(), DomainError> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_user(self, what, self.monotonic)
    }

    /// Counts one of a thread's. For its participants only: others must not use up what it is allowed.
    ///
    /// # Errors
    ///
    /// [`DomainError::TooManyRequests`].
    pub(super) fn count_in_thread(&self, key: ThreadKey, what: ThreadRate) -> Result<(), DomainError> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter.check_thread(key, what, self.monotonic)
    }
}
