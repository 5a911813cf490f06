//! Packages of the operating system. Debian and Ubuntu can be served from here by root; everybody
//! else is told what to install.

use std::process::Command;

use crate::{
    failure::{Failure, Result},
    step::{capture, probe, run},
    workspace::{find_program, read},
};

/// The package managers whose package names are known here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distribution {
    Debian,
    Ubuntu,
    Other,
}

pub(crate) fn distribution() -> Distribution {
    let release = read("/etc/os-release".as_ref()).unwrap_or_default();
    let is = |line: &str| release.lines().any(|it| it == line);
    if find_program("apt-get").is_none() {
        Distribution::Other
    } else if is("ID=ubuntu") {
        Distribution::Ubuntu
    } else if is("ID=debian") || release.contains("ID_LIKE=debian") {
        Distribution::Debian
    } else {
        Distribution::Other
    }
}

/// The version apt would install, where it knows the package.
pub(crate) fn candidate(package: &str) -> Option<String> {
    let policy = probe(
        Command::new("apt-cache")
            .args(["policy", package])
            .env("LC_ALL", "C"),
    )?;
    let version = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate: "))?
        .to_owned();
    (version != "(none)").then_some(version)
}

/// Installs packages as root, or fails with the command that does.
pub(crate) fn install(what_for: &str, packages: &[&str]) -> Result {
    let by_hand = || {
        format!(
            "sudo apt-get update && sudo apt-get install --no-install-recommends {}",
            packages.join(" ")
        )
    };
    if capture(Command::new("id").arg("-u"))? != "0" {
        return Err(Failure::new(format!(
            "{what_for}: packages are missing. Install them with\n    {}",
            by_hand()
        )));
    }
    if packages.iter().any(|package| candidate(package).is_none()) {
        refresh()?;
    }
    let attempt = || {
        run(
            &format!("{what_for}: installing {}", packages.join(", ")),
            Command::new("apt-get")
                .args(["install", "--yes", "--quiet", "--no-install-recommends"])
                .args(packages)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    // An old package list names files that its server has since replaced: one refresh mends that.
    attempt()
        .or_else(|_| refresh().and_then(|()| attempt()))
        .map_err(|failure| Failure::new(format!("{failure}\nTry by hand:\n    {}", by_hand())))
}

/// Reads the package lists anew.
pub(crate) fn refresh() -> Result {
    run(
        "Reading the package lists",
        Command::new("apt-get").args(["update", "--quiet"]),
    )
}
