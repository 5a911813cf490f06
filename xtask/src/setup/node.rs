//! Node, and the `node_modules` of each folder that has a package.json.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Result},
    stamp::{Inputs, Stamp},
    step::{probe, run_quietly},
    workspace::root,
};

/// The same floor as `engines` in pkg/package.json: `require` of an ES module works from here on.
const OLDEST: (u32, u32) = (20, 19);

/// The tools that pack and check the npm package.
pub(crate) fn tools_dir() -> PathBuf {
    root().join("xtask").join("node")
}

/// Every folder with dependencies of its own.
pub(crate) fn workspaces() -> Vec<PathBuf> {
    let tests = ["tests/e2e", "tests/clients", "tests/types", "tests/bundlers"];
    [tools_dir(), root().join("www")]
        .into_iter()
        .chain(tests.iter().map(|dir| root().join(dir)))
        .filter(|dir| dir.join("package.json").is_file())
        .collect()
}

/// Fails where Node is missing or too old.
pub(crate) fn require() -> Result {
    let (major, minor) = OLDEST;
    let wanted = format!("Node {major}.{minor} or newer is needed: install it from https://nodejs.org");
    let version = probe(Command::new("node").arg("--version"))
        .ok_or_else(|| Failure::new(format!("{wanted}; none was found in PATH.")))?;
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    let found: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < OLDEST {
        return Err(Failure::new(format!("{wanted}; the one in PATH is {version}.")));
    }
    if probe(Command::new(NPM).arg("--version")).is_none() {
        return Err(Failure::new(
            "npm is needed and was not found in PATH: it comes with Node.",
        ));
    }
    Ok(())
}

/// The npm command.
pub(crate) fn npm(dir: &Path) -> Command {
    let mut command = Command::new(NPM);
    command.current_dir(dir);
    command
}

/// Installs what the lock file lists, where that changed since the last time.
pub(crate) fn install(dir: &Path) -> Result {
    let lock = dir.join("package-lock.json");
    let digest = Inputs::new().file(&dir.join("package.json")).file(&lock).digest();
    let stamp = Stamp::inside(&dir.join("node_modules"));
    if stamp.is(&digest) {
        return Ok(());
    }
    let subcommand = if lock.is_file() { "ci" } else { "install" };
    let shown = dir.strip_prefix(root()).unwrap_or(dir).display().to_string();
    run_quietly(
        &format!("Installing the node modules of {shown}"),
        npm(dir).args([subcommand, "--no-audit", "--no-fund", "--prefer-offline"]),
    )?;
    stamp.set(&digest)
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };
