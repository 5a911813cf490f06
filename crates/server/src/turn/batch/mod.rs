//! Many datagrams with one system call, where the system has such calls.

mod arena;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "portable.rs")]
mod system;

use std::net::SocketAddr;

pub(super) use self::{arena::Arena, system::send};

/// The longest datagram that is relayed, and one more: what is longer is cut by the system, which this shows. Nothing
/// on the web sends more than an Ethernet frame holds.
pub(super) const SLOT_BYTES: usize = 2048;

/// Datagrams that one system call takes.
pub(super) const BATCH: usize = 64;

/// A datagram in its slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrived {
    pub(super) from: SocketAddr,
    pub(super) slot: usize,
    pub(super) length: usize,
}

/// A datagram to send, in parts.
pub(super) struct Departing<'a> {
    pub(super) to: SocketAddr,
    pub(super) parts: [&'a [u8]; 3],
}
