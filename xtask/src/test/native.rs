//! Tests of the cores and of the server, on this machine.

use super::Outcome;
use crate::{
    failure::Result,
    setup::{coturn, tools},
    step::run as run_step,
    workspace::cargo,
};

pub(super) fn run() -> Result<Outcome> {
    coturn::ensure_in_ci()?;
    let mut tests = cargo();
    if tools::has_nextest() {
        tests.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    } else {
        tests.args(["test", "--workspace", "--all-targets", "--no-fail-fast"]);
    }
    let unit = run_step("Running the native tests", &mut tests);
    let examples = run_step(
        "Running the examples of the documentation",
        cargo().args(["test", "--quiet", "--workspace", "--doc", "--no-fail-fast"]),
    );
    Ok(match unit.and(examples) {
        Ok(()) => Outcome::Passed,
        Err(failure) => Outcome::Failed(failure.to_string()),
    })
}
