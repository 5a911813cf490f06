//! TURN and STUN: the sockets around `openline_turn`, which decides.
//!
//! UDP has a thread of its own ([`udp`]): it waits for all sockets at once, takes many datagrams with a system call and
//! sends many with another. A connection over TCP or TLS is a task of the runtime ([`stream`]). Nothing here logs an
//! address, a user or a credential.

mod batch;
mod bind;
mod metrics;
mod own_addresses;
mod relay_ports;
mod secret;
mod stream;
mod udp;

use std::{io, sync::Arc, thread::JoinHandle};

use axum_server::tls_rustls::RustlsConfig;
use openline_turn::{Families, Now, PeerRules, Relay, RelayParts, Secret};
use rand::RngExt as _;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use self::own_addresses::own_addresses;
pub use self::{bind::TurnSockets, secret::turn_secret};
use self::{
    relay_ports::RelayPorts,
    stream::StreamLimits,
    udp::{Stop, UdpRelay, UdpSockets},
};
use crate::{clock::Clock, config::TurnConfig};

/// What a TURN server is made from.
pub struct TurnParts<'a> {
    /// The settings.
    pub config: &'a TurnConfig,
    /// What it listens on.
    pub sockets: TurnSockets,
    /// Makes the credentials it takes.
    pub secret: Secret,
    /// The certificate for TLS; what it is reloaded with counts from the next connection on.
    pub certificate: Option<RustlsConfig>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for TurnParts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TurnParts").finish_non_exhaustive()
    }
}

/// What clients of all transports share.
struct Shared {
    relay: Relay,
    ports: RelayPorts,
    clock: Arc<dyn Clock>,
}

impl Shared {
    fn now(&self) -> Now {
        Now {
            instant: self.clock.monotonic(),
            time: self.clock.now(),
        }
    }
}

/// A running TURN server.
#[derive(Debug)]
pub struct Turn {
    udp: Option<(Stop, JoinHandle<()>)>,
    stop_streams: CancellationToken,
    streams: TaskTracker,
}

impl Turn {
    /// Starts serving. To be called within a runtime.
    ///
    /// # Errors
    ///
    /// The system refused a thread, or to wait for a socket.
    pub fn start(parts: TurnParts<'_>) -> io::Result<Self> {
        let TurnParts {
            config,
            sockets,
            secret,
            certificate,
            clock,
        } = parts;
        metrics::describe();
        let ports = RelayPorts::new(config);
        let peers = PeerRules::new(config.allowed_peers.clone(), own_addresses());
        let relay = Relay::new(RelayParts {
            secret,
            nonce_key: rand::rng().random(),
            peers: peers.relayed_at(config.public_addresses.clone()),
            limits: config.quotas(),
            unauthenticated_per_second: config.unauthenticated_per_second,
            families: Families {
                v4: ports.has(true),
                v6: ports.has(false),
            },
            now: clock.monotonic(),
        });
        let shared = Arc::new(Shared { relay, ports, clock });
        let udp = if sockets.udp.is_empty() {
            None
        } else {
            let (udp, stop) = UdpSockets::new(sockets.udp)?;
            let shared = Arc::clone(&shared);
            let thread = std::thread::Builder::new().name("openline-turn".to_owned());
            Some((stop, thread.spawn(move || UdpRelay::new(shared, udp).run())?))
        };
        let (stop_streams, streams) = (CancellationToken::new(), TaskTracker::new());
        let limits = StreamLimits::new(config);
        for listener in sockets.tcp {
            stream::listen(&shared, listener, None, &limits, (&stop_streams, &streams))?;
        }
        for listener in sockets.tls {
            let certificate = certificate.clone();
            stream::listen(&shared, listener, certificate, &limits, (&stop_streams, &streams))?;
        }
        streams.close();
        Ok(Self {
            udp,
            stop_streams,
            streams,
        })
    }

    /// Ends all allocations and closes all sockets.
    pub async fn stop(self) {
        self.stop_streams.cancel();
        self.streams.wait().await;
        if let Some((stop, thread)) = self.udp
            && stop.stop().is_ok()
        {
            // It looks at this next. A panic in it was reported by the panic hook.
            drop(tokio::task::spawn_blocking(move || thread.join()).await);
        }
    }
}
