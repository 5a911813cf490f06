//! The running server: from listening sockets to an orderly end.

use std::{io, net::TcpListener, path::PathBuf, sync::Arc, time::Duration};

use axum_server::tls_rustls::RustlsConfig;
use openline_turn::Secret;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    config::TurnConfig,
    domain::chat::{
        ChatRetention, attachments::run_attachment_housekeeping, run_housekeeping, run_scrubbing,
    },
    open_files::{Places, places_that_fit},
    servers::Servers,
    state::AppState,
    tls,
    turn::{Turn, TurnParts, TurnSockets},
};

/// How long after the deadline the listeners' tasks may take to end.
const CLOSING: Duration = Duration::from_secs(1);

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
    /// TURN.
    pub turn: Option<TurnListener>,
}

/// What TURN listens with.
#[derive(Debug)]
pub struct TurnListener {
    /// Its sockets.
    pub sockets: TurnSockets,
    /// What the credentials it takes are made with.
    pub secret: Secret,
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
        turn,
    } = listeners;
    let places = places_that_fit(&state.config, turn.is_some());
    let mut servers = Servers::new(places.connections);
    for socket in plain {
        servers.serve_plain(&state, socket)?;
    }
    if let Some(certificate) = &certificate {
        for socket in tls {
            servers.serve_tls(&state, socket, certificate.clone())?;
        }
    }
    let turn = turn
        .map(|listener| start_turn(&state, listener, certificate.clone(), places))
        .transpose()?;
    let retention = ChatRetention {
        events: state.config.chat.event_retention(),
        ..ChatRetention::default()
    };
    let housekeeping = tokio::spawn(run_housekeeping(state.chats.clone(), retention));
    let scrubbing = tokio::spawn(run_scrubbing(state.chats.clone()));
    let erasing = tokio::spawn(run_attachment_housekeeping(state.attachments.clone()));
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
            ended = servers.join_next() => break ended.unwrap_or(Ok(())),
        }
    };
    let deadline = Duration::from_secs(state.config.server.shutdown_timeout_s);
    tracing::info!(timeout_s = deadline.as_secs(), "stopping");
    state.trouter.drain().await;
    // Before sockets learn of it, so that a client that is told to reconnect does not come back to this process.
    servers.begin_stop(deadline);
    state.shutdown.begin();
    let stopped = async {
        let left = state.shutdown.sockets_ended(deadline).await;
        if left > 0 {
            tracing::warn!(left, "sockets were cut off");
        }
        while servers.join_next().await.is_some() {}
    };
    tokio::select! {
        () = stopped => {}
        // Who keeps connecting keeps a listening socket from being closed.
        () = tokio::time::sleep(deadline + CLOSING) => {}
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    servers.cut_off();
    // Last, so that media goes on for as long as anything does.
    if let Some(turn) = turn {
        turn.stop().await;
    }
    // Between two of its writes or in one, which is then finished or undone.
    housekeeping.abort();
    scrubbing.abort();
    erasing.abort();
    state.storage.close().await;
    tracing::info!("stopped");
    outcome
}

fn start_turn(
    state: &AppState,
    listener: TurnListener,
    certificate: Option<RustlsConfig>,
    places: Places,
) -> io::Result<Turn> {
    let config = TurnConfig {
        max_connections: places.turn_connections,
        max_allocations: places.turn_allocations,
        ..state.config.turn.clone()
    };
    Turn::start(TurnParts {
        config: &config,
        sockets: listener.sockets,
        secret: listener.secret,
        certificate,
        clock: Arc::clone(state.clock()),
    })
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
