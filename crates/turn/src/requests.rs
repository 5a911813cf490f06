//! The other side: what a client of a TURN server writes and reads, without a socket. For those who try a server out.

use std::net::SocketAddr;

use stun_types::{
    AddressFamily,
    attribute::{ErrorCode, Nonce, Realm, Username, XorMappedAddress},
    message::{
        BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType,
        MessageWriteVec, Method, TransactionId,
    },
    prelude::{AttributeWrite, MessageWrite as _, MessageWriteExt as _},
};
use turn_types::{
    attribute::{
        ChannelNumber, Data, Lifetime, RequestedAddressFamily, RequestedTransport, XorPeerAddress,
        XorRelayedAddress,
    },
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND},
};

use crate::{Credentials, REALM};

/// Writes the requests of a client, and reads what it gets.
#[derive(Debug)]
pub struct Requests {
    /// What it shows.
    pub credentials: Credentials,
    /// What the server gave it.
    pub nonce: Option<String>,
    /// Whose credentials these are: as the server says, which may not be ours.
    pub realm: String,
    transaction: u128,
}

/// An answer, or an indication.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What it answers: the transaction of [`transaction`] of a request.
    pub transaction: u128,
    /// The code of a refusal.
    pub code: Option<u16>,
    /// Whether it is a success.
    pub success: bool,
    /// Whether it is signed with the client's key.
    pub signed: bool,
    /// The nonce in it.
    pub nonce: Option<String>,
    /// The realm in it.
    pub realm: Option<String>,
    /// The client as the server sees it.
    pub mapped: Option<SocketAddr>,
    /// The relayed address.
    pub relayed: Option<SocketAddr>,
    /// The lifetime of an allocation, in seconds.
    pub lifetime_s: Option<u32>,
    /// Where data comes from.
    pub peer: Option<SocketAddr>,
    /// Data.
    pub data: Option<Vec<u8>>,
}

impl Requests {
    /// A client with these credentials.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        // Two clients of a process have transactions of their own.
        let transaction = u128::from(TransactionId::generate());
        Self {
            credentials,
            nonce: None,
            realm: REALM.to_owned(),
            transaction,
        }
    }

    /// A binding request.
    #[must_use]
    pub fn binding(&mut self) -> Vec<u8> {
        let transaction = self.next();
        Self::message(MessageClass::Request, BINDING, transaction, &[]).finish()
    }

    /// An allocate request for the family.
    #[must_use]
    pub fn allocate(&mut self, ipv6: bool) -> Vec<u8> {
        self.allocate_with(RequestedTransport::UDP, ipv6, None)
    }

    /// An allocate request for a transport, family and lifetime.
    #[must_use]
    pub fn allocate_with(&mut self, transport: u8, ipv6: bool, lifetime_s: Option<u32>) -> Vec<u8> {
        let transport = RequestedTransport::new(transport);
        let family = RequestedAddressFamily::new(AddressFamily::IPV6);
        let lifetime = lifetime_s.map(Lifetime::new);
        let mut attributes: Vec<&dyn AttributeWrite> = vec![&transport];
        if ipv6 {
            attributes.push(&family);
        }
        if let Some(lifetime) = &lifetime {
            attributes.push(lifetime);
        }
        let transaction = self.next();
        self.request(ALLOCATE, transaction, &attributes)
    }

    /// A refresh request.
    #[must_use]
    pub fn refresh(&mut self, lifetime_s: u32) -> Vec<u8> {
        let transaction = self.next();
        self.request(REFRESH, transaction, &[&Lifetime::new(lifetime_s)])
    }

    /// A request for permissions.
    #[must_use]
    pub fn create_permission(&mut self, peers: &[SocketAddr]) -> Vec<u8> {
        let transaction = self.next();
        let peers: Vec<_> = peers
            .iter()
            .map(|peer| XorPeerAddress::new(*peer, transaction))
            .collect();
        let attributes: Vec<&dyn AttributeWrite> =
            peers.iter().map(|peer| peer as &dyn AttributeWrite).collect();
        self.request(CREATE_PERMISSION, transaction, &attributes)
    }

    /// A request for a channel.
    #[must_use]
    pub fn channel_bind(&mut self, number: u16, peer: SocketAddr) -> Vec<u8> {
        let transaction = self.next();
        let peer = XorPeerAddress::new(peer, transaction);
        self.request(CHANNEL_BIND, transaction, &[&ChannelNumber::new(number), &peer])
    }

    /// A send indication.
    #[must_use]
    pub fn send(&mut self, peer: SocketAddr, data: &[u8]) -> Vec<u8> {
        let transaction = self.next();
        let peer = XorPeerAddress::new(peer, transaction);
        let attributes: [&dyn AttributeWrite; 2] = [&peer, &Data::new(data)];
        Self::message(MessageClass::Indication, SEND, transaction, &attributes).finish()
    }

    /// Data on a channel, padded as streams have it.
    #[must_use]
    pub fn channel_data(number: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap_or_default();
        let mut bytes = [number.to_be_bytes(), length.to_be_bytes()].concat();
        bytes.extend_from_slice(data);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    /// Reads an answer or an indication, and keeps a nonce and a realm that are in it; `None`: it is neither.
    pub fn read(&mut self, bytes: &[u8]) -> Option<Reading> {
        let message = Message::from_bytes(bytes).ok()?;
        let transaction = message.transaction_id();
        let text = |nonce: Nonce| nonce.nonce().to_owned();
        let reading = Reading {
            transaction: transaction.into(),
            code: message.attribute::<ErrorCode>().ok().map(|error| error.code()),
            success: message.has_class(MessageClass::Success),
            signed: message.validate_integrity_with_key(&self.key()).is_ok(),
            nonce: message.attribute::<Nonce>().ok().map(text),
            realm: message
                .attribute::<Realm>()
                .ok()
                .map(|realm| realm.realm().to_owned()),
            mapped: message
                .attribute::<XorMappedAddress>()
                .ok()
                .map(|address| address.addr(transaction)),
            relayed: message
                .attribute::<XorRelayedAddress>()
                .ok()
                .map(|address| address.addr(transaction)),
            lifetime_s: message
                .attribute::<Lifetime>()
                .ok()
                .map(|lifetime| lifetime.seconds()),
            peer: message
                .attribute::<XorPeerAddress>()
                .ok()
                .map(|address| address.addr(transaction)),
            data: message
                .attribute::<Data<'_>>()
                .ok()
                .map(|data| data.data().to_vec()),
        };
        if reading.nonce.is_some() {
            self.nonce.clone_from(&reading.nonce);
        }
        if let Some(realm) = &reading.realm {
            self.realm.clone_from(realm);
        }
        Some(reading)
    }

    fn request(
        &self,
        method: Method,
        transaction: TransactionId,
        attributes: &[&dyn AttributeWrite],
    ) -> Vec<u8> {
        let mut message = Self::message(MessageClass::Request, method, transaction, attributes);
        if let Some(nonce) = &self.nonce {
            self.sign(&mut message, nonce);
        }
        message.finish()
    }

    /// What cannot be written, because credentials from elsewhere are too long, is left out: the server says 401.
    fn sign(&self, message: &mut MessageWriteVec, nonce: &str) {
        let username = Username::new(&self.credentials.username);
        let (Ok(username), Ok(realm), Ok(nonce)) = (username, Realm::new(&self.realm), Nonce::new(nonce))
        else {
            return;
        };
        let attributes: [&dyn AttributeWrite; 3] = [&username, &realm, &nonce];
        for attribute in attributes {
            message
                .add_attribute(attribute)
                .expect("attributes are there once");
        }
        message
            .add_message_integrity_with_key(&self.key(), IntegrityAlgorithm::Sha1)
            .expect("a message is signed once");
    }

    fn message(
        class: MessageClass,
        method: Method,
        transaction: TransactionId,
        attributes: &[&dyn AttributeWrite],
    ) -> MessageWriteVec {
        let kind = MessageType::from_class_method(class, method);
        let mut message = Message::builder(kind, transaction, MessageWriteVec::new());
        for attribute in attributes {
            message
                .add_attribute(*attribute)
                .expect("attributes are there once");
        }
        message
    }

    fn key(&self) -> stun_types::message::IntegrityKey {
        LongTermKeyCredentials::new(
            self.credentials.username.clone(),
            self.credentials.credential.clone(),
            self.realm.clone(),
        )
        .make_key(IntegrityAlgorithm::Sha1)
    }

    fn next(&mut self) -> TransactionId {
        self.transaction = self.transaction.wrapping_add(1);
        TransactionId::from(self.transaction)
    }
}

/// The transaction of a request.
#[must_use]
pub fn transaction(request: &[u8]) -> Option<u128> {
    let message = Message::from_bytes(request).ok()?;
    Some(message.transaction_id().into())
}
