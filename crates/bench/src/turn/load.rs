//! What clients send each other, and what it cost the relay.

use std::{sync::Arc, time::Duration};

use openline_turn::testing::TestClient;
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at, sleep, timeout},
};

use super::{
    client::{CHANNEL, End, Partner, Transport, pairs},
    latency::{Latencies, stamp},
    relays::RelayServer,
};

const WARM_UP: Duration = Duration::from_secs(1);

/// How long a client waits for a message before it takes those on the way for lost.
const LOST: Duration = Duration::from_millis(200);

/// What each client sends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    kind: &'static str,
    clients: usize,
    bytes: usize,
    /// Messages at once.
    burst: usize,
    /// How often. `None`: one for each that arrives.
    every: Option<Duration>,
}

impl Load {
    /// Sound: a small packet every 20 ms.
    pub(super) const fn voice(calls: usize) -> Self {
        Self {
            kind: "voice calls",
            clients: 2 * calls,
            bytes: 160,
            burst: 1,
            every: Some(Duration::from_millis(20)),
        }
    }

    /// Pictures: one of 8 packets, 30 times a second: 2.1 Mbit/s.
    pub(super) const fn video(calls: usize) -> Self {
        Self {
            kind: "video calls",
            clients: 2 * calls,
            bytes: 1100,
            burst: 8,
            every: Some(Duration::from_millis(33)),
        }
    }

    /// 4 packets of each client are on their way, at all times.
    pub(super) const fn full() -> Self {
        Self {
            kind: "pairs, all it takes",
            clients: 20,
            bytes: 1000,
            burst: 4,
            every: None,
        }
    }

    pub(super) fn name(self) -> String {
        format!("{} {}", self.clients / 2, self.kind)
    }

    fn message(self, end: &End) -> Vec<u8> {
        let data = vec![7; self.bytes];
        if end.on_channel {
            TestClient::channel_data(CHANNEL, &data)
        } else {
            data
        }
    }
}

/// What a load cost.
pub(super) struct Measured {
    pub(super) cpu_seconds: f64,
    /// Datagrams relayed, of messages that arrived.
    pub(super) packets: f64,
    pub(super) latencies: Arc<Latencies>,
}

/// Puts a load on a relay for as long.
pub(super) async fn put(
    load: Load,
    way: (Transport, Partner),
    server: &RelayServer,
    window: Duration,
) -> anyhow::Result<Measured> {
    let latencies = Arc::<Latencies>::default();
    let mut tasks = JoinSet::new();
    let ends = pairs(server, way, load.clients).await?;
    let apart = load.every.unwrap_or_default() / u32::try_from(load.clients)?;
    for (index, end) in (0..).zip(ends) {
        if load.every.is_some() {
            paced(&mut tasks, end, load, apart * index, &latencies);
        } else {
            tasks.spawn(answering(end, load, Arc::clone(&latencies)));
        }
    }
    sleep(WARM_UP).await;
    let cpu_before = server.process.cpu_seconds()?;
    latencies.clear();
    sleep(window).await;
    let cpu_seconds = server.process.cpu_seconds()? - cpu_before;
    let messages = latencies.count();
    if let Some(ended) = tasks.try_join_next() {
        ended??;
    }
    tasks.shutdown().await;
    anyhow::ensure!(messages > 0, "nothing was relayed");
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    let packets = match way.1 {
        Partner::Client => (2 * messages) as f64,
        Partner::Peer => messages as f64,
    };
    Ok(Measured {
        cpu_seconds,
        packets,
        latencies,
    })
}

/// Where the data begins, in what an end sends and receives.
const fn data_at(on_channel: bool) -> usize {
    if on_channel { 4 } else { 0 }
}

/// Sends in time, and counts what comes.
fn paced(
    tasks: &mut JoinSet<anyhow::Result<()>>,
    end: End,
    load: Load,
    offset: Duration,
    latencies: &Arc<Latencies>,
) {
    let mut message = load.message(&end);
    let End {
        mut sender,
        mut receiver,
        on_channel,
    } = end;
    let data_at = data_at(on_channel);
    let latencies = Arc::clone(latencies);
    tasks.spawn(async move {
        let every = load.every.unwrap_or_default();
        let mut ticks = interval_at(Instant::now() + offset, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            for _ in 0..load.burst {
                stamp(message.get_mut(data_at..).unwrap_or_default());
                sender.send(&message).await?;
            }
        }
    });
    tasks.spawn(async move {
        loop {
            let message = receiver.next().await?;
            latencies.arrived(message.get(data_at..).unwrap_or_default());
        }
    });
}

/// Sends one for each that comes.
async fn answering(mut end: End, load: Load, latencies: Arc<Latencies>) -> anyhow::Result<()> {
    let mut message = load.message(&end);
    let data_at = data_at(end.on_channel);
    loop {
        for _ in 0..load.burst {
            stamp(message.get_mut(data_at..).unwrap_or_default());
            end.sender.send(&message).await?;
        }
        while let Ok(next) = timeout(LOST, end.receiver.next()).await {
            latencies.arrived(next?.get(data_at..).unwrap_or_default());
            stamp(message.get_mut(data_at..).unwrap_or_default());
            end.sender.send(&message).await?;
        }
    }
}
