//! What arrives: counted, timed, and told to whoever waits for its message to arrive.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

/// Begins what a message says, so that it is found in a frame without parsing that.
const MARK: &str = "bench=";

/// The deliveries to all clients of a load.
#[derive(Debug)]
pub(crate) struct Tally {
    began: Instant,
    delivered: AtomicU64,
    timing: AtomicBool,
    latencies_us: Mutex<Vec<u64>>,
    arrived: Vec<Semaphore>,
}

impl Tally {
    /// For clients numbered below `clients`.
    pub(crate) fn new(clients: usize) -> Self {
        Self {
            began: Instant::now(),
            delivered: AtomicU64::new(0),
            timing: AtomicBool::new(false),
            latencies_us: Mutex::new(Vec::new()),
            arrived: (0..clients).map(|_| Semaphore::new(0)).collect(),
        }
    }

    /// The text of a message that is due `at`. `watcher` is the client whose receipt counts as its arrival.
    pub(crate) fn message(&self, sender: usize, watcher: usize, at: Instant) -> String {
        let at = micros(at.saturating_duration_since(self.began));
        format!("{MARK}{sender},{watcher},{at};")
    }

    /// Client `receiver` got a frame.
    pub(crate) fn received(&self, receiver: usize, frame: &str) {
        let Some((sender, watcher, sent_us)) = parse(frame) else {
            return;
        };
        if sender == receiver {
            return;
        }
        self.delivered.fetch_add(1, Ordering::Relaxed);
        if self.timing.load(Ordering::Relaxed) {
            let now_us = micros(self.began.elapsed());
            self.latencies().push(now_us.saturating_sub(sent_us));
        }
        if watcher == receiver
            && let Some(arrived) = self.arrived.get(sender)
        {
            arrived.add_permits(1);
        }
    }

    /// Waits until the sender's next message has arrived.
    pub(crate) async fn arrival(&self, sender: usize) -> anyhow::Result<()> {
        self.arrived[sender].acquire().await?.forget();
        Ok(())
    }

    /// Deliveries so far.
    pub(crate) fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    /// Begins to keep latencies.
    pub(crate) fn time(&self) {
        self.latencies().clear();
        self.timing.store(true, Ordering::Relaxed);
    }

    /// The latencies since [`Self::time`], in microseconds, ascending.
    pub(crate) fn take_latencies_us(&self) -> Vec<u64> {
        self.timing.store(false, Ordering::Relaxed);
        let mut latencies = std::mem::take(&mut *self.latencies());
        latencies.sort_unstable();
        latencies
    }

    fn latencies(&self) -> MutexGuard<'_, Vec<u64>> {
        self.latencies_us.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn parse(frame: &str) -> Option<(usize, usize, u64)> {
    let (_, rest) = frame.split_once(MARK)?;
    let (numbers, _) = rest.split_once(';')?;
    let mut numbers = numbers.split(',');
    let mut next = || numbers.next()?.parse::<u64>().ok();
    let (sender, watcher, sent_us) = (next()?, next()?, next()?);
    Some((
        usize::try_from(sender).ok()?,
        usize::try_from(watcher).ok()?,
        sent_us,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_receive_counts_and_the_watcher_tells_the_sender() {
        let tally = Tally::new(3);
        let frame = format!("<body>{}</body>", tally.message(0, 2, Instant::now()));
        for receiver in 0..3 {
            tally.received(receiver, &frame);
        }
        tally.received(1, "<presence/>");
        assert_eq!(tally.delivered(), 2);
        assert_eq!(tally.arrived[0].available_permits(), 1);
    }
}
