//! `openline-server dev`: everything that is needed is made on the first start.

use std::{env, net::Ipv4Addr, path::PathBuf, sync::Arc};

use axum_server::tls_rustls::RustlsConfig;
use ipnet::IpNet;
use openline_protocol::ResourceId;
use serde::Serialize;

use super::{CommandError, open_objects, own_relay, print_json};
use crate::{
    cli::DevArgs,
    clock::{Clock, SystemClock},
    config::{self, Config, TurnConfig},
    data_dir::DataDir,
    domain::resource::{connection_strings, create_resource},
    listen::bind_localhost,
    run::{Listeners, TurnListener, run as serve},
    state::{AppParts, AppState, Endpoints, Mode},
    storage::{Storage, Transaction, sqlite},
    telemetry, tls,
    turn::{TurnSockets, own_addresses},
};

/// The resource that is created on the first start.
const RESOURCE: &str = "dev";

/// Where the browsers of one developer are.
const CLOSE_NETWORKS: [&str; 5] = [
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
];

/// The line on standard output that says the server is ready. A contract: other programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    event: &'static str,
    /// The public endpoint, HTTPS.
    endpoint: String,
    /// The plain endpoint.
    http: Option<String>,
    /// For the clients of control-plane services. Secret.
    connection_string: Option<String>,
    /// What a client must trust.
    ca_certificate: PathBuf,
    /// What calls are relayed by.
    turn: Vec<String>,
}

pub(super) async fn run(args: DevArgs) -> Result<(), CommandError> {
    let (http_port, plain) = bind_localhost(args.http_port, "--http-port")?;
    let (https_port, tls_listeners) = bind_localhost(args.https_port, "--https-port")?;
    let endpoints = Endpoints {
        public: format!("https://localhost:{https_port}/"),
        plain: Some(format!("http://localhost:{http_port}/")),
    };
    let turn_sockets = TurnSockets::bind_localhost()?;
    let config = config::from_environment(|config: &mut Config| {
        relay_on_this_machine(&mut config.turn);
        config.server.public_endpoint.clone_from(&endpoints.public);
        config.server.data_dir = args.data_dir.unwrap_or_else(default_data_dir);
        config.server.www = args.www;
        config.server.http_bind = plain.first().and_then(|listener| listener.local_addr().ok());
        config.server.https_bind = None;
    })?;
    telemetry::logs::init(&config.log);
    telemetry::metrics::init();

    let clock = Arc::new(SystemClock::default());
    let data_dir = DataDir::lock(&config.server.data_dir)?;
    let certificate = tls::local_certificate(&data_dir, clock.now())?;
    let storage = sqlite::open(&data_dir.database()?).await?;
    let objects = open_objects(&config.attachments, &data_dir)?;
    let resource_id = dev_resource(&storage, &*clock).await?;
    let strings = connection_strings(&storage, &resource_id, &endpoints.public).await?;
    let relay = own_relay(&config, &data_dir, &turn_sockets, "127.0.0.1")?;
    let ready = Ready {
        event: "ready",
        endpoint: endpoints.public.clone(),
        http: endpoints.plain.clone(),
        connection_string: strings.into_iter().next(),
        ca_certificate: data_dir.file("ca.pem"),
        turn: relay.urls.clone(),
    };
    let mode = Mode::Dev { resource_id };
    let turn = TurnListener {
        sockets: turn_sockets,
        secret: relay.secret.clone(),
    };
    let state = AppState::assemble(AppParts {
        config,
        mode,
        endpoints,
        storage,
        objects,
        relay: Some(relay),
        clock,
    })
    .await?;
    let listeners = Listeners {
        plain,
        tls: tls_listeners,
        certificate: Some(RustlsConfig::from_config(certificate)),
        certificate_files: None,
        turn: Some(turn),
    };
    Ok(serve(state, listeners, || print_json(&ready)).await?)
}

/// Browsers on this machine reach each other by it: that is all it is for, so all of this machine may be reached.
fn relay_on_this_machine(turn: &mut TurnConfig) {
    turn.public_addresses = vec![Ipv4Addr::LOCALHOST.into()];
    let close = CLOSE_NETWORKS.iter().filter_map(|network| network.parse().ok());
    turn.allowed_peers = close
        .chain(own_addresses().into_iter().map(IpNet::from))
        .collect();
}

async fn dev_resource(storage: &Storage, clock: &dyn Clock) -> Result<ResourceId, CommandError> {
    let resources = storage
        .read(|tx: &mut dyn Transaction| tx.list_resources())
        .await?;
    match resources.into_iter().find(|resource| resource.name == RESOURCE) {
        Some(resource) => Ok(resource.resource_id),
        None => Ok(create_resource(storage, RESOURCE, clock.now()).await?),
    }
}

fn default_data_dir() -> PathBuf {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map_or_else(|| PathBuf::from(".openline"), |data| data.join("openline"))
}
