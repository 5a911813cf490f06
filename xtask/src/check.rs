//! `cargo xtask check`: everything that can be said about the code without running it.

mod links;

use std::process::Command;

use crate::{
    failure::{Failure, Result},
    sdk::{self, Build},
    setup::{
        node, tools,
        wasm::{self, TARGET},
    },
    step::{note, run as run_step, run_quietly, say},
    workspace::{cargo, list, read, root},
};

/// A check's name and what runs it.
type Check = (&'static str, fn() -> Result);

const CHECKS: [Check; 7] = [
    ("format", format),
    ("lints, native", lints),
    ("lints, wasm32", lints_for_wasm),
    ("documentation", documentation),
    ("links", links::run),
    ("npm package", package),
    ("dependencies", dependencies),
];

/// Runs every check to its end, and fails if one did.
pub(crate) fn run() -> Result {
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        if let Err(failure) = check() {
            eprintln!("{failure}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        say("All checks passed");
        return Ok(());
    }
    Err(Failure::new(format!("Failed: {}.", failed.join("; "))))
}

fn format() -> Result {
    run_step("Checking the format", cargo().args(["fmt", "--all", "--check"]))
        .map_err(|failure| Failure::new(format!("{failure}\n`cargo fmt --all` mends it.")))?;
    // A workspace of its own.
    let fuzz = "fuzz/Cargo.toml";
    run_step(
        "Checking the format of fuzz/",
        cargo().args(["fmt", "--manifest-path", fuzz, "--check"]),
    )
    .map_err(|failure| Failure::new(format!("{failure}\n`cargo fmt --manifest-path {fuzz}` mends it.")))
}

fn lints() -> Result {
    run_step(
        "Linting for this machine",
        cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    )
}

fn lints_for_wasm() -> Result {
    let toolchain = wasm::ensure()?;
    toolchain.ensure_clippy()?;
    let clippy = |what: &str, targets: &[&str], packages: &[String]| {
        let mut command = toolchain.cargo();
        command.args(["clippy", "--target", TARGET]).args(targets);
        for package in packages {
            command.args(["--package", package]);
        }
        run_step(what, command.args(["--", "-D", "warnings"]))
    };
    // The cores' tests are native ones, with dependencies that a page has no use for.
    clippy("Linting for wasm32", &["--lib"], &web_packages()?)?;
    clippy(
        "Linting the tests for wasm32",
        &["--tests"],
        &["openline".to_owned()],
    )
}

/// The SDK and the workspace's packages it is made of.
fn web_packages() -> Result<Vec<String>> {
    let manifest = read(&root().join("Cargo.toml"))?;
    let (_, package) = manifest
        .split_once("\n[dependencies]\n")
        .ok_or_else(|| Failure::new("Cargo.toml has no [dependencies] of the SDK."))?;
    let own = package
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('.').map(|(name, _)| name))
        .filter(|name| name.starts_with("openline-"));
    Ok(std::iter::once("openline")
        .chain(own)
        .map(str::to_owned)
        .collect())
}

fn documentation() -> Result {
    run_step(
        "Building the documentation",
        cargo()
            .args(["doc", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}

fn package() -> Result {
    let tarball = sdk::package(Build::Release)?;
    sdk::types::check()?;
    let bin = node::tools_dir().join("node_modules").join(".bin");
    let tool = |name: &str| {
        let mut command = Command::new(bin.join(name));
        command.current_dir(root());
        command
    };
    run_quietly(
        "Checking the package with publint",
        tool("publint").arg("run").arg(&tarball).arg("--strict"),
    )?;
    run_quietly(
        "Checking the package's types with attw",
        tool("attw").arg(&tarball).args([
            "--profile",
            "esm-only",
            "--exclude-entrypoints",
            "core.wasm",
            "chat/core.wasm",
        ]),
    )
}

fn dependencies() -> Result {
    let policy = root().join("deny.toml");
    if !list(&root()).contains(&policy) {
        return Err(Failure::new("deny.toml is missing."));
    }
    if !tools::has_deny() {
        note("Skipped: licences and advisories of dependencies, because cargo-deny is not installed.");
        return Ok(());
    }
    run_step(
        "Checking the dependencies",
        cargo().args(["deny", "--workspace", "check"]),
    )
}
