//! `recvmmsg` and `sendmmsg`, and `UDP_SEGMENT` for datagrams that go the same way.

use std::{
    io::{self, IoSlice, IoSliceMut},
    net::{SocketAddr, SocketAddrV4, SocketAddrV6},
    os::fd::{AsFd, AsRawFd as _},
};

use nix::{
    errno::Errno,
    sys::socket::{ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmsg},
};
use rustix::{
    io::Errno as SendErrno,
    net::{
        MMsgHdr, SendAncillaryBuffer, SendFlags, SocketAddrAny, addr::SocketAddrArg as _, sendmmsg,
        sendmsg_addr,
    },
};

use super::{BATCH, Departing, SLOT_BYTES};

/// What one call takes of datagrams that go together: it is one datagram to the system until they are cut apart.
const MAX_SEGMENTS_BYTES: usize = 65_000;

/// What the system writes beside the datagrams. It leaves the length of addresses there, so that each family has its
/// own.
pub(super) struct Headers {
    v4: MultiHeaders<SockaddrStorage>,
    v6: MultiHeaders<SockaddrStorage>,
}

impl Headers {
    pub(super) fn new() -> Self {
        Self {
            v4: MultiHeaders::preallocate(BATCH, None),
            v6: MultiHeaders::preallocate(BATCH, None),
        }
    }

    /// Fills slots of `free` in their order.
    pub(super) fn receive(
        &mut self,
        socket: &impl AsFd,
        v4: bool,
        free: &mut [u8],
        mut each: impl FnMut(Option<SocketAddr>, usize),
    ) -> io::Result<()> {
        let mut slots: Vec<_> = free
            .chunks_exact_mut(SLOT_BYTES)
            .take(BATCH)
            .map(|slot| [IoSliceMut::new(slot)])
            .collect();
        let headers = if v4 { &mut self.v4 } else { &mut self.v6 };
        let flags = MsgFlags::MSG_DONTWAIT;
        match recvmmsg(socket.as_fd().as_raw_fd(), headers, slots.iter_mut(), flags, None) {
            Ok(received) => {
                for message in received {
                    each(message.address.as_ref().and_then(address), message.bytes);
                }
                Ok(())
            }
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn address(address: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(SocketAddr::V4(SocketAddrV4::from(*v4)));
    }
    Some(SocketAddr::V6(SocketAddrV6::from(*address.as_sockaddr_in6()?)))
}

/// Sends datagrams from a socket and returns how many the system did not take: they are lost, as datagrams are.
pub(in super::super) fn send(socket: &impl AsFd, datagrams: &[Departing<'_>]) -> usize {
    datagrams
        .chunks(BATCH)
        .map(|chunk| send_chunk(socket, chunk))
        .sum()
}

fn send_chunk(socket: &impl AsFd, mut datagrams: &[Departing<'_>]) -> usize {
    let mut lost = 0;
    // Begins again where datagrams were refused together: each for itself may pass.
    let mut together = true;
    while let [first, rest @ ..] = datagrams {
        let run = if together { alike(datagrams) } else { 1 };
        let singles = if run > 1 { 0 } else { singles(datagrams, together) };
        let sent = match (run, singles) {
            (2.., _) => send_segments(socket, first.to, datagrams.get(..run).unwrap_or_default()),
            (_, 2..) => send_many(socket, datagrams.get(..singles).unwrap_or_default()),
            _ => send_one(socket, first),
        };
        match sent {
            Ok(sent) => datagrams = datagrams.get(sent.max(1)..).unwrap_or_default(),
            Err(SendErrno::INTR) => {}
            // No room: what follows would have none either.
            Err(SendErrno::AGAIN | SendErrno::NOBUFS) => return lost + datagrams.len(),
            // Longer than the way allows without fragments, or no such thing in this system.
            Err(_) if run > 1 => together = false,
            // This one cannot be sent (no route, not permitted): the next may.
            Err(_) => {
                lost += 1;
                datagrams = rest;
            }
        }
    }
    lost
}

/// How many at the beginning have one destination and one length, the last of them perhaps less.
fn alike(datagrams: &[Departing<'_>]) -> usize {
    let [first, rest @ ..] = datagrams else { return 0 };
    let length = first.length();
    let (mut count, mut bytes) = (1, length);
    for next in rest {
        let next_length = next.length();
        bytes += next_length;
        if next.to != first.to || next_length > length || next_length == 0 || bytes > MAX_SEGMENTS_BYTES {
            break;
        }
        count += 1;
        if next_length < length {
            break;
        }
    }
    count
}

/// How many at the beginning are alone.
fn singles(datagrams: &[Departing<'_>], together: bool) -> usize {
    if !together {
        return datagrams.len();
    }
    let alone = |at: &usize| alike(datagrams.get(*at..).unwrap_or_default()) < 2;
    (0..datagrams.len()).take_while(alone).count()
}

/// The system cuts them apart, as late as it can: all or none are sent.
fn send_segments(
    socket: &impl AsFd,
    to: SocketAddr,
    datagrams: &[Departing<'_>],
) -> rustix::io::Result<usize> {
    let length = datagrams.first().map_or(0, Departing::length);
    let length = u16::try_from(length).map_err(|_too_long| SendErrno::MSGSIZE)?;
    let slices: Vec<_> = datagrams.iter().flat_map(slices).collect();
    let to = SockaddrStorage::from(to);
    let segments = [ControlMessage::UdpGsoSegments(&length)];
    let flags = MsgFlags::MSG_DONTWAIT;
    match sendmsg(socket.as_fd().as_raw_fd(), &slices, &segments, flags, Some(&to)) {
        Ok(_bytes) => Ok(datagrams.len()),
        Err(error) => Err(SendErrno::from_raw_os_error(error as i32)),
    }
}

fn send_many(socket: &impl AsFd, datagrams: &[Departing<'_>]) -> rustix::io::Result<usize> {
    let parts: Vec<[IoSlice<'_>; 3]> = datagrams.iter().map(slices).collect();
    let addresses: Vec<SocketAddrAny> = datagrams.iter().map(|datagram| datagram.to.as_any()).collect();
    let mut controls: Vec<_> = datagrams.iter().map(|_| SendAncillaryBuffer::default()).collect();
    let mut messages: Vec<_> = addresses
        .iter()
        .zip(&parts)
        .zip(&mut controls)
        .map(|((address, parts), control)| MMsgHdr::new_with_addr(address, parts, control))
        .collect();
    sendmmsg(socket, &mut messages, SendFlags::DONTWAIT)
}

fn send_one(socket: &impl AsFd, datagram: &Departing<'_>) -> rustix::io::Result<usize> {
    let mut control = SendAncillaryBuffer::default();
    sendmsg_addr(
        socket,
        &datagram.to,
        &slices(datagram),
        &mut control,
        SendFlags::DONTWAIT,
    )
    .map(|_bytes| 1)
}

fn slices<'a>(datagram: &Departing<'a>) -> [IoSlice<'a>; 3] {
    datagram.parts.map(IoSlice::new)
}
