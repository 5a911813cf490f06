//! One client: what it may, and what it gets for an answer.

use std::{fmt, net::SocketAddr};

use openline_protocol::Instant;
use stun_types::{
    AddressFamily,
    attribute::{Fingerprint, XorMappedAddress},
    message::{BINDING, IntegrityKey, Message, MessageClass, StunWriteError},
    prelude::AttributeStaticType as _,
};
use turn_types::{
    attribute::{Lifetime, RequestedTransport, XorRelayedAddress},
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND},
};

use crate::{
    Action, AllocateRequest, Head, Now, Relay, Username,
    allocation::{Allocation, Beginning, Reach, Refused, granted},
    answer::Question,
    authenticate::{Caller, Doubt, authenticate},
    peers::Verdict,
    quota::{Direction, Refusal},
    request::Attributes,
};

/// The channels that clients of RFC 5766 and of RFC 8656 use.
const CHANNELS: std::ops::RangeInclusive<u16> = 0x4000..=0x7fff;

/// What a client address has: at most one allocation.
pub struct Client {
    address: SocketAddr,
    stream: bool,
    allocation: Option<Box<Allocation>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("allocated", &self.allocation.is_some())
            .finish_non_exhaustive()
    }
}

/// An authenticated request.
struct Request {
    question: Question,
    attributes: Attributes,
    caller: Caller,
}

type Answered = Result<Action, StunWriteError>;

impl Client {
    /// A client that has nothing yet. `stream`: it talks over TCP or TLS.
    #[must_use]
    pub const fn new(address: SocketAddr, stream: bool) -> Self {
        Self {
            address,
            stream,
            allocation: None,
        }
    }

    /// Whether it has an allocation that has not expired.
    #[must_use]
    pub fn is_allocated(&self, now: Instant) -> bool {
        self.allocation
            .as_ref()
            .is_some_and(|allocation| allocation.expires > now)
    }

    /// A message of the client: a datagram, or what [`frame_length`](crate::frame_length) found on its stream.
    pub fn handle_message(&mut self, relay: &Relay, bytes: &[u8], now: Now) -> Action {
        match bytes.first() {
            Some(first) if first >> 6 == 1 => self.on_channel_data(relay, bytes, now.instant),
            Some(first) if first >> 6 == 0 => match Message::from_bytes(bytes) {
                Ok(message) => self.on_stun(relay, &message, now),
                Err(_) => Action::Ignore,
            },
            _ => Action::Ignore,
        }
    }

    /// A datagram that reached the relayed address: what to put in front of it, if the client gets it.
    pub fn handle_peer(&mut self, peer: SocketAddr, length: usize, now: Instant) -> Option<Head> {
        self.allocation.as_mut()?.head(peer, length, now)
    }

    /// The socket is bound, and clients reach it by `relayed`. Returns the answer.
    pub fn allocated(
        &mut self,
        relay: &Relay,
        request: AllocateRequest,
        relayed: SocketAddr,
        now: Instant,
    ) -> Vec<u8> {
        let AllocateRequest {
            question,
            caller,
            lease,
            lifetime_s,
            ..
        } = request;
        let allocation = Allocation::new(
            Beginning {
                caller,
                transaction: question.transaction,
                port: relay.ports.mark(relayed),
                lease,
                lifetime_s,
                stream: self.stream,
            },
            now,
        );
        let answer = self.allocation_answer(question, &allocation, now);
        self.allocation = Some(Box::new(allocation));
        answer.unwrap_or_default()
    }

    /// No socket could be bound. Returns the answer, 508.
    #[must_use]
    pub fn not_allocated(&self, request: &AllocateRequest) -> Vec<u8> {
        request
            .question
            .refusal(508, &[], &request.caller.key)
            .unwrap_or_default()
    }

    fn on_channel_data(&self, relay: &Relay, bytes: &[u8], now: Instant) -> Action {
        let (Some(allocation), &[high, low, length_high, length_low, ..]) = (&self.allocation, bytes) else {
            return Action::Ignore;
        };
        let length = usize::from(u16::from_be_bytes([length_high, length_low]));
        if bytes.len() < 4 + length || allocation.expires <= now {
            return Action::Ignore;
        }
        match allocation.peer_of(u16::from_be_bytes([high, low]), now) {
            Some((peer, reach)) => relayed(relay, allocation, (peer, reach), 4..4 + length, now),
            None => Action::Ignore,
        }
    }

    fn on_stun(&mut self, relay: &Relay, message: &Message<'_>, now: Now) -> Action {
        match message.class() {
            MessageClass::Request => self.on_request(relay, message, now).unwrap_or(Action::Ignore),
            MessageClass::Indication if message.method() == SEND => self.on_send(relay, message, now.instant),
            MessageClass::Indication | MessageClass::Success | MessageClass::Error => Action::Ignore,
        }
    }

    fn on_send(&self, relay: &Relay, message: &Message<'_>, now: Instant) -> Action {
        let Some(allocation) = self
            .allocation
            .as_ref()
            .filter(|allocation| allocation.expires > now)
        else {
            return Action::Ignore;
        };
        let Ok(attributes) = Attributes::read(message) else {
            return Action::Ignore;
        };
        let (&[peer], Some(data), []) = (&*attributes.peers, attributes.data, &*attributes.unknown) else {
            return Action::Ignore;
        };
        match allocation.permitted(peer.ip(), now) {
            Some(reach) => relayed(relay, allocation, (peer, reach), data, now),
            None => Action::Ignore,
        }
    }

    fn on_request(&mut self, relay: &Relay, message: &Message<'_>, now: Now) -> Answered {
        let question = Question::of(message);
        if question.method == BINDING {
            if !relay.sources.admits(self.address.ip(), now.instant) {
                return Ok(Action::Ignore);
            }
            let fingerprint = message.has_attribute(Fingerprint::TYPE);
            return Ok(Action::Answer(question.mapped(self.address, fingerprint)?));
        }
        if ![ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND].contains(&question.method) {
            return self.doubted(relay, question, Doubt::Malformed, now.instant);
        }
        let Ok(attributes) = Attributes::read(message) else {
            return self.doubted(relay, question, Doubt::Malformed, now.instant);
        };
        let known = self.allocation.as_ref().map(|allocation| &allocation.caller);
        match authenticate(relay, message, &attributes, self.address, known, now) {
            Ok(caller) => {
                let request = Request {
                    question,
                    attributes,
                    caller,
                };
                self.on_authenticated(relay, request, now.instant)
            }
            Err(doubt) => self.doubted(relay, question, doubt, now.instant),
        }
    }

    fn doubted(&self, relay: &Relay, question: Question, doubt: Doubt, now: Instant) -> Answered {
        if !relay.sources.admits(self.address.ip(), now) {
            return Ok(Action::Ignore);
        }
        let nonce = match doubt {
            Doubt::Malformed => None,
            Doubt::Unauthorized | Doubt::StaleNonce => Some(relay.nonces.issue(self.address, now)),
        };
        let code = doubt.code();
        Ok(Action::Refuse(code, question.challenge(code, nonce.as_deref())?))
    }

    fn on_authenticated(&mut self, relay: &Relay, request: Request, now: Instant) -> Answered {
        if !request.attributes.unknown.is_empty() {
            let unknown = &request.attributes.unknown;
            let answer = request.question.refusal(420, unknown, &request.caller.key)?;
            return Ok(Action::Refuse(420, answer));
        }
        if !self.is_allocated(now) {
            // The edge closes the socket of one that has expired when it next looks; its place is free now.
            self.allocation = None;
        }
        match &self.allocation {
            None if request.question.method == ALLOCATE => self.on_allocate(relay, request, now),
            None => request.refuse(437),
            Some(allocation) if allocation.caller.username != request.caller.username => request.refuse(441),
            Some(allocation) if request.question.method == ALLOCATE => {
                // A repeat, since the answer got lost; otherwise a defect.
                if allocation.transaction != request.question.transaction {
                    return request.refuse(437);
                }
                let answer = self.allocation_answer(request.question, allocation, now)?;
                Ok(Action::Answer(answer))
            }
            Some(_) if request.question.method == REFRESH => self.on_refresh(request, now),
            Some(_) if request.question.method == CREATE_PERMISSION => {
                self.on_permission(relay, request, now)
            }
            Some(_) => self.on_channel_bind(relay, request, now),
        }
    }

    fn on_allocate(&self, relay: &Relay, request: Request, now: Instant) -> Answered {
        let attributes = &request.attributes;
        match attributes.transport {
            Some(RequestedTransport::UDP) => {}
            Some(_) => return request.refuse(442),
            None => return request.refuse(400),
        }
        // Nobody on the web asks for a pair of ports.
        if attributes.reservation || attributes.even_port == Some(true) {
            return request.refuse(508);
        }
        let family = attributes.family.unwrap_or(AddressFamily::IPV4);
        let supported = match family {
            AddressFamily::IPV4 => relay.families.v4,
            AddressFamily::IPV6 => relay.families.v6,
        };
        if !supported {
            return request.refuse(440);
        }
        let id = Username::parse(&request.caller.username).map_or("", |username| username.id);
        let lease = match relay.quotas.lease(id, now) {
            Ok(lease) => lease,
            Err(Refusal::User) => return request.refuse(486),
            Err(Refusal::Total) => return request.refuse(508),
        };
        Ok(Action::Allocate(AllocateRequest {
            lifetime_s: granted(attributes.lifetime),
            even_port: attributes.even_port.is_some(),
            question: request.question,
            caller: request.caller,
            lease,
            family,
        }))
    }

    fn allocation_answer(
        &self,
        question: Question,
        allocation: &Allocation,
        now: Instant,
    ) -> Result<Vec<u8>, StunWriteError> {
        question.success(
            &[
                &XorRelayedAddress::new(allocation.port.address(), question.transaction),
                &Lifetime::new(allocation.seconds_left(now)),
                &XorMappedAddress::new(self.address, question.transaction),
            ],
            &allocation.caller.key,
        )
    }

    fn on_refresh(&mut self, request: Request, now: Instant) -> Answered {
        let Some(allocation) = &mut self.allocation else {
            return request.refuse(437);
        };
        let ipv4 = allocation.port.address().is_ipv4();
        if request
            .attributes
            .family
            .is_some_and(|family| (family == AddressFamily::IPV4) != ipv4)
        {
            return request.refuse(443);
        }
        let left = match request.attributes.lifetime {
            Some(0) => 0,
            requested => allocation.refresh(granted(requested), now),
        };
        let answer = request.success(&[&Lifetime::new(left)])?;
        if left > 0 {
            return Ok(Action::Answer(answer));
        }
        self.allocation = None;
        Ok(Action::Release(answer))
    }

    fn on_permission(&mut self, relay: &Relay, request: Request, now: Instant) -> Answered {
        let peers = &request.attributes.peers;
        let Some(allocation) = &mut self.allocation else {
            return request.refuse(437);
        };
        if peers.is_empty() {
            return request.refuse(400);
        }
        let reached: Result<Vec<_>, _> = peers.iter().map(|peer| reach(relay, allocation, *peer)).collect();
        let reached = match reached {
            Ok(reached) => reached,
            Err(code) => return request.refuse(code),
        };
        // All of them or none.
        if !allocation.has_room_for(peers, now) {
            return request.refuse(508);
        }
        for (peer, reach) in peers.iter().zip(reached) {
            if allocation.permit(peer.ip(), reach, now).is_err() {
                return request.refuse(508);
            }
        }
        Ok(Action::Answer(request.success(&[])?))
    }

    fn on_channel_bind(&mut self, relay: &Relay, request: Request, now: Instant) -> Answered {
        let Some(allocation) = &mut self.allocation else {
            return request.refuse(437);
        };
        let (&[peer], Some(number)) = (&*request.attributes.peers, request.attributes.channel) else {
            return request.refuse(400);
        };
        if !CHANNELS.contains(&number) {
            return request.refuse(400);
        }
        let reach = match reach(relay, allocation, peer) {
            Ok(reach) => reach,
            Err(code) => return request.refuse(code),
        };
        match allocation.bind(number, peer, reach, now) {
            Ok(()) => Ok(Action::Answer(request.success(&[])?)),
            Err(Refused::Taken) => request.refuse(400),
            Err(Refused::TooMany) => request.refuse(508),
        }
    }
}

impl Request {
    fn success(
        &self,
        attributes: &[&dyn stun_types::prelude::AttributeWrite],
    ) -> Result<Vec<u8>, StunWriteError> {
        self.question.success(attributes, self.key())
    }

    fn refuse(&self, code: u16) -> Answered {
        Ok(Action::Refuse(
            code,
            self.question.refusal(code, &[], self.key())?,
        ))
    }

    const fn key(&self) -> &IntegrityKey {
        &self.caller.key
    }
}

/// What is reached of a peer's address, or the code with which it is refused.
fn reach(relay: &Relay, allocation: &Allocation, peer: SocketAddr) -> Result<Reach, u16> {
    if peer.is_ipv4() != allocation.port.address().is_ipv4() {
        return Err(443);
    }
    match relay.peers.verdict(peer.ip()) {
        Verdict::Allowed => Ok(Reach::Everything),
        Verdict::Relayed => Ok(Reach::RelayedPorts),
        Verdict::Denied => Err(403),
    }
}

/// Data on its way to a peer.
fn relayed(
    relay: &Relay,
    allocation: &Allocation,
    (peer, reach): (SocketAddr, Reach),
    data: std::ops::Range<usize>,
    now: Instant,
) -> Action {
    let reached = match reach {
        Reach::Everything => peer.port() != 0,
        Reach::RelayedPorts => relay.ports.contains(peer),
    };
    if !reached {
        return Action::Ignore;
    }
    if !allocation.lease.passes(Direction::FromClient, data.len(), now) {
        return Action::OverRate;
    }
    Action::Send(peer, data)
}
