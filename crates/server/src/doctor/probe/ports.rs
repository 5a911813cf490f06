//! Whether the ports of the settings are free.

use std::{
    io,
    net::{SocketAddr, TcpListener, UdpSocket},
};

use crate::{config::Config, doctor::judge::machine::Port};

/// A port that the settings ask for.
#[derive(Debug, Clone, Copy)]
pub(in crate::doctor) struct Asked {
    pub(in crate::doctor) setting: &'static str,
    pub(in crate::doctor) address: SocketAddr,
    udp: bool,
}

impl Asked {
    /// As a person reads it.
    pub(in crate::doctor) fn told(&self) -> String {
        let kind = if self.udp { "udp" } else { "tcp" };
        format!("{kind} {}", self.address)
    }
}

/// All ports that the settings ask for by number.
pub(in crate::doctor) fn asked(config: &Config) -> Vec<Asked> {
    let one = |setting, address: Option<SocketAddr>, udp| {
        address.map(|address| Asked {
            setting,
            address,
            udp,
        })
    };
    let each = |setting, addresses: &[SocketAddr], udp| {
        let asked = addresses.iter().map(|address| Asked {
            setting,
            address: *address,
            udp,
        });
        asked.collect::<Vec<_>>()
    };
    let mut all: Vec<_> = one("server.https_bind", config.server.https_bind, false)
        .into_iter()
        .chain(one("server.http_bind", config.server.http_bind, false))
        .chain(each("turn.udp_bind", &config.turn.udp_bind, true))
        .chain(each("turn.tcp_bind", &config.turn.tcp_bind, false))
        .chain(each("turn.tls_bind", &config.turn.tls_bind, false))
        .collect();
    all.retain(|asked| asked.address.port() != 0);
    all
}

/// Binds it for a moment, where nobody else has it.
pub(in crate::doctor) fn try_port(asked: &Asked) -> Port {
    let bound = if asked.udp {
        UdpSocket::bind(asked.address).map(drop)
    } else {
        TcpListener::bind(asked.address).map(drop)
    };
    let Err(error) = bound else { return Port::Free };
    let meanings = [
        (io::ErrorKind::AddrInUse, Port::Taken),
        (io::ErrorKind::PermissionDenied, Port::Forbidden),
        (io::ErrorKind::AddrNotAvailable, Port::NotHere),
    ];
    let meaning = meanings.into_iter().find(|(kind, _)| *kind == error.kind());
    meaning.map_or(Port::Unknown, |(_, port)| port)
}
