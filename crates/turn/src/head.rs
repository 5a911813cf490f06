//! What goes in front of a peer's data on its way to the client. The data itself is not copied.

use std::net::{IpAddr, SocketAddr};

/// Header of STUN, XOR-PEER-ADDRESS with IPv6, header of DATA.
const MAX_BYTES: usize = 20 + 24 + 4;

const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const DATA_INDICATION: [u8; 2] = [0x00, 0x17];
const XOR_PEER_ADDRESS: [u8; 2] = [0x00, 0x12];
const DATA: [u8; 2] = [0x00, 0x13];

/// The bytes before a peer's data, and how many zeros come after it.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    bytes: [u8; MAX_BYTES],
    length: usize,
    /// 0 to 3.
    padding: usize,
}

impl Head {
    /// Data on a channel. On a stream, messages are padded. `None`: longer than a message can be.
    pub(crate) fn channel(number: u16, data_length: usize, stream: bool) -> Option<Self> {
        let mut head = Self::new(if stream { padding(data_length) } else { 0 });
        head.push(&number.to_be_bytes());
        head.push(&u16::try_from(data_length).ok()?.to_be_bytes());
        Some(head)
    }

    /// A data indication.
    pub(crate) fn indication(peer: SocketAddr, transaction: [u8; 12], data_length: usize) -> Option<Self> {
        let padding = padding(data_length);
        let mut head = Self::new(padding);
        let address_length: u16 = if peer.is_ipv4() { 8 } else { 20 };
        let length = 4 + usize::from(address_length) + 4 + data_length + padding;
        head.push(&DATA_INDICATION);
        head.push(&u16::try_from(length).ok()?.to_be_bytes());
        head.push(&MAGIC_COOKIE);
        head.push(&transaction);
        head.push(&XOR_PEER_ADDRESS);
        head.push(&address_length.to_be_bytes());
        head.push_address(peer, transaction);
        head.push(&DATA);
        head.push(&u16::try_from(data_length).ok()?.to_be_bytes());
        Some(head)
    }

    const fn new(padding: usize) -> Self {
        Self {
            bytes: [0; MAX_BYTES],
            length: 0,
            padding,
        }
    }

    /// The bytes before the data.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// The zeros after the data.
    #[must_use]
    pub fn padding(&self) -> &'static [u8] {
        match self.padding {
            1 => &[0],
            2 => &[0, 0],
            3 => &[0, 0, 0],
            _ => &[],
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            place.copy_from_slice(bytes);
            self.length = end;
        }
    }

    fn push_address(&mut self, peer: SocketAddr, transaction: [u8; 12]) {
        let [high, low] = peer.port().to_be_bytes();
        let port = [high ^ MAGIC_COOKIE[0], low ^ MAGIC_COOKIE[1]];
        let mask = MAGIC_COOKIE.into_iter().chain(transaction);
        match peer.ip() {
            IpAddr::V4(ip) => {
                self.push(&[0, 1]);
                self.push(&port);
                let masked = ip.octets().into_iter().zip(mask).map(|(byte, mask)| byte ^ mask);
                self.push_each(masked);
            }
            IpAddr::V6(ip) => {
                self.push(&[0, 2]);
                self.push(&port);
                let masked = ip.octets().into_iter().zip(mask).map(|(byte, mask)| byte ^ mask);
                self.push_each(masked);
            }
        }
    }

    fn push_each(&mut self, bytes: impl Iterator<Item = u8>) {
        for byte in bytes {
            self.push(&[byte]);
        }
    }
}

const fn padding(length: usize) -> usize {
    length.wrapping_neg() % 4
}

#[cfg(test)]
mod tests {
    use stun_types::message::{Message, MessageClass};
    use turn_types::{
        attribute::{Data, XorPeerAddress},
        channel::ChannelData,
        message::DATA,
    };

    use super::*;

    fn whole(head: &Head, data: &[u8]) -> Vec<u8> {
        [head.bytes(), data, head.padding()].concat()
    }

    #[test]
    fn data_indications_are_read_as_they_were_written() {
        for peer in ["192.0.2.7:4321", "[2001:db8::7]:4321"] {
            let peer: SocketAddr = peer.parse().unwrap();
            for data in [&b""[..], b"a", b"ab", b"abc", b"abcd"] {
                let head = Head::indication(peer, [7; 12], data.len()).unwrap();
                let bytes = whole(&head, data);
                let message = Message::from_bytes(&bytes).unwrap();
                assert!(message.has_class(MessageClass::Indication) && message.has_method(DATA));
                let address = message.attribute::<XorPeerAddress>().unwrap();
                assert_eq!(address.addr(message.transaction_id()), peer);
                assert_eq!(message.attribute::<Data<'_>>().unwrap().data(), data);
            }
        }
    }

    #[test]
    fn channel_data_is_padded_on_streams_alone() {
        for (stream, length) in [(false, 9), (true, 12)] {
            let bytes = whole(&Head::channel(0x4001, 5, stream).unwrap(), b"abcde");
            assert_eq!(bytes.len(), length);
            let read = ChannelData::parse(&bytes).unwrap();
            assert_eq!((read.id(), read.data()), (0x4001, &b"abcde"[..]));
        }
    }

    #[test]
    fn what_no_message_can_hold_has_no_head() {
        let peer = "192.0.2.7:4321".parse().unwrap();
        assert!(Head::channel(0x4000, 65_536, false).is_none());
        assert!(Head::indication(peer, [0; 12], 65_530).is_none());
    }
}
