//! The compiler of Debian's packages, for machines that cannot reach rustup's server. The packages
//! bring the source of the standard library; it is compiled for wasm32 once and put beside the
//! compiler.

use std::{fs, path::Path, process::Command};

use super::{TARGET, WasmToolchain, has_rustup, has_std, rustc, std_dir};
use crate::setup::system_packages::{self, Distribution, distribution};
use crate::{
    failure::{Failure, Result},
    stamp::{Inputs, Stamp},
    step::{capture, probe, run, say},
    workspace::{cache_dir, copy, create_dir, list, read, remove, root, write},
};

/// The name under which rustup gets to know the compiler in /usr.
const NAME: &str = "distro";
const SYSROOT: &str = "/usr";
const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
];
const CRATES: &str = "std,panic_abort,panic_unwind,proc_macro,test";

/// The compiler, if an earlier run completed it.
pub(super) fn ready() -> Option<WasmToolchain> {
    let toolchain = linked()?;
    is_complete(&toolchain).then_some(toolchain)
}

pub(super) fn install() -> Result<WasmToolchain> {
    if !has_rustup() || distribution() == Distribution::Other {
        return Err(missing(
            "No compiler for wasm32 was found, and rustup could not add one.",
        ));
    }
    install_packages()?;
    if linked().is_none() {
        run(
            "Making the distribution's compiler known to rustup",
            Command::new("rustup").args(["toolchain", "link", NAME, SYSROOT]),
        )?;
    }
    let toolchain = linked().ok_or_else(|| missing("The distribution's compiler cannot be started."))?;
    if !is_complete(&toolchain) {
        build_std(&toolchain)?;
    }
    Ok(toolchain)
}

pub(super) fn install_clippy() -> Result {
    system_packages::install("Lints for wasm32", &["rust-web-clippy"])
}

fn linked() -> Option<WasmToolchain> {
    let sysroot = probe(rustc(Some(NAME)).args(["--print", "sysroot"]))?;
    Some(WasmToolchain {
        name: Some(NAME),
        sysroot: sysroot.into(),
    })
}

fn install_packages() -> Result {
    let too_old = format!(
        "The distribution's newest compiler is older than {}.",
        oldest_compiler()?
    );
    let new_enough = || is_new_enough(&system_packages::candidate("rustc-web").unwrap_or_default());
    if !new_enough()? {
        system_packages::refresh()?;
    }
    if !new_enough()? {
        return Err(missing(&too_old));
    }
    if Path::new("/usr/lib/rustlib/src/rust/library/Cargo.lock").is_file()
        && Path::new("/usr/bin/rust-lld").exists()
        && is_new_enough(&installed_compiler())?
    {
        return Ok(());
    }
    system_packages::install("A compiler for wasm32", &PACKAGES)?;
    // rust-lld is a link whose goal is a package of its own, with the version in its name.
    match fs::read_link("/usr/bin/rust-lld") {
        Ok(goal) if !Path::new("/usr/bin/rust-lld").exists() => {
            let package = goal
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or("lld")
                .to_owned();
            system_packages::install("The linker for wasm32", &[&package])
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Whether the library is there, belongs to this compiler, and was copied to the end. The record is
/// written last; without one, a trial decides, so that a library put there by hand is accepted.
fn is_complete(toolchain: &WasmToolchain) -> bool {
    let dir = std_dir(&toolchain.sysroot);
    let digest = digest(toolchain);
    let stamp = Stamp::inside(&dir);
    if !has_std(&dir) {
        return false;
    }
    stamp.is(&digest) || (!stamp.exists() && links(toolchain).is_ok() && stamp.set(&digest).is_ok())
}

fn digest(toolchain: &WasmToolchain) -> String {
    Inputs::new().text(&toolchain.version()).text(CRATES).digest()
}

/// Links a small library with everything that the SDK's build asks of the standard library.
fn links(toolchain: &WasmToolchain) -> Result {
    let dir = cache_dir()?.join("wasm-std");
    let source = dir.join("trial.rs");
    write(
        &source,
        "#[unsafe(no_mangle)]\npub extern \"C\" fn trial() -> usize { vec![1].len() }\n",
    )?;
    capture(
        rustc(toolchain.name)
            .args(["--edition=2024", "--crate-type=cdylib", "--target", TARGET])
            .args(["-Copt-level=1", "-Clto=fat", "-Cpanic=abort", "-o"])
            .arg(dir.join("trial.wasm"))
            .arg(&source),
    )?;
    Ok(())
}

fn build_std(toolchain: &WasmToolchain) -> Result {
    let project = cache_dir()?.join("wasm-std");
    remove(&project)?;
    write(
        &project.join("Cargo.toml"),
        "[package]\nname = \"wasm-std\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    write(&project.join("src").join("lib.rs"), "")?;
    let build = project.join("target");
    run(
        "Compiling the standard library for wasm32, once (about a minute)",
        Command::new("cargo")
            .args(["build", "--release", "--target", TARGET, "-Z"])
            .arg(format!("build-std={CRATES}"))
            .current_dir(&project)
            .env("CARGO_TARGET_DIR", &build)
            .env("RUSTUP_TOOLCHAIN", NAME)
            .env("RUSTC_BOOTSTRAP", "1")
            // The SDK is built with link-time optimisation, which reads the bitcode.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes"),
    )?;
    put_in_place(
        &build.join(TARGET).join("release").join("deps"),
        &std_dir(&toolchain.sysroot),
    )?;
    Stamp::inside(&std_dir(&toolchain.sysroot)).set(&digest(toolchain))?;
    links(toolchain)?;
    remove(&project)
}

/// Copies beside the goal first and renames then: an interrupted copy is never taken for a library.
fn put_in_place(built: &Path, goal: &Path) -> Result {
    say(&format!("Copying it to {}", goal.display()));
    let staging = goal.with_file_name("lib.partial");
    remove(&staging)?;
    create_dir(&staging)?;
    for rlib in list(built) {
        let name = rlib
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if name.ends_with(".rlib") && !name.starts_with("libwasm_std-") {
            copy(&rlib, &staging.join(name))?;
        }
    }
    remove(goal)?;
    fs::rename(&staging, goal).map_err(|error| Failure::io("put in place", goal, &error))
}

fn installed_compiler() -> String {
    probe(Command::new("/usr/bin/rustc").arg("--version"))
        .and_then(|line| line.split_whitespace().nth(1).map(str::to_owned))
        .unwrap_or_default()
}

fn is_new_enough(version: &str) -> Result<bool> {
    Ok(major_minor(version) >= major_minor(&oldest_compiler()?))
}

fn major_minor(version: &str) -> (u32, u32) {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// `rust-version` of the workspace.
fn oldest_compiler() -> Result<String> {
    read(&root().join("Cargo.toml"))?
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("Cargo.toml names no rust-version."))
}

fn missing(fact: &str) -> Failure {
    Failure::new(format!(
        "{fact} Install the wasm32 standard library for your compiler: with rustup, \
         `rustup target add {TARGET}`; otherwise the package of your distribution that holds it."
    ))
}
