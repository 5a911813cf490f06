//! Replay: what somebody missed, from the log.
//!
//! [`super::ChatFollower`] calls [`Chats::start_replay`] once, then [`Chats::replay`] until a batch is `complete`, then
//! follows the bus; on a lag it calls [`Chats::replay`] again. `bus` describes the whole.
//!
//! The cost of a batch is that of its events and of the threads the identity is in, not that of the log.

use openline_protocol::{RawId, ResourceId};

use super::{Chats, event_content::told};
use crate::{bus::BusEvent, domain::DomainError, storage::chat::EventWindow};

/// Events of a batch at most.
pub const BATCH_EVENTS: u32 = 256;

/// The first stretch of the log that a batch looks at; longer ones follow while they hold nothing.
const FIRST_WINDOW: u64 = 4 * BATCH_EVENTS as u64;

/// Where a subscription begins: what `subscribed` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayStart {
    /// Events after this position follow.
    pub cursor: u64,
    /// The cursor that was asked for is not of this log, or older than what is kept; `cursor` is the
    /// present, and the client reads its threads again.
    pub expired: bool,
}

/// A part of what was missed.
#[derive(Debug, Clone)]
pub struct ReplayBatch {
    /// The events, in order, with the bytes they were published with; those of a message that was changed since with
    /// what it says now.
    pub events: Vec<BusEvent>,
    /// Nothing that concerns the identity is left up to here: where the next batch or the bus goes on. Not
    /// below what was asked for, and possibly beyond the last event.
    pub cursor: u64,
    /// Whether `cursor` is the end of the log.
    pub complete: bool,
    /// What was asked for is not kept any more. There are no events; `cursor` is the present, and the client reads its
    /// threads again.
    pub expired: bool,
}

impl Chats {
    /// Decides where a subscription begins. Without a cursor it is the present.
    ///
    /// # Errors
    ///
    /// Storage failed.
    pub async fn start_replay(
        &self,
        resource_id: &ResourceId,
        cursor: Option<u64>,
    ) -> Result<ReplayStart, DomainError> {
        let resource_id = resource_id.clone();
        self.storage
            .read(move |tx| {
                Box::pin(async move {
                    let head = tx.chat_log_head().await?;
                    let Some(cursor) = cursor else {
                        return Ok(ReplayStart {
                            cursor: head,
                            expired: false,
                        });
                    };
                    let pruned_through = tx.chat_log_pruned_through(&resource_id).await?;
                    // A cursor beyond the end is one of another log: the data was put back to an older state.
                    let expired = cursor < pruned_through || cursor > head;
                    Ok(ReplayStart {
                        cursor: if expired { head } else { cursor },
                        expired,
                    })
                })
            })
            .await
    }

    /// The next events after `after` that concern `raw_id`: those of its threads, while it was in them, its
    /// removal included.
    ///
    /// # Errors
    ///
    /// Storage failed.
    pub async fn replay(
        &self,
        resource_id: &ResourceId,
        raw_id: &RawId,
        after: u64,
    ) -> Result<ReplayBatch, DomainError> {
        let (resource_id, raw_id) = (resource_id.clone(), raw_id.clone());
        self.storage
            .read(move |tx| {
                Box::pin(async move {
                    let head = tx.chat_log_head().await?;
                    // Old events may go at any time, also while a client reads through them.
                    if after < tx.chat_log_pruned_through(&resource_id).await? {
                        return Ok(ReplayBatch {
                            events: Vec::new(),
                            cursor: head,
                            complete: true,
                            expired: true,
                        });
                    }
                    let (mut after, mut length) = (after, FIRST_WINDOW);
                    loop {
                        let through = after.saturating_add(length).min(head).max(after);
                        let window = EventWindow {
                            after,
                            through,
                            limit: BATCH_EVENTS,
                        };
                        let rows = tx.list_chat_events(&resource_id, &raw_id, window).await?;
                        let full = u32::try_from(rows.len()).is_ok_and(|count| count >= BATCH_EVENTS);
                        let cursor = rows.last().filter(|_| full).map_or(through, |last| last.position);
                        if !rows.is_empty() || cursor >= head {
                            return Ok(ReplayBatch {
                                events: told(tx, &resource_id, rows).await?,
                                cursor,
                                complete: cursor >= head,
                                expired: false,
                            });
                        }
                        (after, length) = (cursor, length.saturating_mul(4));
                    }
                })
            })
            .await
    }
}
