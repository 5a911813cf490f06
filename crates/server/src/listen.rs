//! Listening sockets.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
};

/// How often another free port is tried if the one found for IPv4 is taken for IPv6.
const ATTEMPTS: usize = 16;

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address} ({setting})")]
pub struct ListenError {
    /// What asked for it: an option of the command line, or a setting.
    pub setting: &'static str,
    /// The address.
    pub address: SocketAddr,
    /// Why: most often another program listens there.
    #[source]
    pub source: io::Error,
}

/// Listens on an address, as `setting` says.
///
/// # Errors
///
/// See [`ListenError`].
pub fn bind(address: SocketAddr, setting: &'static str) -> Result<TcpListener, ListenError> {
    let listen = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    listen().map_err(|source| ListenError {
        setting,
        address,
        source,
    })
}

/// Listens on `localhost`: on 127.0.0.1 and, where there is IPv6, on `::1` with the same port, as `option` says. Port 0
/// finds one.
///
/// # Errors
///
/// See [`ListenError`].
pub fn bind_localhost(port: u16, option: &'static str) -> Result<(u16, Vec<TcpListener>), ListenError> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let v4_address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        let v4 = bind(v4_address, option)?;
        let bound = v4
            .local_addr()
            .map_err(|source| ListenError {
                setting: option,
                address: v4_address,
                source,
            })?
            .port();
        match bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), bound), option) {
            Ok(v6) => return Ok((bound, vec![v4, v6])),
            Err(error) if error.source.kind() == io::ErrorKind::AddrInUse => {
                if port != 0 || attempts >= ATTEMPTS {
                    return Err(error);
                }
            }
            // There is no IPv6 on this machine.
            Err(_) => return Ok((bound, vec![v4])),
        }
    }
}
