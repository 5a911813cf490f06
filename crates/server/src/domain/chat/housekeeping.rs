//! What happens by time alone: threads end by their policy, deleted ones are erased, old events and repeatable
//! requests forgotten. All of it is read from rows, so a restart changes nothing.

use std::time::Duration;

use openline_protocol::Timestamp;

use super::{Chats, list_threads::DELETED_LISTED, repeatable::remembered_since};
use crate::domain::DomainError;

/// Rows forgotten in one write, so that others get their turn.
const BATCH: u32 = 1000;

/// Messages made searchable in one write: each may be large.
const INDEX_BATCH: u32 = 200;

/// How long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatRetention {
    /// Events in the log: how long a client may be away and still get everything. 30 days by default.
    pub events: Duration,
    /// How often to look for what is too old. One hour by default.
    pub interval: Duration,
}

impl Default for ChatRetention {
    fn default() -> Self {
        Self {
            events: Duration::from_secs(30 * 24 * 60 * 60),
            interval: Duration::from_secs(60 * 60),
        }
    }
}

/// Keeps house, now and every interval. Ends when the future is dropped.
pub async fn run_housekeeping(chats: Chats, retention: ChatRetention) {
    let mut ticks = tokio::time::interval(retention.interval.max(Duration::from_secs(1)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        chats.keep_house(retention.events).await;
    }
}

impl Chats {
    /// Does once what [`run_housekeeping`] does every interval: events are kept for `events`. What fails is logged and
    /// left for the next time.
    pub async fn keep_house(&self, events: Duration) {
        let listed = before(self.clock.now(), events.max(DELETED_LISTED));
        done("threads expired", self.delete_expired_threads().await);
        done("deleted threads erased", self.erase_deleted_threads(listed).await);
        done(
            "old events, stays and requests forgotten",
            self.forget_old(events).await,
        );
        done("messages made searchable", self.index_messages().await);
        self.scrub().await;
    }

    /// Forgets events older than `kept`, stays in threads that only they told of, and requests that are no longer
    /// repeatable; returns how many rows.
    ///
    /// # Errors
    ///
    /// Storage failed; what was forgotten so far stays so.
    pub async fn forget_old(&self, kept: Duration) -> Result<u64, DomainError> {
        let now = self.clock.now();
        let (events_before, requests_before) = (before(now, kept), remembered_since(now));
        let mut total = 0;
        loop {
            let forgotten = self
                .storage
                .write(move |tx| {
                    Box::pin(async move {
                        let events = tx.prune_chat_events(events_before, BATCH).await?;
                        let threads = tx.prune_create_requests(requests_before, BATCH).await?;
                        let messages = tx.prune_message_requests(requests_before, BATCH).await?;
                        let memberships = tx.prune_chat_memberships(BATCH).await?;
                        Ok::<_, DomainError>(events + memberships + threads + messages)
                    })
                })
                .await?;
            if forgotten == 0 {
                return Ok(total);
            }
            total += forgotten;
        }
    }
}

impl Chats {
    /// Makes searchable what was stored before there was search; returns how many messages.
    ///
    /// # Errors
    ///
    /// Storage failed; the next time goes on from there.
    pub async fn index_messages(&self) -> Result<u64, DomainError> {
        let mut total = 0;
        loop {
            let indexed = self
                .storage
                .write(move |tx| {
                    Box::pin(async move { Ok::<_, DomainError>(tx.index_chat_messages(INDEX_BATCH).await?) })
                })
                .await?;
            if indexed == 0 {
                return Ok(total);
            }
            total += indexed;
        }
    }
}

fn done(what: &'static str, outcome: Result<u64, DomainError>) {
    match outcome {
        Ok(rows) => tracing::debug!(what, rows, "housekeeping"),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(what, error, "housekeeping failed; it is tried again in a while");
        }
    }
}

fn before(now: Timestamp, kept: Duration) -> Timestamp {
    let kept = u64::try_from(kept.as_millis()).unwrap_or(u64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_sub(kept))
}
