//! Stopping: who holds something open learns of it, and the server waits for them, up to a deadline.

use std::time::Duration;

use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFuture},
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// The server's stop. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    begun: CancellationToken,
    sockets: TaskTracker,
}

impl Shutdown {
    /// Returns once the server begins to stop. A socket then tells its client to reconnect (close code 1012).
    pub fn begun(&self) -> WaitForCancellationFuture<'_> {
        self.begun.cancelled()
    }

    /// Whether the server has begun to stop.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Makes the server wait, when it stops, until the returned token is dropped: one per socket.
    pub fn hold(&self) -> TaskTrackerToken {
        self.sockets.token()
    }

    /// Begins to stop.
    pub fn begin(&self) {
        self.begun.cancel();
        self.sockets.close();
    }

    /// Waits until all sockets ended, at most `deadline`. Returns how many are left.
    pub async fn sockets_ended(&self, deadline: Duration) -> usize {
        // What is left at the deadline is counted, not waited for.
        drop(tokio::time::timeout(deadline, self.sockets.wait()).await);
        self.sockets.len()
    }
}
