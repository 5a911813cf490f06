//! The sockets that clients reach.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
};

use socket2::{Domain, Protocol, Socket, Type};

use crate::{config::TurnConfig, listen::ListenError};

/// What a socket for all clients may hold until it is read: a moment of busy media.
const RECEIVE_BUFFER_BYTES: usize = 4 << 20;

const BACKLOG: i32 = 1024;

/// The ports that TURN has by custom.
const PORT: u16 = 3478;
const TLS_PORT: u16 = 5349;

/// Sockets for TURN.
#[derive(Debug, Default)]
pub struct TurnSockets {
    pub(super) udp: Vec<UdpSocket>,
    pub(super) tcp: Vec<TcpListener>,
    pub(super) tls: Vec<TcpListener>,
}

impl TurnSockets {
    /// Binds what the settings name.
    ///
    /// # Errors
    ///
    /// See [`ListenError`].
    pub fn bind(config: &TurnConfig) -> Result<Self, ListenError> {
        let each = |addresses: &[SocketAddr], setting, kind| {
            let bound = addresses.iter().map(|address| {
                socket(*address, kind).map_err(|source| ListenError {
                    setting,
                    address: *address,
                    source,
                })
            });
            bound.collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            udp: into(each(&config.udp_bind, "turn.udp_bind", Type::DGRAM)?),
            tcp: into(each(&config.tcp_bind, "turn.tcp_bind", Type::STREAM)?),
            tls: into(each(&config.tls_bind, "turn.tls_bind", Type::STREAM)?),
        })
    }

    /// Binds one of each on 127.0.0.1: on TURN's own ports where they are free, else on any.
    ///
    /// # Errors
    ///
    /// See [`ListenError`].
    pub fn bind_localhost() -> Result<Self, ListenError> {
        let either = |port, kind| {
            let address = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            socket(address(port), kind)
                .or_else(|_taken| socket(address(0), kind))
                .map_err(|source| ListenError {
                    setting: "TURN",
                    address: address(0),
                    source,
                })
        };
        Ok(Self {
            udp: into(vec![either(PORT, Type::DGRAM)?]),
            tcp: into(vec![either(PORT, Type::STREAM)?]),
            tls: into(vec![either(TLS_PORT, Type::STREAM)?]),
        })
    }

    /// The addresses of each kind: UDP, TCP, TLS.
    #[must_use]
    pub fn addresses(&self) -> [Vec<SocketAddr>; 3] {
        let of = |listeners: &[TcpListener]| {
            let addresses = listeners.iter().filter_map(|listener| listener.local_addr().ok());
            addresses.collect()
        };
        let udp = self.udp.iter().filter_map(|socket| socket.local_addr().ok());
        [udp.collect(), of(&self.tcp), of(&self.tls)]
    }

    /// What clients that reach these ports at `host` are told to use: the cheapest way first.
    #[must_use]
    pub fn urls(&self, host: &str) -> Vec<String> {
        let [udp, tcp, tls] = self.addresses();
        let mut urls = Vec::new();
        let kinds = [
            ("stun", host, "", &udp),
            ("turn", host, "?transport=udp", &udp),
            ("turn", host, "?transport=tcp", &tcp),
            ("turns", named(host), "?transport=tcp", &tls),
        ];
        for (scheme, host, transport, addresses) in kinds {
            for address in addresses {
                let url = format!("{scheme}:{host}:{}{transport}", address.port());
                if !urls.contains(&url) {
                    urls.push(url);
                }
            }
        }
        urls
    }
}

/// Firefox leaves out a relay over TLS that has an address for a name. This machine has one that everybody knows.
fn named(host: &str) -> &str {
    match host.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => "localhost",
        Ok(_) | Err(_) => host,
    }
}

fn into<T: From<Socket>>(sockets: Vec<Socket>) -> Vec<T> {
    sockets.into_iter().map(T::from).collect()
}

/// A socket that is bound, and listens if it can. One of IPv6 is that alone.
fn socket(address: SocketAddr, kind: Type) -> io::Result<Socket> {
    let protocol = if kind == Type::DGRAM {
        Protocol::UDP
    } else {
        Protocol::TCP
    };
    let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    if kind == Type::DGRAM {
        // As much of it as the system allows.
        socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
        socket.set_send_buffer_size(RECEIVE_BUFFER_BYTES)?;
    } else {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    if kind == Type::STREAM {
        socket.listen(BACKLOG)?;
    }
    Ok(socket)
}

/// A socket for a relayed address.
pub(super) fn relayed_socket(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket.into())
}
