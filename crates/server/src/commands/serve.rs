//! `openline-server serve`: production, as the settings say.

use std::{error::Error as _, sync::Arc};

use axum_server::tls_rustls::RustlsConfig;
use serde_json::json;

use super::{CommandError, open_objects, own_relay, print_json};
use crate::{
    cli::ServeArgs,
    clock::SystemClock,
    config::{self, Config, ConfigError, ServerConfig},
    data_dir::DataDir,
    listen::bind,
    run::{CertificateFiles, Listeners, TurnListener, run as serve},
    state::{AppParts, AppState, Endpoints, Mode},
    storage::sqlite,
    telemetry,
    tls::{self, TlsError},
    turn::TurnSockets,
};

pub(super) async fn run(args: ServeArgs) -> Result<(), CommandError> {
    let config = config::load(&args.config)?;
    telemetry::logs::init(&config.log);
    telemetry::metrics::init();

    let tls = certificate(&config)?;
    let data_dir = DataDir::lock(&config.server.data_dir)?;
    let mut listeners = listeners(&config.server, tls)?;
    let turn_sockets = TurnSockets::bind(&config.turn)?;
    let turn_addresses = turn_sockets.addresses();
    let relay = if config.turn.listens() {
        Some(own_relay(
            &config,
            &data_dir,
            &turn_sockets,
            &public_host(&config.server),
        )?)
    } else {
        None
    };
    listeners.turn = relay.as_ref().map(|relay| TurnListener {
        sockets: turn_sockets,
        secret: relay.secret.clone(),
    });
    let storage = sqlite::open(&data_dir.database()?).await?;
    let objects = open_objects(&config.attachments, &data_dir)?;
    let endpoints = Endpoints {
        public: config.server.public_endpoint.clone(),
        plain: None,
    };
    let address =
        |sockets: &[std::net::TcpListener]| sockets.first().and_then(|socket| socket.local_addr().ok());
    let ready = json!({
        "event": "ready",
        "endpoint": endpoints.public,
        "httpBind": address(&listeners.plain),
        "httpsBind": address(&listeners.tls),
        "turnBind": turn_addresses,
    });
    let clock = Arc::new(SystemClock::default());
    let state = AppState::assemble(AppParts {
        config,
        mode: Mode::Serve,
        endpoints,
        storage,
        objects,
        relay,
        clock,
    })
    .await?;
    if state.resources.all().is_empty() {
        tracing::warn!("there is no resource yet: create one with `openline-server resource create`");
    }
    Ok(serve(state, listeners, || print_json(&ready)).await?)
}

/// A certificate and where it was read from.
type Certificate = (RustlsConfig, CertificateFiles);

/// The certificate that the settings name, if they ask for HTTPS or TURN over TLS.
fn certificate(config: &Config) -> Result<Option<Certificate>, ConfigError> {
    let needed = config.server.https_bind.is_some() || !config.turn.tls_bind.is_empty();
    let (true, Some(certificate), Some(private_key)) =
        (needed, &config.server.certificate, &config.server.private_key)
    else {
        return Ok(None);
    };
    let tls = tls::from_files(certificate, private_key).map_err(|error| wrong_certificate(&error))?;
    let files = CertificateFiles {
        certificate: certificate.clone(),
        private_key: private_key.clone(),
    };
    Ok(Some((RustlsConfig::from_config(tls), files)))
}

/// What is wrong with which of the two settings.
fn wrong_certificate(error: &TlsError) -> ConfigError {
    let setting = match error {
        TlsError::UnusableKey(_)
        | TlsError::Unreadable {
            what: "private key", ..
        } => "private_key",
        TlsError::Unreadable { .. }
        | TlsError::Empty(_)
        | TlsError::Unusable(_)
        | TlsError::Local(_)
        | TlsError::DataDir(_) => "certificate",
    };
    let mut problem = format!("is wrong: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        problem.push_str(&format!(": {error}"));
        cause = error.source();
    }
    ConfigError::invalid("server", setting, &problem)
}

fn listeners(config: &ServerConfig, certificate: Option<Certificate>) -> Result<Listeners, CommandError> {
    let mut listeners = Listeners::default();
    if let Some(address) = config.http_bind {
        listeners.plain.push(bind(address, "server.http_bind")?);
    }
    if let Some(address) = config.https_bind {
        listeners.tls.push(bind(address, "server.https_bind")?);
    }
    if let Some((certificate, files)) = certificate {
        listeners.certificate = Some(certificate);
        listeners.certificate_files = Some(files);
    }
    Ok(listeners)
}

/// The host of the public endpoint, without its port.
fn public_host(config: &ServerConfig) -> String {
    let uri: Option<axum::http::Uri> = config.public_endpoint.parse().ok();
    uri.as_ref()
        .and_then(axum::http::Uri::host)
        .unwrap_or_default()
        .to_owned()
}
