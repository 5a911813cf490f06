//! What the session wants to know of a chat event that it passes on.

use openline_protocol::realtime::ChatEvent;

/// A chat event, in whatever form the edge has it.
pub trait InThread {
    /// The [`thread_key`] of the event's thread; none where it does not say.
    fn thread_key(&self) -> Option<u64>;
}

impl InThread for Box<ChatEvent> {
    fn thread_key(&self) -> Option<u64> {
        Some(thread_key(self.thread_id().as_str()))
    }
}

/// A number for a thread's id (FNV-1a). Two threads with the same one cost a needless look into the log.
#[must_use]
pub fn thread_key(thread_id: &str) -> u64 {
    thread_id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
