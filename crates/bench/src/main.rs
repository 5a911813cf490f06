//! `openline-bench`: puts the same loads on `openline-server` and on a peer, on the same machine, and prints both with
//! their ratios: chat beside ejabberd, relaying beside coturn ([`turn`]). `cargo xtask bench chat` and `bench turn` build
//! and call it.
//!
//! Of chat, a delivery is a message that reached somebody other than its sender: the one count that means the same to both.
//! Processor time and memory are the server's alone, read from `/proc`; the clients share its cores.

mod ejabberd;
mod load;
mod openline;
mod process;
mod report;
mod service;
mod tally;
mod turn;

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use clap::{Args, Parser};

use crate::{
    ejabberd::Ejabberd,
    load::Settings,
    openline::Openline,
    report::{Report, compare},
    service::Service,
};

/// What to measure.
#[derive(Debug, Parser)]
enum Command {
    /// Chat, beside ejabberd.
    Chat(ChatArguments),
    /// Relaying, beside coturn.
    Turn(turn::TurnArguments),
}

#[derive(Debug, Args)]
struct ChatArguments {
    /// The release binary of `openline-server`.
    #[arg(long)]
    server: PathBuf,
    /// Clients that are connected while a pair talks, and that memory is measured with.
    #[arg(long, default_value_t = 1000)]
    connected: usize,
    /// Messages of each measurement of latency.
    #[arg(long, default_value_t = 1000)]
    messages: usize,
    /// How long each load lasts, in seconds, after two seconds that are not counted.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Leave the peer out.
    #[arg(long)]
    alone: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Chat(arguments) => chat(&arguments).await,
        Command::Turn(arguments) => turn::run(&arguments).await,
    }
}

async fn chat(arguments: &ChatArguments) -> anyhow::Result<()> {
    let settings = Settings {
        connected: arguments.connected,
        messages: arguments.messages,
        warm_up: Duration::from_secs(2),
        window: Duration::from_secs(arguments.seconds),
    };
    let ours = measure(|| Openline::start(&arguments.server), settings).await?;
    let peer = if arguments.alone {
        None
    } else {
        match Ejabberd::find() {
            Some(_) => Some(measure(Ejabberd::start, settings).await?),
            None => {
                eprintln!("ejabberd is not here: `apt-get install ejabberd` adds the peer to the table.");
                None
            }
        }
    };
    compare(&ours, peer.as_ref());
    Ok(())
}

/// All loads on one service, each on a fresh process with an empty database.
async fn measure<S, F>(start: impl Fn() -> F, settings: Settings) -> anyhow::Result<Report>
where
    S: Service,
    F: Future<Output = anyhow::Result<S>>,
{
    let mut report = Report::new(S::NAME);
    eprintln!("==> {}: idle connections", S::NAME);
    let service = start().await.context("the server did not start")?;
    load::idle(&service, settings, &mut report).await?;
    service.stop().await?;
    eprintln!("==> {}: latency", S::NAME);
    let service = start().await.context("the server did not start")?;
    load::latency(&service, settings, &mut report).await?;
    service.stop().await?;
    for members in [2, 50, 250] {
        eprintln!("==> {}: threads of {members}", S::NAME);
        let service = start().await.context("the server did not start")?;
        load::threads_of(&service, members, settings, &mut report).await?;
        service.stop().await?;
    }
    Ok(report)
}
