//! The loads. Each ends after a time or a number of messages, and waits for what it sent to arrive.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    report::Report,
    service::{Client, Service},
    tally::Tally,
};

/// Connections that are opened at the same time.
const OPENING: usize = 16;

/// Clients of a load, where a thread does not need more.
const PEOPLE: usize = 50;

/// How long a server gets before its idle memory is read.
const SETTLING: Duration = Duration::from_secs(5);

/// How long a message may take before the load counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) connected: usize,
    pub(crate) messages: usize,
    pub(crate) warm_up: Duration,
    pub(crate) window: Duration,
}

/// Memory per connected client, after so many others that nothing is used for the first time.
pub(crate) async fn idle<S: Service>(
    service: &S,
    settings: Settings,
    report: &mut Report,
) -> anyhow::Result<()> {
    let silent = Arc::new(Tally::new(0));
    let _first = connect(service, 0..settings.connected / 10, &silent).await?;
    let before = settled_kib(service).await?;
    let from = settings.connected;
    let others = connect(service, from..from + settings.connected, &silent).await?;
    let grown = settled_kib(service).await? - before;
    report.add(
        format!("memory per idle connection ({}), KiB", settings.connected),
        grown / as_f64(others.len()),
    );
    Ok(())
}

/// Memory once what the opening of connections left over was given back.
async fn settled_kib<S: Service>(service: &S) -> anyhow::Result<f64> {
    tokio::time::sleep(SETTLING).await;
    service.process().resident_kib()
}

/// Latency of a pair that is alone, and of the pair among many who are connected.
pub(crate) async fn latency<S: Service>(
    service: &S,
    settings: Settings,
    report: &mut Report,
) -> anyhow::Result<()> {
    let tally = Arc::new(Tally::new(2));
    let mut pair = connect(service, 0..2, &tally).await?;
    let thread = service.thread(&mut pair).await?;
    let sender = &mut pair[0];
    talk(sender, &thread, &tally, settings.messages / 10).await?;
    talk(sender, &thread, &tally, settings.messages).await?;
    percentiles("pair alone", &tally, report)?;
    let silent = Arc::new(Tally::new(0));
    let _others = connect(service, 2..2 + settings.connected, &silent).await?;
    talk(sender, &thread, &tally, settings.messages).await?;
    percentiles(
        &format!("pair among {} connected", settings.connected),
        &tally,
        report,
    )
}

/// Throughput and cost of threads of `members`, then latency at half of that throughput.
pub(crate) async fn threads_of<S: Service>(
    service: &S,
    members: usize,
    settings: Settings,
    report: &mut Report,
) -> anyhow::Result<()> {
    let threads = (PEOPLE / members).max(1);
    let speaking = if members == 2 { 1 } else { 4 };
    let tally = Arc::new(Tally::new(threads * members));
    let mut senders = Vec::new();
    // Connected for as long as the load lasts.
    let mut listeners = Vec::new();
    for number in 0..threads {
        let first = number * members;
        let mut clients = connect(service, first..first + members, &tally).await?;
        let thread = service.thread(&mut clients).await?;
        listeners.extend(clients.split_off(speaking));
        for (at, client) in clients.into_iter().enumerate() {
            senders.push(Sender::<S> {
                client,
                thread: thread.clone(),
                index: first + at,
                watcher: first + (at + 1) % members,
                tally: Arc::clone(&tally),
            });
        }
    }
    let label = format!("thread of {members}");
    let (senders, per_second) = full_load(service, senders, &tally, settings, &label, report).await?;
    half_load(senders, &tally, per_second / 2.0, settings, &label, report).await
}

/// A client that sends, and where to.
struct Sender<S: Service> {
    client: S::Client,
    thread: S::Thread,
    index: usize,
    watcher: usize,
    tally: Arc<Tally>,
}

impl<S: Service> Sender<S> {
    async fn send(&mut self, at: Instant) -> anyhow::Result<()> {
        let text = self.tally.message(self.index, self.watcher, at);
        self.client.send(&self.thread, text).await
    }

    async fn arrival(&mut self) -> anyhow::Result<()> {
        arrival(&self.tally, self.index).await
    }

    /// Sends again as soon as its message has arrived. Returns messages per second.
    async fn as_fast_as_possible(&mut self, running: &AtomicBool) -> anyhow::Result<f64> {
        let began = Instant::now();
        let mut sent = 0_u32;
        while running.load(Ordering::Relaxed) {
            self.send(Instant::now()).await?;
            self.arrival().await?;
            sent += 1;
        }
        Ok(f64::from(sent) / began.elapsed().as_secs_f64())
    }

    /// Sends every `period`, whatever the server does: what comes late is late.
    async fn at_a_rate(
        &mut self,
        from: tokio::time::Instant,
        until: tokio::time::Instant,
        period: Duration,
    ) -> anyhow::Result<()> {
        let mut sent = 0_u32;
        let mut due = from;
        while due < until {
            tokio::time::sleep_until(due).await;
            self.send(due.into_std()).await?;
            sent += 1;
            due += period;
        }
        for _ in 0..sent {
            self.arrival().await?;
        }
        Ok(())
    }
}

/// As much as the server takes. Returns messages per second.
async fn full_load<S: Service>(
    service: &S,
    senders: Vec<Sender<S>>,
    tally: &Tally,
    settings: Settings,
    label: &str,
    report: &mut Report,
) -> anyhow::Result<(Vec<Sender<S>>, f64)> {
    let running = Arc::new(AtomicBool::new(true));
    let tasks: Vec<_> = senders
        .into_iter()
        .map(|mut sender| {
            let running = Arc::clone(&running);
            tokio::spawn(async move {
                let rate = sender.as_fast_as_possible(&running).await?;
                Ok::<_, anyhow::Error>((sender, rate))
            })
        })
        .collect();
    tokio::time::sleep(settings.warm_up).await;
    let (delivered, cpu, began) = (
        tally.delivered(),
        service.process().cpu_seconds()?,
        Instant::now(),
    );
    tokio::time::sleep(settings.window).await;
    let deliveries = as_f64(usize::try_from(tally.delivered() - delivered)?);
    let lasted = began.elapsed().as_secs_f64();
    let cpu = service.process().cpu_seconds()? - cpu;
    report.add(format!("{label}: deliveries per second"), deliveries / lasted);
    report.add(
        format!("{label}: CPU seconds per 100,000 deliveries"),
        cpu * 100_000.0 / deliveries,
    );
    running.store(false, Ordering::Relaxed);
    let mut per_second = 0.0;
    let mut senders = Vec::new();
    for task in tasks {
        let (sender, rate) = task.await??;
        per_second += rate;
        senders.push(sender);
    }
    report.add(format!("{label}: messages per second"), per_second);
    Ok((senders, per_second))
}

/// Messages at a fixed rate, and how late they arrive.
async fn half_load<S: Service>(
    senders: Vec<Sender<S>>,
    tally: &Tally,
    per_second: f64,
    settings: Settings,
    label: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let count = senders.len();
    let period = Duration::from_secs_f64(as_f64(count) / per_second);
    tally.time();
    let began = tokio::time::Instant::now();
    let tasks: Vec<_> = senders
        .into_iter()
        .enumerate()
        .map(|(at, mut sender)| {
            let from = began + period.mul_f64(as_f64(at) / as_f64(count));
            tokio::spawn(async move {
                sender.at_a_rate(from, began + settings.window, period).await?;
                Ok::<_, anyhow::Error>(sender)
            })
        })
        .collect();
    // Kept until the end: a client that is dropped receives nothing any more.
    let mut senders = Vec::new();
    for task in tasks {
        senders.push(task.await??);
    }
    percentiles(&format!("{label}, half load"), tally, report)
}

/// One message after the other.
async fn talk<C: Client>(
    sender: &mut C,
    thread: &C::Thread,
    tally: &Tally,
    messages: usize,
) -> anyhow::Result<()> {
    tally.time();
    for _ in 0..messages {
        sender.send(thread, tally.message(0, 1, Instant::now())).await?;
        arrival(tally, 0).await?;
    }
    Ok(())
}

async fn arrival(tally: &Tally, sender: usize) -> anyhow::Result<()> {
    tokio::time::timeout(PATIENCE, tally.arrival(sender))
        .await
        .context("a message did not arrive")?
}

async fn connect<S: Service>(
    service: &S,
    indices: std::ops::Range<usize>,
    tally: &Arc<Tally>,
) -> anyhow::Result<Vec<S::Client>> {
    stream::iter(indices)
        .map(|index| service.connect(index, Arc::clone(tally)))
        .buffered(OPENING)
        .try_collect()
        .await
}

fn percentiles(label: &str, tally: &Tally, report: &mut Report) -> anyhow::Result<()> {
    let latencies = tally.take_latencies_us();
    for percent in [50, 99] {
        let at = (latencies.len() * percent / 100).min(latencies.len().saturating_sub(1));
        let latency = latencies.get(at).context("nothing arrived")?;
        report.add(
            format!("{label}: send to receive p{percent}, ms"),
            as_f64(usize::try_from(*latency)?) / 1000.0,
        );
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts and times are far below 2^52")]
const fn as_f64(count: usize) -> f64 {
    count as f64
}
