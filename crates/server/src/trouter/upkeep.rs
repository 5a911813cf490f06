//! What the service does by itself: closes the connections of tokens that are revoked, forgets what is over, and stops.

use std::{sync::Arc, time::Duration};

use openline_protocol::Timestamp;

use super::{polling::Polls, service::Shared};
use crate::{bus::Revocation, domain::token::TokenHolders, storage::StorageError};

/// How often what is over is looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// Rows forgotten in one write, so that others get their turn.
const PRUNE_BATCH: u32 = 1000;

/// When the server stops: what was sent is awaited, connections close, and what was answered is on disk.
pub(super) async fn watch_shutdown(shared: Arc<Shared>) {
    let held = shared.shutdown.hold();
    shared.shutdown.begun().await;
    for instance in shared.registry.all() {
        instance.shut_down();
    }
    for instance in shared.registry.all() {
        instance.ended.cancelled().await;
    }
    shared.saver.flushed().await;
    drop(held);
}

impl TokenHolders for Shared {
    fn end_revoked(&self, revocation: &Revocation) {
        let Revocation {
            resource_id,
            raw_id,
            generation,
        } = revocation;
        for instance in self.registry.of_identity(resource_id, raw_id) {
            instance.close_revoked(*generation);
        }
    }

    async fn check_all(&self) {
        for instance in self.registry.all() {
            instance.check_tokens().await;
        }
    }
}

/// Forgets what is over: polls one round after they were, client instances when the events are gone that they have not
/// answered.
pub(super) async fn sweep(shared: &Shared) {
    loop {
        shared.registry.sweep_polls(Polls::is_worth_keeping);
        if let Err(error) = prune(shared).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "old client instances could not be forgotten"
            );
        }
        tokio::select! {
            () = shared.shutdown.begun() => return,
            () = shared.sleep(SWEEP_INTERVAL) => {}
        }
    }
}

async fn prune(shared: &Shared) -> Result<(), StorageError> {
    let kept = u64::try_from(shared.settings.retention.as_millis()).unwrap_or(u64::MAX);
    let before = Timestamp::from_millis(shared.clock.now().as_millis().saturating_sub(kept));
    let mut pruned = u64::from(PRUNE_BATCH);
    while pruned >= u64::from(PRUNE_BATCH) {
        pruned = shared
            .storage
            .write(move |tx| Box::pin(async move { tx.prune_trouter_endpoints(before, PRUNE_BATCH).await }))
            .await?;
    }
    Ok(())
}
