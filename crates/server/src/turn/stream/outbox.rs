//! What waits to be sent to a client on a stream.

use std::time::Duration;

use tokio::time::Instant;

/// How long a client may take nothing of what is sent to it.
const STALLED: Duration = Duration::from_secs(10);

/// Capacity that a buffer keeps when it is empty.
const KEPT_BYTES: usize = 16 * 1024;

/// Two buffers: one is sent while the other fills.
#[derive(Default)]
pub(super) struct Outbox {
    current: Vec<u8>,
    sent: usize,
    next: Vec<u8>,
    /// Written, but perhaps not on its way.
    unflushed: bool,
    /// When the client has to have taken something.
    stalled_at: Option<Instant>,
}

impl Outbox {
    /// Takes up what came since, if what was before is sent.
    pub(super) fn turn(&mut self) {
        if self.sent < self.current.len() {
            return;
        }
        self.sent = 0;
        self.current.clear();
        self.current.shrink_to(KEPT_BYTES);
        std::mem::swap(&mut self.current, &mut self.next);
        if self.current.is_empty() && !self.unflushed {
            self.stalled_at = None;
        } else if self.stalled_at.is_none() {
            self.stalled_at = Some(Instant::now() + STALLED);
        }
    }

    /// What is to be written, and where to put what comes meanwhile.
    pub(super) fn split(&mut self) -> (&[u8], &mut Vec<u8>) {
        (self.current.get(self.sent..).unwrap_or_default(), &mut self.next)
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.next.extend_from_slice(bytes);
    }

    pub(super) fn waiting(&self) -> usize {
        self.current.len() - self.sent + self.next.len()
    }

    /// Whether something is to be written.
    pub(super) fn writes(&self) -> bool {
        self.sent < self.current.len()
    }

    /// Whether all is written, and not yet known to be on its way.
    pub(super) fn flushes(&self) -> bool {
        !self.writes() && self.unflushed
    }

    pub(super) fn written(&mut self, bytes: usize) {
        self.sent += bytes;
        self.unflushed = true;
        self.stalled_at = Some(Instant::now() + STALLED);
    }

    pub(super) fn flushed(&mut self) {
        self.unflushed = false;
        self.stalled_at = None;
    }

    /// When the client has to have taken something.
    pub(super) const fn stalled_at(&self) -> Option<Instant> {
        self.stalled_at
    }
}
