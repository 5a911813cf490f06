//! A compiler that can build for wasm32, from the first of three sources that has one: the active
//! toolchain, `rustup target add`, or the packages of the distribution.

mod distro;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Result},
    step::{probe, run, say},
    workspace::{cargo, list, root, wasm_target_dir},
};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The compiler for wasm32.
pub(crate) struct WasmToolchain {
    /// The name rustup knows it by; none is the active toolchain.
    name: Option<&'static str>,
    sysroot: PathBuf,
}

/// Finds the compiler, and installs what it lacks.
pub(crate) fn ensure() -> Result<WasmToolchain> {
    let active = WasmToolchain::active()?;
    if active.has_std() {
        return Ok(active);
    }
    if let Some(distro) = distro::ready() {
        return Ok(distro);
    }
    if has_rustup() && add_with_rustup(&["target", "add", TARGET]) && active.has_std() {
        return Ok(active);
    }
    distro::install()
}

impl WasmToolchain {
    fn active() -> Result<Self> {
        let sysroot = probe(rustc(None).args(["--print", "sysroot"]))
            .ok_or_else(|| Failure::new("`rustc` was not found: install Rust from https://rustup.rs"))?;
        Ok(Self {
            name: None,
            sysroot: sysroot.into(),
        })
    }

    /// Makes a cargo (or wasm-pack) command use this compiler and the build directory for wasm32.
    pub(crate) fn select(&self, command: &mut Command) {
        command.env("CARGO_TARGET_DIR", wasm_target_dir());
        if let Some(name) = self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
    }

    /// A cargo command in the root of the checkout that uses this compiler.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = cargo();
        self.select(&mut command);
        command
    }

    /// Installs clippy where this compiler lacks it.
    pub(crate) fn ensure_clippy(&self) -> Result {
        if self.has_clippy() {
            return Ok(());
        }
        match self.name {
            Some(_) => distro::install_clippy()?,
            None if has_rustup() => drop(add_with_rustup(&["component", "add", "clippy"])),
            None => {}
        }
        if self.has_clippy() {
            return Ok(());
        }
        Err(Failure::new(
            "clippy is missing for the wasm32 compiler: install it as its rustc was installed.",
        ))
    }

    fn has_clippy(&self) -> bool {
        probe(self.cargo().args(["clippy", "--version"])).is_some()
    }

    fn has_std(&self) -> bool {
        has_std(&std_dir(&self.sysroot))
    }

    fn version(&self) -> String {
        probe(rustc(self.name).arg("-vV")).unwrap_or_default()
    }
}

fn rustc(toolchain: Option<&str>) -> Command {
    let mut command = Command::new("rustc");
    command.current_dir(root());
    if let Some(name) = toolchain {
        command.env("RUSTUP_TOOLCHAIN", name);
    }
    command
}

/// Where a compiler keeps the standard library for wasm32.
fn std_dir(sysroot: &Path) -> PathBuf {
    sysroot.join("lib").join("rustlib").join(TARGET).join("lib")
}

fn has_std(dir: &Path) -> bool {
    list(dir).iter().any(|path| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("libstd-"))
    })
}

fn has_rustup() -> bool {
    probe(Command::new("rustup").arg("--version")).is_some()
}

/// Asks rustup's server for a part of the active toolchain. It may be out of reach, which is no
/// failure yet.
fn add_with_rustup(arguments: &[&str]) -> bool {
    let what = format!("Asking rustup: rustup {}", arguments.join(" "));
    let added = run(&what, Command::new("rustup").args(arguments).current_dir(root())).is_ok();
    if !added {
        say("rustup could not add it");
    }
    added
}
