//! Runs seeds, several at a time, and says which one failed.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crate::{disk::Template, journal::Journal, proof, world::World};

/// `OPENLINE_SEEDS=from..to`, the end not included.
pub(crate) fn seeds_asked_for() -> Option<Range<u64>> {
    std::env::var("OPENLINE_SEEDS").ok().map(|asked| parse(&asked))
}

fn parse(asked: &str) -> Range<u64> {
    let (from, to) = asked.split_once("..").expect("OPENLINE_SEEDS is from..to");
    from.parse().expect("a number")..to.parse().expect("a number")
}

/// Runs them all; fails with the seeds that did. Prints what happened in the first one that did, or in the only one.
pub(crate) fn run(seeds: &[u64]) {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(4));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let template = runtime().block_on(Template::new());
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let journal = Journal::new();
                    let ran = catch_unwind(AssertUnwindSafe(|| simulate(*seed, &template, &journal)));
                    let mut failed = failed.lock().unwrap();
                    if seeds.len() == 1 || (ran.is_err() && failed.is_empty()) {
                        eprintln!("{journal}that was seed {seed}");
                    }
                    if ran.is_err() {
                        failed.push(*seed);
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort_unstable();
    assert!(
        failed.is_empty(),
        "{} seeds failed: {failed:?}. CONTRIBUTING.md says how to run one alone.",
        failed.len()
    );
}

/// Runs a seed; returns what happened.
pub(crate) fn journal_of(seed: u64) -> String {
    let journal = Journal::new();
    let template = runtime().block_on(Template::new());
    simulate(seed, &template, &journal);
    journal.to_string()
}

fn simulate(seed: u64, template: &Template, journal: &Journal) {
    runtime().block_on(async {
        let mut world = World::new(seed, template, journal.clone()).await;
        world.run().await;
        proof::check(&mut world).await;
        world.end().await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
