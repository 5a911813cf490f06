//! Command-line tools of pinned versions: used from PATH where the version is right, else built
//! once into the per-user cache.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Result},
    step::{probe, run},
    workspace::{cache_dir, create_dir, find_program, read, root, target_dir},
};

const WASM_PACK_VERSION: &str = "0.15.1";
const GECKODRIVER_VERSION: &str = "0.37.1";
const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// The folder of the tools that were built here.
pub(crate) fn bin_dir() -> Result<PathBuf> {
    Ok(cache_dir()?.join("tools").join("bin"))
}

/// The path of `wasm-bindgen`, of the version that the crate has: the two speak a private format.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    ensure(
        "wasm-bindgen",
        "wasm-bindgen-cli",
        &locked_version("wasm-bindgen")?,
    )
}

pub(crate) fn wasm_pack() -> Result<PathBuf> {
    ensure("wasm-pack", "wasm-pack", WASM_PACK_VERSION)
}

pub(crate) fn geckodriver() -> Result<PathBuf> {
    ensure("geckodriver", "geckodriver", GECKODRIVER_VERSION)
}

/// The path of `cargo-fuzz`.
pub(crate) fn cargo_fuzz() -> Result<PathBuf> {
    ensure("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ_VERSION)
}

/// Whether `cargo nextest` can be used.
pub(crate) fn has_nextest() -> bool {
    probe(Command::new("cargo").args(["nextest", "--version"])).is_some()
}

/// Whether `cargo deny` can be used.
pub(crate) fn has_deny() -> bool {
    probe(Command::new("cargo").args(["deny", "--version"])).is_some()
}

fn ensure(program: &str, package: &str, version: &str) -> Result<PathBuf> {
    if let Some(path) = find_program(program).filter(|path| has_version(path, version)) {
        return Ok(path);
    }
    let cached = bin_dir()?
        .join(program)
        .with_extension(std::env::consts::EXE_EXTENSION);
    if has_version(&cached, version) {
        return Ok(cached);
    }
    let tools = cache_dir()?.join("tools");
    create_dir(&tools)?;
    run(
        &format!("Building {package} {version}, once (about two minutes)"),
        Command::new("cargo")
            .args(["install", package, "--version", version, "--force", "--root"])
            .arg(&tools)
            // One build directory for all of them, because they share most of their dependencies.
            .arg("--target-dir")
            .arg(target_dir().join("tools"))
            // A third less to wait for, and tools that are used for seconds.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .current_dir(&tools),
    )?;
    Ok(cached)
}

fn has_version(program: &PathBuf, version: &str) -> bool {
    probe(Command::new(program).arg("--version"))
        .and_then(|answer| answer.split_whitespace().nth(1).map(|found| found == version))
        .unwrap_or(false)
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Result<String> {
    let lock = read(&root().join("Cargo.lock"))?;
    let name_line = format!("name = \"{package}\"");
    lock.lines()
        .skip_while(|line| *line != name_line)
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::new(format!(
                "Cargo.lock names no {package}: run `cargo metadata` once."
            ))
        })
}
