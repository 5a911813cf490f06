//! Erase deleted threads: their messages soon, what lists and the log still tell of them in its time.

use openline_protocol::{ResourceId, Timestamp};

use super::Chats;
use crate::{
    domain::DomainError,
    storage::{
        Transaction,
        chat::{Remains, ThreadKey},
    },
};

/// Rows erased in one write, so that others get their turn.
const BATCH: u32 = 500;

impl Chats {
    /// Erases the messages of every deleted thread, with the events that tell of them, and what is left of threads
    /// deleted at or before `rest_through`; returns how many rows.
    ///
    /// # Errors
    ///
    /// Storage failed; what was erased so far stays so.
    pub async fn erase_deleted_threads(&self, rest_through: Timestamp) -> Result<u64, DomainError> {
        let now = self.clock.now();
        let mut total = 0;
        for (left, through) in [(Remains::Messages, now), (Remains::Row, rest_through)] {
            loop {
                let erased = self
                    .storage
                    .write(move |tx| {
                        Box::pin(async move {
                            let found = tx.find_deleted_chat_thread(left, through).await?;
                            let Some((resource_id, key)) = found else {
                                return Ok::<_, DomainError>(0);
                            };
                            match left {
                                Remains::Messages => erase_messages(tx, &resource_id, key).await,
                                Remains::Row => erase_rest(tx, &resource_id, key).await,
                            }
                        })
                    })
                    .await?;
                if erased == 0 {
                    break;
                }
                total += erased;
            }
        }
        Ok(total)
    }
}

async fn erase_messages(
    tx: &mut dyn Transaction,
    resource_id: &ResourceId,
    key: ThreadKey,
) -> Result<u64, DomainError> {
    let messages = tx.erase_chat_messages(resource_id, key, BATCH).await?;
    let events = tx.erase_chat_message_events(resource_id, key, BATCH).await?;
    if messages + events == 0 {
        tx.finish_erasing_chat_messages(resource_id, key).await?;
        return Ok(1);
    }
    Ok(messages + events)
}

async fn erase_rest(
    tx: &mut dyn Transaction,
    resource_id: &ResourceId,
    key: ThreadKey,
) -> Result<u64, DomainError> {
    let events = tx.erase_chat_events(resource_id, key, BATCH).await?;
    if events == 0 {
        tx.erase_chat_thread(resource_id, key).await?;
        return Ok(1);
    }
    Ok(events)
}
