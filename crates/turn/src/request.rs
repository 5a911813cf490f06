//! A request's attributes, read once.

use std::net::SocketAddr;

use stun_types::{
    AddressFamily,
    attribute::{
        AttributeType, Fingerprint, MessageIntegrity, MessageIntegritySha256, Nonce, Realm, Username,
    },
    message::{Message, StunParseError},
    prelude::{Attribute as _, AttributeFromRaw as _, AttributeStaticType as _},
};
use turn_types::attribute::{
    ChannelNumber, Data, DontFragment, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport,
    ReservationToken, XorPeerAddress,
};

use crate::MAX_PEERS;

/// Attributes that are unknown and must not be, of which an answer names a few.
const MAX_UNKNOWN: usize = 8;

/// What a request or an indication says.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    pub(crate) has_integrity: bool,
    pub(crate) username: Option<String>,
    pub(crate) realm: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) transport: Option<u8>,
    pub(crate) lifetime: Option<u32>,
    pub(crate) family: Option<AddressFamily>,
    /// EVEN-PORT, and whether the next one is to be reserved.
    pub(crate) even_port: Option<bool>,
    pub(crate) reservation: bool,
    pub(crate) channel: Option<u16>,
    pub(crate) peers: Vec<SocketAddr>,
    /// Where the data of an indication is.
    pub(crate) data: Option<std::ops::Range<usize>>,
    pub(crate) unknown: Vec<AttributeType>,
}

/// An attribute cannot be read, or there are too many.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl From<StunParseError> for Malformed {
    fn from(_: StunParseError) -> Self {
        Self
    }
}

impl Attributes {
    pub(crate) fn read(message: &Message<'_>) -> Result<Self, Malformed> {
        let mut read = Self::default();
        for (offset, attribute) in message.iter_attributes() {
            match attribute.get_type() {
                MessageIntegrity::TYPE => read.has_integrity = true,
                // Nobody is offered it; whoever sends both has the older one checked.
                MessageIntegritySha256::TYPE | Fingerprint::TYPE => {}
                Username::TYPE => {
                    let username = Username::from_raw(attribute)?;
                    read.username = Some(username.username().to_owned());
                }
                Realm::TYPE => {
                    let realm = Realm::from_raw(attribute)?;
                    read.realm = Some(realm.realm().to_owned());
                }
                Nonce::TYPE => {
                    let nonce = Nonce::from_raw(attribute)?;
                    read.nonce = Some(nonce.nonce().to_owned());
                }
                XorPeerAddress::TYPE => {
                    let peer = XorPeerAddress::from_raw(attribute)?;
                    if read.peers.len() == MAX_PEERS {
                        return Err(Malformed);
                    }
                    read.peers.push(peer.addr(message.transaction_id()));
                }
                Data::TYPE => {
                    let begin = offset + 4;
                    read.data = Some(begin..begin + attribute.value.len());
                }
                _ => read.read_parameter(&attribute)?,
            }
        }
        Ok(read)
    }

    fn read_parameter(
        &mut self,
        attribute: &stun_types::attribute::RawAttribute<'_>,
    ) -> Result<(), Malformed> {
        let attribute = attribute.clone();
        match attribute.get_type() {
            RequestedTransport::TYPE => {
                let transport = RequestedTransport::from_raw(attribute)?;
                self.transport = Some(transport.protocol());
            }
            Lifetime::TYPE => {
                let lifetime = Lifetime::from_raw(attribute)?;
                self.lifetime = Some(lifetime.seconds());
            }
            RequestedAddressFamily::TYPE => {
                let family = RequestedAddressFamily::from_raw(attribute)?;
                self.family = Some(family.family());
            }
            EvenPort::TYPE => {
                let even_port = EvenPort::from_raw(attribute)?;
                self.even_port = Some(even_port.requested());
            }
            ReservationToken::TYPE => self.reservation = true,
            ChannelNumber::TYPE => {
                let channel = ChannelNumber::from_raw(attribute)?;
                self.channel = Some(channel.channel());
            }
            // Datagrams go out as the system sends them: RFC 8656 has servers that cannot promise more say so.
            DontFragment::TYPE => self.unknown(DontFragment::TYPE),
            other if other.comprehension_required() => self.unknown(other),
            _ => {}
        }
        Ok(())
    }

    fn unknown(&mut self, attribute: AttributeType) {
        if self.unknown.len() < MAX_UNKNOWN {
            self.unknown.push(attribute);
        }
    }
}
