//! Delete the threads whose retention policy says so.

use std::sync::Arc;

use openline_chat::next_version;
use openline_protocol::{
    Timestamp,
    realtime::{ChatEvent, ChatThreadDeletionReason},
};

use super::{
    Chats,
    logged::{Logged, Told},
    view,
};
use crate::{
    bus::EventBus,
    domain::DomainError,
    storage::{Transaction, chat::FoundThread},
};

/// Threads deleted in one write, so that others get their turn.
const BATCH: u32 = 50;

impl Chats {
    /// Deletes every thread whose time is over, and tells who is in it; returns how many.
    ///
    /// # Errors
    ///
    /// Storage failed; what was deleted so far stays so.
    pub async fn delete_expired_threads(&self) -> Result<u64, DomainError> {
        let mut total = 0;
        loop {
            let (now, bus) = (self.clock.now(), Arc::clone(&self.bus));
            let deleted = self
                .storage
                .write(move |tx| {
                    Box::pin(async move {
                        let found = tx.list_expired_chat_threads(now, BATCH).await?;
                        let count = found.len();
                        for thread in found {
                            delete(tx, &bus, thread, now).await?;
                        }
                        Ok::<_, DomainError>(u64::try_from(count).unwrap_or(u64::MAX))
                    })
                })
                .await?;
            if deleted == 0 {
                return Ok(total);
            }
            total += deleted;
        }
    }
}

async fn delete(
    tx: &mut dyn Transaction,
    bus: &Arc<dyn EventBus>,
    found: FoundThread,
    now: Timestamp,
) -> Result<(), DomainError> {
    let FoundThread {
        resource_id,
        key,
        mut thread,
    } = found;
    thread.version = next_version(now, thread.version);
    thread.deleted_on = Some(now);
    tx.update_chat_thread(&resource_id, key, &thread).await?;
    let event = ChatEvent::ChatThreadDeleted {
        thread: view::event_thread(&thread),
        deleted_by: None,
        reason: ChatThreadDeletionReason::DeletedByPolicy,
        deleted_on: now,
    };
    let told = Told {
        event: &event,
        about_on: None,
        now,
    };
    let logged = Logged::append(tx, &resource_id, key, &mut thread, told).await?;
    let recipients = tx.list_chat_recipients(&resource_id, key, None).await?;
    logged.publish(tx, bus, &resource_id, recipients);
    Ok(())
}
