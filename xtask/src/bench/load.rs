//! Chat under load, and a peer in the same run: `crates/bench` against the release server.

use crate::{failure::Result, server, step::run as run_step, workspace::cargo};

pub(super) fn run() -> Result {
    let server = server::build_release()?;
    run_step(
        "Measuring: chat under load",
        cargo()
            .args(["run", "--release", "--quiet", "--package", "openline-bench", "--"])
            .arg("--server")
            .arg(server),
    )
}
