//! Sockets for relayed addresses.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
};

use rand::RngExt as _;

use super::bind::relayed_socket;
use crate::config::TurnConfig;

/// Ports that are tried for one allocation.
const ATTEMPTS: usize = 64;

/// Where relayed addresses are.
#[derive(Debug)]
pub(super) struct RelayPorts {
    v4: Option<Place>,
    v6: Option<Place>,
    min_port: u16,
    max_port: u16,
}

/// An address of this machine, and how others know it.
#[derive(Debug, Clone, Copy)]
struct Place {
    local: IpAddr,
    public: IpAddr,
}

impl RelayPorts {
    pub(super) fn new(config: &TurnConfig) -> Self {
        let place = |v4: bool| {
            let public = *config
                .public_addresses
                .iter()
                .find(|address| address.is_ipv4() == v4)?;
            Some(Place {
                local: local(public),
                public,
            })
        };
        Self {
            v4: place(true),
            v6: place(false),
            min_port: config.min_port,
            max_port: config.max_port,
        }
    }

    /// Whether there are relayed addresses of IPv4, or of IPv6.
    pub(super) const fn has(&self, v4: bool) -> bool {
        if v4 { self.v4.is_some() } else { self.v6.is_some() }
    }

    /// A socket on a port that nobody can guess, and the address at which peers reach it.
    pub(super) fn bind(&self, v4: bool, even: bool) -> io::Result<(UdpSocket, SocketAddr)> {
        let place = if v4 { self.v4 } else { self.v6 };
        let place = place.ok_or(io::ErrorKind::AddrNotAvailable)?;
        let mut last = io::ErrorKind::AddrInUse.into();
        for _ in 0..ATTEMPTS {
            let port = rand::rng().random_range(self.min_port..=self.max_port);
            if even && !port.is_multiple_of(2) {
                continue;
            }
            match relayed_socket(SocketAddr::new(place.local, port)) {
                Ok(socket) => return Ok((socket, SocketAddr::new(place.public, port))),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }
}

/// The public address itself, where this machine has it; behind a router that translates addresses, any.
fn local(public: IpAddr) -> IpAddr {
    match relayed_socket(SocketAddr::new(public, 0)) {
        Ok(_) => public,
        Err(_) if public.is_ipv4() => Ipv4Addr::UNSPECIFIED.into(),
        Err(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}
