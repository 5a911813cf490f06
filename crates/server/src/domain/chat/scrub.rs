//! What somebody took back goes from the bytes of the database's files, soon after it went from its rows: at once would
//! cost every edit a checkpoint. Edits of some seconds share one, and sending asks for none.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::Chats;
use crate::storage::StorageError;

/// How long a change waits for others to share a scrub with: there is at most one in that time.
const GATHERING: Duration = Duration::from_secs(5);

/// The longest wait after a scrub that found the database busy; each wait before is half of the next.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Where changes ask for a scrub.
#[derive(Debug, Clone, Default)]
pub(super) struct ScrubRequests(Arc<Notify>);

impl ScrubRequests {
    /// Asks for a scrub of what was committed before.
    pub(super) fn ask(&self) {
        self.0.notify_one();
    }
}

/// Scrubs when it is asked for, and to begin with: what a killed process left is still there. Ends when the future is
/// dropped.
pub async fn run_scrubbing(chats: Chats) {
    chats.scrubs.ask();
    let mut wait = GATHERING;
    loop {
        chats.scrubs.0.notified().await;
        chats.clock.reached(chats.clock.monotonic() + wait).await;
        wait = if chats.scrub().await {
            GATHERING
        } else {
            (wait * 2).min(LONGEST_WAIT)
        };
    }
}

impl Chats {
    /// Scrubs now, and asks for another time where not all is gone; returns whether it is.
    pub(super) async fn scrub(&self) -> bool {
        match self.storage.scrub().await {
            Ok(()) => return true,
            Err(StorageError::Busy) => tracing::debug!("what was taken back is still being read"),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "what was taken back is still on disk; it is tried again");
            }
        }
        self.scrubs.ask();
        false
    }
}
