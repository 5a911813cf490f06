//! Names, and connections over TCP.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use crate::doctor::judge::reach::Unconnected;

/// A connection, with TLS or without.
pub(in crate::doctor) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// All addresses of a host, each once.
pub(in crate::doctor) async fn resolve(host: &str, limit: Duration) -> Result<Vec<IpAddr>, String> {
    if let Ok(address) = host.parse() {
        return Ok(vec![address]);
    }
    let found = timeout(limit, tokio::net::lookup_host((host, 0))).await;
    let found = found.map_err(|_elapsed| "no name server answered in time".to_owned())?;
    let mut addresses: Vec<_> = found
        .map_err(|error| error.to_string())?
        .map(|address| address.ip())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    Ok(addresses)
}

/// A connection, and how long it took.
pub(in crate::doctor) async fn connect(
    address: SocketAddr,
    limit: Duration,
) -> Result<(TcpStream, Duration), Unconnected> {
    let begun = Instant::now();
    match timeout(limit, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => Ok((stream, begun.elapsed())),
        Ok(Err(error)) => Err(unconnected(&error)),
        Err(_elapsed) => Err(Unconnected::NoAnswer),
    }
}

fn unconnected(error: &io::Error) -> Unconnected {
    let kind = error.kind();
    let no_route = [
        io::ErrorKind::NetworkUnreachable,
        io::ErrorKind::HostUnreachable,
        io::ErrorKind::AddrNotAvailable,
    ];
    if kind == io::ErrorKind::ConnectionRefused {
        Unconnected::Refused
    } else if no_route.contains(&kind) {
        Unconnected::NoRoute
    } else if kind == io::ErrorKind::TimedOut {
        Unconnected::NoAnswer
    } else {
        Unconnected::Other(error.to_string())
    }
}
