//! The listeners' tasks: each accepts, bounds and serves connections until it is told to stop.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum_server::{
    Handle, Server,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use tokio::task::{JoinError, JoinSet};

use crate::{
    connection::{ConnectionLimit, Deadlines, Places},
    http::{Listener, router},
    state::AppState,
};

/// Streams that one HTTP/2 connection may have open.
const MAX_HTTP2_STREAMS: u32 = 128;

/// The listeners' tasks and their handles.
pub(crate) struct Servers {
    tasks: JoinSet<io::Result<()>>,
    handles: Vec<Handle<SocketAddr>>,
    places: Places,
}

impl Servers {
    /// Servers with places for so many connections.
    pub(crate) fn new(max_connections: usize) -> Self {
        Self {
            tasks: JoinSet::new(),
            handles: Vec::new(),
            places: Places::new(max_connections),
        }
    }

    /// Serves plain HTTP. The socket is closed when its task stops accepting, so nothing else may hold one.
    pub(crate) fn serve_plain(&mut self, state: &AppState, socket: TcpListener) -> io::Result<()> {
        let acceptor = self.limited(state, NoDelayAcceptor::new(), "plain");
        let server = self.server(state, socket)?.acceptor(acceptor);
        let service = router(state, Listener::Plain).into_make_service();
        self.tasks.spawn(server.serve(service));
        Ok(())
    }

    /// Serves HTTPS, likewise.
    pub(crate) fn serve_tls(
        &mut self,
        state: &AppState,
        socket: TcpListener,
        certificate: RustlsConfig,
    ) -> io::Result<()> {
        let acceptor = RustlsAcceptor::new(certificate)
            .handshake_timeout(state.config.limits.opening_timeout())
            .acceptor(NoDelayAcceptor::new());
        let acceptor = self.limited(state, acceptor, "tls");
        let server = self.server(state, socket)?.acceptor(acceptor);
        let service = router(state, Listener::Tls).into_make_service();
        self.tasks.spawn(server.serve(service));
        Ok(())
    }

    fn limited<A>(&self, state: &AppState, inner: A, listener: &'static str) -> ConnectionLimit<A> {
        let limits = &state.config.limits;
        ConnectionLimit {
            inner,
            places: self.places.clone(),
            deadlines: Deadlines {
                opening: limits.opening_timeout(),
                send: limits.send_timeout(),
            },
            shutdown: state.shutdown.clone(),
            listener,
        }
    }

    /// A server that limits slow clients: a time for headers, and signs of life asked for on HTTP/2.
    fn server(&mut self, state: &AppState, socket: TcpListener) -> io::Result<Server<SocketAddr>> {
        let header_timeout = state.config.limits.header_timeout();
        let mut server = axum_server::from_tcp(socket)?;
        let builder = server.http_builder();
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(header_timeout);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_HTTP2_STREAMS)
            .keep_alive_interval(header_timeout)
            .keep_alive_timeout(header_timeout);
        let handle = Handle::new();
        self.handles.push(handle.clone());
        Ok(server.handle(handle))
    }

    /// Waits until one of the tasks ended; `None`: all did.
    pub(crate) async fn join_next(&mut self) -> Option<io::Result<()>> {
        let ended = self.tasks.join_next().await?;
        Some(ended.unwrap_or_else(|error: JoinError| Err(io::Error::other(error))))
    }

    /// Has all of them close their listening sockets now, and end once requests in flight are answered, at the
    /// deadline in any case.
    pub(crate) fn begin_stop(&self, deadline: Duration) {
        for handle in &self.handles {
            handle.graceful_shutdown(Some(deadline));
        }
    }

    /// Ends all connections now.
    pub(crate) fn cut_off(&self) {
        for handle in &self.handles {
            handle.shutdown();
        }
    }
}
