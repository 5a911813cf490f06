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

/// Likewise, of those that reached one allocation: to get ready for more than come takes time.
pub(super) const PEER_BATCH: usize = 16;

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

#[cfg(target_os = "linux")]
impl Departing<'_> {
    fn length(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::{net::UdpSocket, time::Duration};

    use super::*;

    fn socket() -> UdpSocket {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        socket
    }

    #[test]
    fn datagrams_arrive_as_they_are_and_in_their_order() {
        let (from, to) = (socket(), [socket(), socket()]);
        // Alike, the last of them shorter; longer; nothing at all; to another.
        let lengths = [
            (0, 1000),
            (0, 1000),
            (0, 700),
            (0, 700),
            (0, 900),
            (0, 0),
            (0, 0),
            (0, 5),
            (1, 5),
            (1, 5),
            (0, 5),
            (0, 30_000),
            (0, 30_000),
            (0, 30_000),
        ];
        let bytes: Vec<Vec<u8>> = (0..)
            .zip(lengths)
            .map(|(fill, (_, length))| vec![fill; length])
            .collect();
        let departing =
            |(to_index, bytes): (usize, &'_ Vec<u8>)| (to[to_index].local_addr().unwrap(), bytes.clone());
        let each: Vec<_> = lengths
            .iter()
            .map(|(index, _)| *index)
            .zip(&bytes)
            .map(departing)
            .collect();
        let datagrams: Vec<_> = each
            .iter()
            .map(|(to, bytes)| {
                let (head, rest) = bytes.split_at(bytes.len().min(4));
                Departing {
                    to: *to,
                    parts: [head, rest, &[]],
                }
            })
            .collect();
        assert_eq!(send(&from, &datagrams), 0);
        let mut buffer = vec![0; 65_536];
        for ((index, _), sent) in lengths.iter().zip(&bytes) {
            let length = to[*index].recv(&mut buffer).unwrap();
            assert_eq!(&buffer[..length], sent);
        }
    }

    #[test]
    fn what_cannot_be_sent_holds_up_nothing() {
        let (from, to) = (socket(), socket());
        let nobody = "255.255.255.255:9".parse().unwrap();
        let datagram = |to| Departing {
            to,
            parts: [b"data", &[], &[]],
        };
        let good = to.local_addr().unwrap();
        let datagrams = [nobody, nobody, good, good, nobody, good].map(datagram);
        assert_eq!(send(&from, &datagrams), 3);
        for _ in 0..3 {
            assert_eq!(to.recv(&mut [0; 10]).unwrap(), 4);
        }
    }
}
