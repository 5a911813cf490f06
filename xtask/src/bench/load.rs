//! The server under load, and a peer in the same run: `crates/bench` against the release server.

use crate::{failure::Result, server, step::run as run_step, workspace::cargo};

/// `chat` beside ejabberd, or `turn` beside coturn.
pub(super) fn run(name: &str) -> Result {
    let server = server::build_release()?;
    run_step(
        &format!("Measuring: {name} under load"),
        cargo()
            .args([
                "run",
                "--release",
                "--quiet",
                "--package",
                "openline-bench",
                "--",
                name,
            ])
            .arg("--server")
            .arg(server),
    )
}
