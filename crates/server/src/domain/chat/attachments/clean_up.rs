//! Erases what is left over: uploads that no message took up, files of deleted threads, objects whose row is gone
//! or never came. State is in the rows, so a restart changes nothing.

use std::time::Duration;

use openline_protocol::Timestamp;

use super::service::Attachments;
use crate::{
    domain::DomainError,
    storage::{chat::ErasureRow, objects::ObjectKey},
};

/// How often to look.
const INTERVAL: Duration = Duration::from_secs(60);

/// Rows deleted in one write, so that others get their turn.
const BATCH: u32 = 500;

/// When to try again to erase an object that could not be erased.
const RETRY: Duration = Duration::from_secs(600);

/// Cleans up, now and every minute. Ends when the future is dropped.
pub async fn run_attachment_housekeeping(attachments: Attachments) {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match attachments.clean_up().await {
            Ok(0) => {}
            Ok(erased) => tracing::debug!(erased, "files were erased"),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "files that are to be erased were not");
            }
        }
    }
}

impl Attachments {
    /// Erases what is left over; returns how many files.
    ///
    /// # Errors
    ///
    /// Storage failed. What was erased so far stays so, the rest is tried again later.
    pub async fn clean_up(&self) -> Result<u64, DomainError> {
        let now = self.chats.clock.now();
        while self.prune(now).await? > 0 {}
        let mut erased = 0;
        loop {
            let due = self.due(now).await?;
            if due.is_empty() {
                return Ok(erased);
            }
            for row in due {
                self.erase(row, now).await?;
                erased += 1;
            }
        }
    }

    async fn prune(&self, now: Timestamp) -> Result<u64, DomainError> {
        let kept = u64::try_from(self.limits.unattached_retention.as_millis()).unwrap_or(u64::MAX);
        let before = Timestamp::from_millis(now.as_millis().saturating_sub(kept));
        self.chats
            .storage
            .write(move |tx| {
                Box::pin(async move {
                    let unattached = tx.prune_unattached_chat_attachments(before, BATCH).await?;
                    let orphaned = tx.prune_orphaned_chat_attachments(BATCH).await?;
                    Ok(unattached + orphaned)
                })
            })
            .await
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<ErasureRow>, DomainError> {
        self.chats
            .storage
            .read(move |tx| Box::pin(async move { Ok(tx.list_chat_attachment_erasures(now, BATCH).await?) }))
            .await
    }

    /// First the object, then the note of it: a crash in between repeats the first, which does no harm.
    async fn erase(&self, row: ErasureRow, now: Timestamp) -> Result<(), DomainError> {
        let key = ObjectKey::new(row.resource_id.clone(), row.attachment_id);
        let erased = self.objects.erase(&key, row.upload_id.as_ref()).await;
        let again = erased.is_err().then(|| now + RETRY);
        self.chats
            .storage
            .write(move |tx| {
                Box::pin(async move {
                    match again {
                        // Later, so that one that cannot be erased does not hold up the others.
                        Some(due_on) => {
                            tx.put_chat_attachment_erasure(&row, due_on).await?;
                        }
                        None => {
                            tx.delete_chat_attachment_erasure(&row.resource_id, row.attachment_id)
                                .await?;
                        }
                    }
                    Ok::<_, DomainError>(())
                })
            })
            .await?;
        Ok(erased?)
    }
}
