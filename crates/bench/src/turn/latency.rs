//! How long messages are on their way: they say when they were sent.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// The clock of the stamps. Senders and receivers are in this process.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

const STAMP_BYTES: usize = 8;

const STEP_US: u64 = 10;
const STEPS: usize = 10_000;

/// Notes in the data of a message that it is sent now.
pub(super) fn stamp(data: &mut [u8]) {
    if let Some(place) = data.get_mut(..STAMP_BYTES) {
        place.copy_from_slice(&now_us().to_be_bytes());
    }
}

/// How many messages took how long, in steps of 10 microseconds; the last one is 100 milliseconds and more.
#[derive(Debug)]
pub(super) struct Latencies {
    steps: Box<[AtomicU64]>,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            steps: (0..STEPS).map(|_| AtomicU64::new(0)).collect(),
        }
    }
}

impl Latencies {
    /// A message with this data has arrived.
    pub(super) fn arrived(&self, data: &[u8]) {
        let Some(sent_us) = data.first_chunk().map(|stamp| u64::from_be_bytes(*stamp)) else {
            return;
        };
        let step = now_us().saturating_sub(sent_us) / STEP_US;
        let step = usize::try_from(step).unwrap_or(STEPS).min(STEPS - 1);
        if let Some(count) = self.steps.get(step) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Forgets what was.
    pub(super) fn clear(&self) {
        for count in &self.steps {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// How many have arrived.
    pub(super) fn count(&self) -> u64 {
        self.steps.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// In how many milliseconds this share of them arrived.
    pub(super) fn quantile_ms(&self, share: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "some millions")]
        let wanted = self.count() as f64 * share;
        let mut sum = 0.0;
        for (at, count) in (1_u32..).zip(&self.steps) {
            #[expect(clippy::cast_precision_loss, reason = "some millions")]
            let count = count.load(Ordering::Relaxed) as f64;
            sum += count;
            if sum >= wanted {
                return f64::from(at) * 0.01;
            }
        }
        f64::NAN
    }
}

fn now_us() -> u64 {
    u64::try_from(BEGAN.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_counts_in_the_step_of_its_age() {
        let latencies = Latencies::default();
        let mut data = [0; 20];
        stamp(&mut data);
        latencies.arrived(&data);
        latencies.arrived(&[1]);
        assert_eq!(latencies.count(), 1);
        // Sent in the future: no time at all.
        latencies.arrived(&[0xff; 8]);
        latencies.arrived(&[0xff; 8]);
        assert!((latencies.quantile_ms(0.5) - 0.01).abs() < 1e-9);
        latencies.clear();
        assert_eq!(latencies.count(), 0);
    }
}
