//! An allocation: its relayed address, whom it talks to, and until when.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use openline_protocol::Instant;
use stun_types::message::TransactionId;

use crate::{
    DEFAULT_LIFETIME_S, Head, MAX_LIFETIME_S, MAX_PEERS,
    authenticate::Caller,
    ports::PortMark,
    quota::{Direction, Lease},
};

const PERMISSION: Duration = Duration::from_secs(300);
const CHANNEL: Duration = Duration::from_secs(600);

/// However often it is refreshed, an allocation ends after a day: its credentials were checked when it was made.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// An allocation of a client.
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) caller: Caller,
    /// The request that made it, which may come again.
    pub(crate) transaction: TransactionId,
    pub(crate) port: PortMark,
    pub(crate) lease: Lease,
    pub(crate) expires: Instant,
    ends: Instant,
    permissions: Vec<Permission>,
    channels: Vec<Channel>,
    /// For data indications, each of which has a transaction of its own.
    indication: [u8; 12],
    stream: bool,
}

#[derive(Debug)]
struct Permission {
    peer: IpAddr,
    reach: Reach,
    expires: Instant,
}

#[derive(Debug)]
struct Channel {
    number: u16,
    peer: SocketAddr,
    expires: Instant,
}

/// What an allocation begins with.
pub(crate) struct Beginning {
    pub(crate) caller: Caller,
    pub(crate) transaction: TransactionId,
    pub(crate) port: PortMark,
    pub(crate) lease: Lease,
    pub(crate) lifetime_s: u32,
    pub(crate) stream: bool,
}

/// What of a permitted address is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Everything,
    /// The relayed ports of this server.
    RelayedPorts,
}

/// The allocation has as many peers as it may, or the channel is another's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    TooMany,
    Taken,
}

/// The lifetime that a client gets for what it asked.
pub(crate) fn granted(requested: Option<u32>) -> u32 {
    requested
        .unwrap_or(DEFAULT_LIFETIME_S)
        .clamp(DEFAULT_LIFETIME_S, MAX_LIFETIME_S)
}

impl Allocation {
    pub(crate) fn new(beginning: Beginning, now: Instant) -> Self {
        let Beginning {
            caller,
            transaction,
            port,
            lease,
            lifetime_s,
            stream,
        } = beginning;
        let mut indication = [0; 12];
        indication.copy_from_slice(&u128::from(transaction).to_be_bytes()[4..]);
        Self {
            caller,
            transaction,
            port,
            lease,
            expires: now + Duration::from_secs(lifetime_s.into()),
            ends: now + MAX_AGE,
            permissions: Vec::new(),
            channels: Vec::new(),
            indication,
            stream,
        }
    }

    /// Lets it live on; says for how many seconds, 0 if it is over.
    pub(crate) fn refresh(&mut self, lifetime_s: u32, now: Instant) -> u32 {
        self.expires = (now + Duration::from_secs(lifetime_s.into())).min(self.ends);
        self.seconds_left(now)
    }

    pub(crate) fn seconds_left(&self, now: Instant) -> u32 {
        let left = self.expires.saturating_duration_since(now).as_secs();
        u32::try_from(left).unwrap_or(u32::MAX)
    }

    /// Lets the peer send, and be sent to.
    pub(crate) fn permit(&mut self, peer: IpAddr, reach: Reach, now: Instant) -> Result<(), Refused> {
        let expires = now + PERMISSION;
        if let Some(permission) = self
            .permissions
            .iter_mut()
            .find(|permission| permission.peer == peer)
        {
            permission.expires = expires;
            return Ok(());
        }
        self.permissions.retain(|permission| permission.expires > now);
        if self.permissions.len() >= MAX_PEERS {
            return Err(Refused::TooMany);
        }
        self.permissions.push(Permission { peer, reach, expires });
        Ok(())
    }

    /// Whether so many addresses can be permitted.
    pub(crate) fn has_room_for(&mut self, peers: &[SocketAddr], now: Instant) -> bool {
        self.permissions.retain(|permission| permission.expires > now);
        let known = |peer: &&SocketAddr| self.permissions.iter().any(|known| known.peer == peer.ip());
        let new = peers.iter().filter(|peer| !known(peer)).count();
        self.permissions.len() + new <= MAX_PEERS
    }

    /// What is reached of this address; `None`: nothing.
    pub(crate) fn permitted(&self, peer: IpAddr, now: Instant) -> Option<Reach> {
        self.permissions
            .iter()
            .find(|permission| permission.peer == peer && permission.expires > now)
            .map(|permission| permission.reach)
    }

    /// Binds the channel and permits the peer.
    pub(crate) fn bind(
        &mut self,
        number: u16,
        peer: SocketAddr,
        reach: Reach,
        now: Instant,
    ) -> Result<(), Refused> {
        self.channels.retain(|channel| channel.expires > now);
        let same = |channel: &Channel| channel.number == number && channel.peer == peer;
        let half = |channel: &Channel| channel.number == number || channel.peer == peer;
        match self.channels.iter_mut().find(|channel| half(channel)) {
            Some(channel) if !same(channel) => return Err(Refused::Taken),
            Some(channel) => {
                channel.expires = now + CHANNEL;
                return self.permit(peer.ip(), reach, now);
            }
            None => {}
        }
        if self.channels.len() >= MAX_PEERS {
            return Err(Refused::TooMany);
        }
        self.permit(peer.ip(), reach, now)?;
        self.channels.push(Channel {
            number,
            peer,
            expires: now + CHANNEL,
        });
        Ok(())
    }

    /// The peer behind a channel, if it is permitted.
    pub(crate) fn peer_of(&self, number: u16, now: Instant) -> Option<(SocketAddr, Reach)> {
        let channel = self.channels.iter().find(|channel| channel.number == number)?;
        let reach = self.permitted(channel.peer.ip(), now)?;
        (channel.expires > now).then_some((channel.peer, reach))
    }

    /// What goes in front of data from a peer; `None`: the data is not for the client.
    pub(crate) fn head(&mut self, peer: SocketAddr, length: usize, now: Instant) -> Option<Head> {
        if self.expires <= now {
            return None;
        }
        self.permitted(peer.ip(), now)?;
        if !self.lease.passes(Direction::ToClient, length, now) {
            return None;
        }
        let channel = self
            .channels
            .iter()
            .find(|channel| channel.peer == peer && channel.expires > now);
        match channel {
            Some(channel) => Head::channel(channel.number, length, self.stream),
            None => {
                let [.., high, low] = &mut self.indication;
                let next = u16::from_be_bytes([*high, *low]).wrapping_add(1);
                [*high, *low] = next.to_be_bytes();
                Head::indication(peer, self.indication, length)
            }
        }
    }
}
