//! The running server: from listening sockets to an orderly end.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
    task::JoinSet,
};

use crate::{
    config::LimitsConfig,
    connection_limit::ConnectionLimit,
    domain::chat::{ChatRetention, run_housekeeping},
    http::{Listener, router},
    state::AppState,
    tls,
};

/// Streams that one HTTP/2 connection may have open.
const MAX_HTTP2_STREAMS: u32 = 128;

/// How long a TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Where certificates are read again from.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    /// The certificate with its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub private_key: PathBuf,
}

/// What the server listens with.
#[derive(Default)]
pub struct Listeners {
    /// Plain HTTP.
    pub plain: Vec<TcpListener>,
    /// HTTPS.
    pub tls: Vec<TcpListener>,
    /// The certificate of `tls`.
    pub certificate: Option<RustlsConfig>,
    /// Where to read the certificate again from on SIGHUP.
    pub certificate_files: Option<CertificateFiles>,
}

impl std::fmt::Debug for Listeners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listeners")
            .field("plain", &self.plain)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// Serves until SIGINT or SIGTERM, then stops: accepts no more, has sockets reconnect elsewhere, finishes requests
/// in flight, closes the database. What has not finished at the deadline is cut off. `ready` is called once
/// connections are served.
///
/// # Errors
///
/// A listening socket, a signal handler or `ready` failed.
pub async fn run(
    state: AppState,
    listeners: Listeners,
    ready: impl FnOnce() -> io::Result<()>,
) -> io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let Listeners {
        plain,
        tls,
        certificate,
        certificate_files,
    } = listeners;
    let mut servers = Servers::start(&state, plain, tls, certificate.clone())?;
    let retention = ChatRetention {
        events: state.config.chat.event_retention(),
        ..ChatRetention::default()
    };
    let housekeeping = tokio::spawn(run_housekeeping(state.chats.clone(), retention));
    ready()?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        endpoint = state.endpoints.public,
        "ready"
    );

    let outcome = loop {
        tokio::select! {
            _ = interrupt.recv() => break Ok(()),
            _ = terminate.recv() => break Ok(()),
            _ = hang_up.recv() => reload_certificate(certificate.as_ref(), certificate_files.as_ref()),
            ended = servers.tasks.join_next() => break ended.map_or(Ok(()), flatten),
        }
    };
    let deadline = Duration::from_secs(state.config.server.shutdown_timeout_s);
    tracing::info!(timeout_s = deadline.as_secs(), "stopping");
    // First, so that a client that is told to reconnect does not come back to this process.
    servers.begin_stop(deadline);
    state.shutdown.begin();
    let stopped = async {
        let left = state.shutdown.sockets_ended(deadline).await;
        if left > 0 {
            tracing::warn!(left, "sockets were cut off");
        }
        while servers.tasks.join_next().await.is_some() {}
    };
    tokio::select! {
        () = stopped => {}
        _ = interrupt.recv() => servers.cut_off(),
        _ = terminate.recv() => servers.cut_off(),
    }
    // Between two of its writes or in one, which is then finished or undone.
    housekeeping.abort();
    state.storage.close().await;
    tracing::info!("stopped");
    outcome
}

/// The listeners' tasks and their handles.
struct Servers {
    tasks: JoinSet<io::Result<()>>,
    handles: Vec<Handle<SocketAddr>>,
}

impl Servers {
    /// Takes the listening sockets: each is closed when its task stops accepting, so nothing else may hold one.
    fn start(
        state: &AppState,
        plain: Vec<TcpListener>,
        tls: Vec<TcpListener>,
        certificate: Option<RustlsConfig>,
    ) -> io::Result<Self> {
        let places = Arc::new(Semaphore::new(state.config.limits.max_connections));
        let mut servers = Self {
            tasks: JoinSet::new(),
            handles: Vec::new(),
        };
        for socket in plain {
            let acceptor = ConnectionLimit::new(NoDelayAcceptor::new(), Arc::clone(&places), "plain");
            let mut server = axum_server::from_tcp(socket)?.acceptor(acceptor);
            limit(server.http_builder(), &state.config.limits);
            let server = server.handle(servers.new_handle());
            let service = router(state, Listener::Plain).into_make_service();
            servers.tasks.spawn(server.serve(service));
        }
        let Some(certificate) = certificate else {
            return Ok(servers);
        };
        for socket in tls {
            let acceptor = RustlsAcceptor::new(certificate.clone())
                .handshake_timeout(HANDSHAKE_TIMEOUT)
                .acceptor(NoDelayAcceptor::new());
            let acceptor = ConnectionLimit::new(acceptor, Arc::clone(&places), "tls");
            let mut server = axum_server::from_tcp(socket)?.acceptor(acceptor);
            limit(server.http_builder(), &state.config.limits);
            let server = server.handle(servers.new_handle());
            let service = router(state, Listener::Tls).into_make_service();
            servers.tasks.spawn(server.serve(service));
        }
        Ok(servers)
    }

    fn new_handle(&mut self) -> Handle<SocketAddr> {
        let handle = Handle::new();
        self.handles.push(handle.clone());
        handle
    }

    fn begin_stop(&self, deadline: Duration) {
        for handle in &self.handles {
            handle.graceful_shutdown(Some(deadline));
        }
    }

    fn cut_off(&self) {
        for handle in &self.handles {
            handle.shutdown();
        }
    }
}

/// Slow clients: a time limit for headers, and signs of life asked for on HTTP/2.
fn limit(builder: &mut Builder<TokioExecutor>, limits: &LimitsConfig) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout());
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_HTTP2_STREAMS)
        .keep_alive_interval(limits.header_timeout())
        .keep_alive_timeout(limits.header_timeout());
}

fn flatten(ended: Result<io::Result<()>, tokio::task::JoinError>) -> io::Result<()> {
    ended.unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn reload_certificate(config: Option<&RustlsConfig>, files: Option<&CertificateFiles>) {
    let (Some(config), Some(files)) = (config, files) else {
        return;
    };
    match tls::from_files(&files.certificate, &files.private_key) {
        Ok(renewed) => {
            config.reload_from_config(renewed);
            tracing::info!("the certificate was read again");
        }
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "the certificate stays as it was");
        }
    }
}
