//! Tests that Node runs: `tests/<suite>/**/*.test.mjs`, with everything they need built before. A suite that has a
//! `run.mjs` says there how they are run.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{Outcome, environment::Environment, temporary::TemporaryDir};
use crate::{
    failure::Result,
    page,
    sdk::{self, Build},
    server,
    setup::{browsers, coturn, node, python},
    step::run as run_step,
    workspace::{list, root},
};

pub(super) fn run(suite: &str) -> Result<Outcome> {
    let dir = root().join("tests").join(suite);
    let files = test_files(&dir);
    if files.is_empty() {
        return Ok(Outcome::Absent);
    }
    let environment = prepare(suite)?;
    environment.install(&dir)?;
    let mut node = Command::new("node");
    if dir.join("run.mjs").is_file() {
        node.arg("run.mjs");
    } else {
        node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
            .args(files);
    }
    node.current_dir(&dir);
    environment.describe_to(&mut node);
    let temporary = TemporaryDir::new(suite)?;
    temporary.lend_to(&mut node);
    Ok(
        match run_step(&format!("Running the tests in tests/{suite}"), &mut node) {
            Ok(()) => Outcome::Passed,
            Err(failure) => Outcome::Failed(failure.to_string()),
        },
    )
}

/// Builds and installs what a suite works with, and no more.
fn prepare(suite: &str) -> Result<Environment> {
    let mut parts = Environment::default();
    match suite {
        "clients" => {
            parts.server = Some(server::build_for_tests()?);
            parts.python = Some(python::ensure()?);
        }
        "types" => parts.tarball = Some(sdk::package(Build::Release)?),
        "bundlers" => {
            parts.tarball = Some(sdk::package(Build::Release)?);
            parts.server = Some(server::build_for_tests()?);
            parts.browsers = Some(browsers::ensure()?);
            // Its library starts the browser and the server.
            node::install(&root().join("tests/e2e"))?;
        }
        _ => {
            coturn::ensure_in_ci()?;
            parts.page = Some(page::build()?);
            parts.tarball = Some(sdk::tarball());
            parts.server = Some(server::build_for_tests()?);
            parts.browsers = Some(browsers::ensure()?);
        }
    }
    Ok(parts)
}

fn test_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in list(dir) {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() && name != "node_modules" && name != "output" {
            files.extend(test_files(&path));
        } else if name.ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files
}
