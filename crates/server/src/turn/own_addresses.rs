//! The addresses of this machine, which allocations do not reach.

use std::net::{IpAddr, SocketAddrV4, SocketAddrV6};

use nix::{ifaddrs::getifaddrs, sys::socket::SockaddrStorage};

/// The addresses of all interfaces. What the system does not tell is missing: loopback and private networks are closed
/// all the same.
pub(crate) fn own_addresses() -> Vec<IpAddr> {
    let Ok(interfaces) = getifaddrs() else {
        tracing::warn!(
            "the system does not tell its addresses: allocations are kept from turn.public_addresses alone"
        );
        return Vec::new();
    };
    interfaces
        .filter_map(|interface| ip(interface.address?))
        .collect()
}

fn ip(address: SockaddrStorage) -> Option<IpAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(IpAddr::V4(*SocketAddrV4::from(*v4).ip()));
    }
    let v6 = address.as_sockaddr_in6()?;
    Some(IpAddr::V6(*SocketAddrV6::from(*v6).ip()))
}
