//! Relaying: what a datagram costs our server and coturn, and what an allocation takes of their memory.
//!
//! Both run at a time and are measured in turns, so that whatever else the machine does is shared out. Clients talk in
//! pairs, as two browsers do that have no other way: a message is two relayed datagrams. Or each talks to a peer that
//! needs no relay, and a message is one. Only those that arrive count. Each load is put on both, one after the other, so
//! that there are pairs to compare.

mod client;
mod coturn_client;
mod latency;
mod load;
mod relays;
mod table;

use std::{path::PathBuf, time::Duration};

use self::{
    client::{Partner, Transport},
    load::{Load, Measured},
    relays::{RelayServer, coturn_is_installed},
    table::Row,
};

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct TurnArguments {
    /// The release binary of `openline-server`.
    #[arg(long)]
    server: PathBuf,
    /// Allocations over UDP that memory is measured with; over TLS it is a quarter of them.
    #[arg(long, default_value_t = 2000)]
    allocations: usize,
    /// How long each load lasts, in seconds, after one second that is not counted.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How often each load is put on each server.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Only loads with this in their name, and no memory.
    #[arg(long)]
    only: Option<String>,
}

/// What is put on the servers.
const LOADS: [(Transport, Partner, Load); 13] = [
    (Transport::Udp, Partner::Client, Load::voice(20)),
    (Transport::Udp, Partner::Client, Load::voice(200)),
    (Transport::Udp, Partner::Client, Load::video(10)),
    (Transport::Udp, Partner::Client, Load::video(50)),
    (Transport::Udp, Partner::Client, Load::full()),
    (Transport::Udp, Partner::Peer, Load::voice(200)),
    (Transport::Udp, Partner::Peer, Load::video(10)),
    (Transport::Udp, Partner::Peer, Load::video(50)),
    (Transport::Udp, Partner::Peer, Load::full()),
    (Transport::Tcp, Partner::Client, Load::video(10)),
    (Transport::Tcp, Partner::Client, Load::full()),
    (Transport::Tls, Partner::Client, Load::video(10)),
    (Transport::Tls, Partner::Client, Load::full()),
];

pub(crate) async fn run(arguments: &TurnArguments) -> anyhow::Result<()> {
    anyhow::ensure!(
        coturn_is_installed(),
        "coturn is not installed: `cargo xtask setup` installs it"
    );
    raise_open_files();
    eprintln!("{}", table::heading());
    let mut rows = Vec::new();
    if arguments.only.is_none() {
        memory(arguments, &mut rows).await?;
    }
    let servers = RelayServer::both(&arguments.server).await?;
    let wanted = |name: &str| arguments.only.as_ref().is_none_or(|only| name.contains(only));
    if wanted(coturn_client::NAME) {
        rows.push(coturns_client(arguments, &servers).await?);
    }
    for (transport, partner, load) in LOADS {
        let relayed = match partner {
            Partner::Client => "both relayed",
            Partner::Peer => "one relayed",
        };
        let name = format!("{}, {}, {relayed}", transport.name(), load.name());
        if wanted(&name) {
            rows.extend(compare(arguments, &servers, &name, (transport, partner, load)).await?);
        }
    }
    for server in servers {
        server.process.stop().await?;
    }
    table::print(&rows);
    Ok(())
}

/// coturn's own client on both servers in turns.
async fn coturns_client(arguments: &TurnArguments, servers: &[RelayServer; 2]) -> anyhow::Result<Row> {
    let mut pairs = Vec::new();
    for round in 0..arguments.rounds {
        let [ours, coturn] = servers;
        let user = format!("round{round}");
        pairs.push([
            coturn_client::cost(ours, &user).await?,
            coturn_client::cost(coturn, &user).await?,
        ]);
    }
    Ok(Row::new(format!("{}: us a packet", coturn_client::NAME), pairs))
}

/// A load on both servers in turns.
async fn compare(
    arguments: &TurnArguments,
    servers: &[RelayServer; 2],
    name: &str,
    (transport, partner, load): (Transport, Partner, Load),
) -> anyhow::Result<[Row; 4]> {
    let window = Duration::from_secs(arguments.seconds);
    let mut measured = Vec::new();
    for _ in 0..arguments.rounds {
        let [ours, coturn] = servers;
        measured.push([
            load::put(load, (transport, partner), ours, window).await?,
            load::put(load, (transport, partner), coturn, window).await?,
        ]);
    }
    let row = |what: &str, value: &dyn Fn(&Measured) -> f64| {
        let pairs = measured.iter().map(|pair| pair.each_ref().map(value)).collect();
        Row::new(format!("{name}: {what}"), pairs)
    };
    Ok([
        row("us a packet", &|measured| {
            measured.cpu_seconds * 1e6 / measured.packets
        }),
        row("packets a second", &|measured| {
            measured.packets / window.as_secs_f64()
        }),
        row("ms, p50", &|measured| measured.latencies.quantile_ms(0.5)),
        row("ms, p99", &|measured| measured.latencies.quantile_ms(0.99)),
    ])
}

/// What an allocation adds to the resident memory of a fresh process.
async fn memory(arguments: &TurnArguments, rows: &mut Vec<Row>) -> anyhow::Result<()> {
    for (transport, count) in [
        (Transport::Udp, arguments.allocations),
        (Transport::Tls, arguments.allocations / 4),
    ] {
        let [ours, coturn] = RelayServer::both(&arguments.server).await?;
        let pair = [
            allocation_kib(ours, transport, count).await?,
            allocation_kib(coturn, transport, count).await?,
        ];
        rows.push(Row::new(
            format!("{}: KiB an allocation, of {count}", transport.name()),
            vec![pair],
        ));
    }
    Ok(())
}

async fn allocation_kib(server: RelayServer, transport: Transport, count: usize) -> anyhow::Result<f64> {
    // What is needed once is there after the first few.
    let few = client::allocate(&server, transport, 8, "few").await?;
    let before = server.process.resident_kib()?;
    let many = client::allocate(&server, transport, count, "many").await?;
    let grown = server.process.resident_kib()? - before;
    drop((few, many));
    server.process.stop().await?;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    Ok(grown / count as f64)
}

/// As many files as the system lets a process have: each client is one.
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    if setrlimit(Resource::Nofile, raised).is_err() {
        eprintln!("the limit of open files cannot be raised: fewer allocations may be possible");
    }
}
