//! What clients send each other, and what it cost the relay.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use openline_turn::testing::TestClient;
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at, sleep, timeout},
};

use super::{
    client::{CHANNEL, End, Partner, Transport, pairs},
    relays::RelayServer,
};

const WARM_UP: Duration = Duration::from_secs(1);

/// How long a client waits for a message before it takes those on the way for lost.
const LOST: Duration = Duration::from_millis(200);

/// What each client sends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) name: &'static str,
    clients: usize,
    bytes: usize,
    /// Messages at once.
    burst: usize,
    /// How often. `None`: one for each that arrives.
    every: Option<Duration>,
}

impl Load {
    /// Sound: a small packet every 20 ms.
    pub(super) const VOICE: Self = Self {
        name: "20 voice calls",
        clients: 40,
        bytes: 160,
        burst: 1,
        every: Some(Duration::from_millis(20)),
    };
    /// Pictures: one of 8 packets, 30 times a second: 2.1 Mbit/s.
    pub(super) const VIDEO: Self = Self {
        name: "10 video calls",
        clients: 20,
        bytes: 1100,
        burst: 8,
        every: Some(Duration::from_millis(33)),
    };
    /// 4 packets of each client are on their way, at all times.
    pub(super) const FULL: Self = Self {
        name: "all it takes",
        clients: 20,
        bytes: 1000,
        burst: 4,
        every: None,
    };

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
}

/// Puts a load on a relay for as long.
pub(super) async fn put(
    load: Load,
    way: (Transport, Partner),
    server: &RelayServer,
    window: Duration,
) -> anyhow::Result<Measured> {
    let received = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    let ends = pairs(server, way, load.clients).await?;
    let apart = load.every.unwrap_or_default() / u32::try_from(load.clients)?;
    for (index, end) in (0..).zip(ends) {
        if load.every.is_some() {
            paced(&mut tasks, end, load, apart * index, &received);
        } else {
            tasks.spawn(answering(end, load, Arc::clone(&received)));
        }
    }
    sleep(WARM_UP).await;
    let (cpu_before, received_before) = (server.process.cpu_seconds()?, received.load(Ordering::Relaxed));
    sleep(window).await;
    let cpu_seconds = server.process.cpu_seconds()? - cpu_before;
    let messages = received.load(Ordering::Relaxed) - received_before;
    if let Some(ended) = tasks.try_join_next() {
        ended??;
    }
    anyhow::ensure!(messages > 0, "nothing was relayed");
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    let packets = match way.1 {
        Partner::Client => (2 * messages) as f64,
        Partner::Peer => messages as f64,
    };
    Ok(Measured { cpu_seconds, packets })
}

/// Sends in time, and counts what comes.
fn paced(
    tasks: &mut JoinSet<anyhow::Result<()>>,
    end: End,
    load: Load,
    offset: Duration,
    received: &Arc<AtomicU64>,
) {
    let message = load.message(&end);
    let End {
        mut sender,
        mut receiver,
        ..
    } = end;
    let received = Arc::clone(received);
    tasks.spawn(async move {
        let every = load.every.unwrap_or_default();
        let mut ticks = interval_at(Instant::now() + offset, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            for _ in 0..load.burst {
                sender.send(&message).await?;
            }
        }
    });
    tasks.spawn(async move {
        loop {
            receiver.next().await?;
            received.fetch_add(1, Ordering::Relaxed);
        }
    });
}

/// Sends one for each that comes.
async fn answering(mut end: End, load: Load, received: Arc<AtomicU64>) -> anyhow::Result<()> {
    let message = load.message(&end);
    loop {
        for _ in 0..load.burst {
            end.sender.send(&message).await?;
        }
        while let Ok(next) = timeout(LOST, end.receiver.next()).await {
            next?;
            received.fetch_add(1, Ordering::Relaxed);
            end.sender.send(&message).await?;
        }
    }
}
