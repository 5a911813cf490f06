//! TURN over TCP and TLS: a task for each connection.

mod addresses;
mod connection;
mod outbox;
mod relayed;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use tokio::{
    net::TcpStream,
    sync::Semaphore,
    time::{sleep, timeout_at},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    addresses::Addresses,
    connection::{Connection, ConnectionParts},
};
use super::{Shared, metrics::connection_refused};
use crate::config::TurnConfig;

/// How long to wait where the system has no more sockets.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// The places for connections, of all listeners together.
#[derive(Debug, Clone)]
pub(super) struct StreamLimits {
    places: Arc<Semaphore>,
    addresses: Addresses,
    /// How long a connection may be without an allocation.
    unallocated: Duration,
}

impl StreamLimits {
    pub(super) fn new(config: &TurnConfig) -> Self {
        Self {
            places: Arc::new(Semaphore::new(config.max_connections)),
            addresses: Addresses::new(config.max_unallocated_per_address),
            unallocated: config.allocation_timeout(),
        }
    }
}

/// Serves a listener until it is stopped.
pub(super) fn listen(
    shared: &Arc<Shared>,
    listener: TcpListener,
    certificate: Option<RustlsConfig>,
    limits: &StreamLimits,
    (stop, tasks): (&CancellationToken, &TaskTracker),
) -> io::Result<()> {
    let acceptor = Acceptor {
        shared: Arc::clone(shared),
        certificate: certificate.map(Certificate::new),
        limits: limits.clone(),
        stop: stop.clone(),
        tasks: tasks.clone(),
    };
    let listener = tokio::net::TcpListener::from_std(listener)?;
    tasks.spawn(acceptor.accept_all(listener));
    Ok(())
}

struct Acceptor {
    shared: Arc<Shared>,
    certificate: Option<Certificate>,
    limits: StreamLimits,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Acceptor {
    async fn accept_all(mut self, listener: tokio::net::TcpListener) {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, client)) => self.accept(stream, client),
                Err(error) => {
                    tracing::debug!(%error, "a connection for TURN could not be accepted");
                    sleep(EXHAUSTED).await;
                }
            }
        }
    }

    fn accept(&mut self, stream: TcpStream, client: SocketAddr) {
        let Ok(place) = Arc::clone(&self.limits.places).try_acquire_owned() else {
            return connection_refused("all");
        };
        let Some(of_address) = self.limits.addresses.enter(client.ip()) else {
            return connection_refused("address");
        };
        let tls = self.certificate.as_mut().map(Certificate::current);
        let transport = if tls.is_some() { "tls" } else { "tcp" };
        let connection = Connection::new(ConnectionParts {
            shared: Arc::clone(&self.shared),
            address: client,
            transport,
            place: of_address,
            unallocated: self.limits.unallocated,
        });
        let stop = self.stop.clone();
        let gauge = metrics::gauge!("openline_turn_connections", "transport" => transport);
        self.tasks.spawn(async move {
            gauge.increment(1);
            tokio::select! {
                () = stop.cancelled() => {}
                () = serve(connection, stream, tls) => {}
            }
            gauge.decrement(1);
            drop(place);
        });
    }
}

async fn serve(connection: Connection, stream: TcpStream, tls: Option<Arc<ServerConfig>>) {
    // Without it media waits for acknowledgements; with an error there the connection is of no use.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let Some(tls) = tls else {
        let (reader, writer) = stream.into_split();
        return connection.serve(reader, writer).await;
    };
    let accepted = timeout_at(connection.due(), TlsAcceptor::from(tls).accept(stream)).await;
    if let Ok(Ok(stream)) = accepted {
        let (reader, writer) = tokio::io::split(stream);
        connection.serve(reader, writer).await;
    }
}

/// The server's certificate, without the protocols of HTTP.
struct Certificate {
    source: RustlsConfig,
    read: Arc<ServerConfig>,
    offered: Arc<ServerConfig>,
}

impl Certificate {
    fn new(source: RustlsConfig) -> Self {
        let read = source.get_inner();
        Self {
            source,
            offered: Self::offered(&read),
            read,
        }
    }

    /// What holds now: it may have been reloaded.
    fn current(&mut self) -> Arc<ServerConfig> {
        let now = self.source.get_inner();
        if !Arc::ptr_eq(&now, &self.read) {
            self.offered = Self::offered(&now);
            self.read = now;
        }
        Arc::clone(&self.offered)
    }

    fn offered(read: &Arc<ServerConfig>) -> Arc<ServerConfig> {
        let mut config = ServerConfig::clone(read);
        config.alpn_protocols.clear();
        Arc::new(config)
    }
}
