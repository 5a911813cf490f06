//! `cargo xtask test`: every test there is, or the suites that are named.

pub(crate) mod environment;
mod native;
mod node;
mod page;
mod temporary;
mod web;

use std::time::{Duration, Instant};

use crate::{
    failure::{Failure, Result},
    step::{note, say},
};

/// A suite's name and what runs it.
type Suite = (&'static str, fn() -> Result<Outcome>);

/// In the order in which a failure is cheapest to find.
const SUITES: [Suite; 7] = [
    ("native", native::run),
    ("page", page::run),
    ("web", web::run),
    ("types", || node::run("types")),
    ("bundlers", || node::run("bundlers")),
    ("clients", || node::run("clients")),
    ("e2e", || node::run("e2e")),
];

/// How a suite ended.
enum Outcome {
    Passed,
    /// Which part failed.
    Failed(String),
    /// There are no such tests.
    Absent,
}

/// Runs the suites to the end, one after the other, and sums up.
pub(crate) fn run(wanted: &[String]) -> Result {
    let names: Vec<&str> = SUITES.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|it| !names.contains(&it.as_str())) {
        return Err(Failure::new(format!(
            "`test` knows {}, and not `{unknown}`.",
            names.join(", ")
        )));
    }
    let mut report = Vec::new();
    let mut failed = Vec::new();
    for (name, suite) in SUITES {
        if !wanted.is_empty() && !wanted.iter().any(|it| it == name) {
            continue;
        }
        let started = Instant::now();
        let outcome = suite().unwrap_or_else(|failure| Outcome::Failed(failure.to_string()));
        let word = match outcome {
            Outcome::Passed => "passed",
            Outcome::Absent => "none",
            Outcome::Failed(reason) => {
                eprintln!("{reason}");
                failed.push(name);
                "FAILED"
            }
        };
        report.push((name, word, started.elapsed()));
    }
    print_report(&report);
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("Failed: {}.", failed.join(", "))))
}

fn print_report(report: &[(&str, &str, Duration)]) {
    say("Tests");
    for (name, word, elapsed) in report {
        note(&format!("{name:<10}{word:<8}{:>5} s", elapsed.as_secs()));
    }
}
