//! Tests of what the sample page decides, in Node: `www/tests/*.test.mjs`.

use super::Outcome;
use crate::{failure::Result, setup::node, step::run as run_step, workspace::root};

pub(super) fn run() -> Result<Outcome> {
    let www = root().join("www");
    node::install(&www)?;
    let tests = run_step(
        "Running the tests in www/tests",
        node::npm(&www).args(["run", "--silent", "test"]),
    );
    Ok(match tests {
        Ok(()) => Outcome::Passed,
        Err(failure) => Outcome::Failed(failure.to_string()),
    })
}
