//! What an edge does about what arrived.

use std::{fmt, net::SocketAddr, ops::Range};

use stun_types::AddressFamily;

use crate::{answer::Question, authenticate::Caller, quota::Lease};

/// What an edge does about a message of a client.
#[derive(Debug)]
pub enum Action {
    /// Nothing: it is not for us, or must not be answered.
    Ignore,
    /// Nothing: the user, or all together, have more relayed than they may.
    OverRate,
    /// Send the answer.
    Answer(Vec<u8>),
    /// Send the answer, a refusal with this code.
    Refuse(u16, Vec<u8>),
    /// Send this part of the message to the peer, from the relayed address.
    Send(SocketAddr, Range<usize>),
    /// Bind a socket and say how it went, with [`Client::allocated`] or [`Client::not_allocated`].
    ///
    /// [`Client::allocated`]: crate::Client::allocated
    /// [`Client::not_allocated`]: crate::Client::not_allocated
    Allocate(AllocateRequest),
    /// Close the relayed socket and send the answer: the client has no allocation any more.
    Release(Vec<u8>),
}

/// An allocation that is to be made.
pub struct AllocateRequest {
    pub(crate) question: Question,
    pub(crate) caller: Caller,
    pub(crate) lease: Lease,
    pub(crate) lifetime_s: u32,
    pub(crate) family: AddressFamily,
    pub(crate) even_port: bool,
}

impl AllocateRequest {
    /// Whether the relayed address is one of IPv4.
    #[must_use]
    pub fn is_ipv4(&self) -> bool {
        self.family == AddressFamily::IPV4
    }

    /// Whether the relayed port is to be even.
    #[must_use]
    pub const fn even_port(&self) -> bool {
        self.even_port
    }
}

impl fmt::Debug for AllocateRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AllocateRequest")
    }
}
