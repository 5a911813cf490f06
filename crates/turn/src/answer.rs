//! What answers look like.

use std::net::SocketAddr;

use stun_types::{
    attribute::{AttributeType, ErrorCode, Nonce, Realm, UnknownAttributes, XorMappedAddress},
    message::{
        IntegrityAlgorithm, IntegrityKey, Message, MessageClass, MessageType, MessageWriteVec, Method,
        StunWriteError, TransactionId,
    },
    prelude::{AttributeWrite, MessageWrite as _, MessageWriteExt as _},
};

use crate::REALM;

/// The request that is answered: all that an answer needs of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub(crate) method: Method,
    pub(crate) transaction: TransactionId,
}

impl Question {
    pub(crate) fn of(message: &Message<'_>) -> Self {
        Self {
            method: message.method(),
            transaction: message.transaction_id(),
        }
    }

    fn builder(self, class: MessageClass) -> MessageWriteVec {
        let kind = MessageType::from_class_method(class, self.method);
        Message::builder(kind, self.transaction, MessageWriteVec::with_capacity(128))
    }

    /// A success with these attributes, signed.
    pub(crate) fn success(
        self,
        attributes: &[&dyn AttributeWrite],
        key: &IntegrityKey,
    ) -> Result<Vec<u8>, StunWriteError> {
        let mut answer = self.builder(MessageClass::Success);
        for attribute in attributes {
            answer.add_attribute(*attribute)?;
        }
        answer.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1)?;
        Ok(answer.finish())
    }

    /// The answer to a binding request.
    pub(crate) fn mapped(self, client: SocketAddr, fingerprint: bool) -> Result<Vec<u8>, StunWriteError> {
        let mut answer = self.builder(MessageClass::Success);
        answer.add_attribute(&XorMappedAddress::new(client, self.transaction))?;
        if fingerprint {
            answer.add_fingerprint()?;
        }
        Ok(answer.finish())
    }

    /// A refusal to who has shown who it is.
    pub(crate) fn refusal(
        self,
        code: u16,
        unknown: &[AttributeType],
        key: &IntegrityKey,
    ) -> Result<Vec<u8>, StunWriteError> {
        let mut answer = self.builder(MessageClass::Error);
        answer.add_attribute(&ErrorCode::builder(code).build()?)?;
        if !unknown.is_empty() {
            answer.add_attribute(&UnknownAttributes::new(unknown))?;
        }
        answer.add_message_integrity_with_key(key, IntegrityAlgorithm::Sha1)?;
        Ok(answer.finish())
    }

    /// A refusal to who has not, with what is needed to try again where there is a nonce. Its reason is left out and
    /// its nonce short: a forged address is to get little out of this.
    pub(crate) fn challenge(self, code: u16, nonce: Option<&str>) -> Result<Vec<u8>, StunWriteError> {
        let mut answer = self.builder(MessageClass::Error);
        answer.add_attribute(&ErrorCode::builder(code).reason("").build()?)?;
        if let Some(nonce) = nonce {
            answer.add_attribute(&Realm::new(REALM)?)?;
            answer.add_attribute(&Nonce::new(nonce)?)?;
        }
        Ok(answer.finish())
    }
}
