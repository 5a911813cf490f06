//! `openline-server serve`: production, as the settings say.

use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use serde_json::json;

use super::{CommandError, print_json};
use crate::{
    cli::ServeArgs,
    clock::SystemClock,
    config::{self, ServerConfig},
    data_dir::DataDir,
    listen::bind,
    run::{CertificateFiles, Listeners, run as serve},
    state::{AppParts, AppState, Endpoints, Mode},
    storage::sqlite,
    telemetry, tls,
};

pub(super) async fn run(args: ServeArgs) -> Result<(), CommandError> {
    let config = config::load(&args.config)?;
    telemetry::logs::init(&config.log);
    telemetry::metrics::init();

    let data_dir = DataDir::lock(&config.server.data_dir)?;
    let listeners = listeners(&config.server)?;
    let storage = sqlite::open(&data_dir.database()?).await?;
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
    });
    let clock = Arc::new(SystemClock::default());
    let state = AppState::assemble(AppParts {
        config,
        mode: Mode::Serve,
        endpoints,
        storage,
        clock,
    })
    .await?;
    if state.resources.all().is_empty() {
        tracing::warn!("there is no resource yet: create one with `openline-server resource create`");
    }
    Ok(serve(state, listeners, || print_json(&ready)).await?)
}

fn listeners(config: &ServerConfig) -> Result<Listeners, CommandError> {
    let mut listeners = Listeners::default();
    if let Some(address) = config.http_bind {
        listeners.plain.push(bind(address)?);
    }
    if let (Some(address), Some(certificate), Some(private_key)) =
        (config.https_bind, &config.certificate, &config.private_key)
    {
        let tls = tls::from_files(certificate, private_key)?;
        listeners.tls.push(bind(address)?);
        listeners.certificate = Some(RustlsConfig::from_config(tls));
        listeners.certificate_files = Some(CertificateFiles {
            certificate: certificate.clone(),
            private_key: private_key.clone(),
        });
    }
    Ok(listeners)
}
