//! Relaying: what a datagram costs our server and coturn, and what an allocation takes of their memory.
//!
//! Both run at a time and are measured in turns, so that whatever else the machine does is shared out. Clients talk in
//! pairs, as two browsers do that have no other way: a message is two relayed datagrams. Or each talks to a peer that
//! needs no relay, and a message is one. Only those that arrive count.

mod client;
mod load;
mod relays;

use std::{path::PathBuf, time::Duration};

use self::{
    client::{Partner, Transport},
    load::Load,
    relays::{RelayServer, coturn_is_installed},
};
use crate::report::{Report, compare};

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
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How often each load is put on each server.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// What is put on the servers.
const LOADS: [(Transport, Partner, Load); 9] = [
    (Transport::Udp, Partner::Client, Load::VOICE),
    (Transport::Udp, Partner::Client, Load::VIDEO),
    (Transport::Udp, Partner::Client, Load::FULL),
    (Transport::Udp, Partner::Peer, Load::VIDEO),
    (Transport::Udp, Partner::Peer, Load::FULL),
    (Transport::Tcp, Partner::Client, Load::VIDEO),
    (Transport::Tcp, Partner::Client, Load::FULL),
    (Transport::Tls, Partner::Client, Load::VIDEO),
    (Transport::Tls, Partner::Client, Load::FULL),
];

pub(crate) async fn run(arguments: &TurnArguments) -> anyhow::Result<()> {
    anyhow::ensure!(
        coturn_is_installed(),
        "coturn is not installed: `cargo xtask setup` installs it"
    );
    raise_open_files();
    let mut reports = [Report::new("openline"), Report::new("coturn")];
    memory(arguments, &mut reports).await?;
    let servers = RelayServer::both(&arguments.server).await?;
    let window = Duration::from_secs(arguments.seconds);
    for (transport, partner, load) in LOADS {
        let mut sums = [(0.0, 0.0), (0.0, 0.0)];
        for _ in 0..arguments.rounds {
            for (server, (cpu_seconds, packets)) in servers.iter().zip(&mut sums) {
                let measured = load::put(load, (transport, partner), server, window).await?;
                *cpu_seconds += measured.cpu_seconds;
                *packets += measured.packets;
            }
        }
        for (report, (cpu_seconds, packets)) in reports.iter_mut().zip(sums) {
            let relayed = match partner {
                Partner::Client => "both relayed",
                Partner::Peer => "one relayed",
            };
            let name = format!("{}, {}, {relayed}", transport.name(), load.name);
            report.add(
                format!("{name}: microseconds a packet"),
                cpu_seconds * 1e6 / packets,
            );
        }
    }
    for server in servers {
        server.process.stop().await?;
    }
    let [ours, coturn] = &reports;
    compare(ours, Some(coturn));
    Ok(())
}

/// What an allocation adds to the resident memory of a fresh process.
async fn memory(arguments: &TurnArguments, reports: &mut [Report; 2]) -> anyhow::Result<()> {
    for (transport, count) in [
        (Transport::Udp, arguments.allocations),
        (Transport::Tls, arguments.allocations / 4),
    ] {
        let servers = RelayServer::both(&arguments.server).await?;
        for (server, report) in servers.into_iter().zip(reports.iter_mut()) {
            // What is needed once is there after the first few.
            let few = client::allocate(&server, transport, 8, "few").await?;
            let before = server.process.resident_kib()?;
            let many = client::allocate(&server, transport, count, "many").await?;
            let grown = server.process.resident_kib()? - before;
            #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
            let each = grown / count as f64;
            report.add(
                format!("{}: KiB an allocation, of {count}", transport.name()),
                each,
            );
            drop((few, many));
            server.process.stop().await?;
        }
    }
    Ok(())
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
