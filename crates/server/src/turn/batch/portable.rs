//! One datagram with one system call.

use std::{
    io::{self, IoSlice},
    net::SocketAddr,
    os::fd::AsFd,
};

use rustix::{
    io::Errno,
    net::{RecvFlags, SendAncillaryBuffer, SendFlags, recvfrom, sendmsg_addr},
};

use super::{BATCH, Departing, SLOT_BYTES};

/// Nothing is needed beside the datagrams.
pub(super) struct Headers;

impl Headers {
    pub(super) const fn new() -> Self {
        Self
    }

    /// Fills slots of `free` in their order.
    pub(super) fn receive(
        &mut self,
        socket: &impl AsFd,
        _v4: bool,
        free: &mut [u8],
        mut each: impl FnMut(Option<SocketAddr>, usize),
    ) -> io::Result<()> {
        for slot in free.chunks_exact_mut(SLOT_BYTES).take(BATCH) {
            match recvfrom(socket, slot, RecvFlags::DONTWAIT) {
                Ok((_, length, from)) => each(from.and_then(|from| from.try_into().ok()), length),
                Err(Errno::AGAIN | Errno::INTR) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Sends datagrams from a socket and returns how many the system did not take: they are lost, as datagrams are.
pub(in super::super) fn send(socket: &impl AsFd, datagrams: &[Departing<'_>]) -> usize {
    let lost = datagrams.iter().filter(|datagram| {
        let mut control = SendAncillaryBuffer::default();
        let parts = datagram.parts.map(IoSlice::new);
        sendmsg_addr(socket, &datagram.to, &parts, &mut control, SendFlags::DONTWAIT).is_err()
    });
    lost.count()
}
