//! `cargo xtask sdk`: the npm package, from Rust to the tarball.
//!
//! cargo -> wasm-bindgen -> wasm-opt -> the hand-written entries -> `npm pack`. Options: `--dev`
//! builds quickly and large; `--bless` accepts the types as they are now.

mod core;
mod entries;
mod join;
mod machine_paths;
pub(crate) mod part;
pub(crate) mod types;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use self::part::Part;
use crate::{
    bench::sizes,
    failure::{Failure, Result},
    setup::{node, wasm},
    stamp::{Inputs, Stamp},
    step::{capture, note, run_quietly, say},
    workspace::{VERSION, copy, create_dir, list, read, remove, root, scratch_dir},
};

/// How the SDK is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Build {
    /// As it is published.
    Release,
    /// Quick to build.
    Dev,
}

/// The task itself.
pub(crate) fn run(arguments: &[String]) -> Result {
    let mut build = Build::Release;
    let mut bless = false;
    for argument in arguments {
        match argument.as_str() {
            "--dev" => build = Build::Dev,
            "--bless" => bless = true,
            other => {
                return Err(Failure::new(format!(
                    "`sdk` knows --dev and --bless, and not `{other}`."
                )));
            }
        }
    }
    let tarball = package(build)?;
    if bless {
        types::bless()?;
    } else {
        types::mention_changes()?;
    }
    note(&format!("{}", tarball.display()));
    if build == Build::Release {
        sizes::run()
    } else {
        Ok(())
    }
}

/// Builds the package and returns the tarball. Once in a run: both parts are the same file to cargo, which
/// compiles each of them again after the other.
pub(crate) fn package(build: Build) -> Result<PathBuf> {
    static BUILT: Mutex<Option<Build>> = Mutex::new(None);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if *built == Some(build) {
        return Ok(tarball());
    }
    *built = None;
    let tarball = build_package(build)?;
    *built = Some(build);
    Ok(tarball)
}

fn build_package(build: Build) -> Result<PathBuf> {
    node::require()?;
    let toolchain = wasm::ensure()?;
    node::install(&node::tools_dir())?;
    let mut inputs = Inputs::new();
    for part in Part::ALL {
        core::build(&toolchain, build, part)?;
        // With it, which files of `pkg/` go into it.
        inputs = inputs
            .tree(&part.core_dir())
            .text(&format!("{:?}{:?}", part.entries(), part.joined()));
    }
    let tarball = tarball();
    let digest = inputs
        .tree(&package_dir())
        .file(&entries::minify_script())
        .text(&format!("{build:?}"))
        .tree_of_root_texts()
        .digest();
    let stamp = Stamp::of_step("package");
    if stamp.is(&digest) && tarball.is_file() && dist_dir().join("core_bg.wasm").is_file() {
        return Ok(tarball);
    }
    say("Assembling the npm package");
    remove(&dist_dir())?;
    for part in Part::ALL {
        entries::assemble(part)?;
    }
    if build == Build::Release {
        entries::minify()?;
    }
    smoke_test()?;
    pack(&tarball)?;
    if build == Build::Release {
        sizes::require_within_budget()?;
    }
    stamp.set(&digest)?;
    Ok(tarball)
}

/// The folder of the npm package.
pub(crate) fn package_dir() -> PathBuf {
    root().join("pkg")
}

/// What the package ships; generated.
pub(crate) fn dist_dir() -> PathBuf {
    package_dir().join("dist")
}

/// What `npm publish` would upload.
pub(crate) fn tarball() -> PathBuf {
    package_dir().join(format!("openline-{VERSION}.tgz"))
}

/// Files of the root that belong into the package as well, where they are.
const ROOT_TEXTS: [&str; 4] = ["LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md"];

impl Inputs {
    fn tree_of_root_texts(self) -> Self {
        ROOT_TEXTS
            .iter()
            .fold(self, |inputs, name| inputs.file(&root().join(name)))
    }
}

fn smoke_test() -> Result {
    say("Loading the package in Node");
    let script = node::tools_dir().join("smoke.mjs");
    let dirs = Part::ALL.map(Part::dist_dir);
    capture(Command::new("node").arg(script).args(dirs)).map(drop)
}

fn copy_tree(from: &Path, to: &Path) -> Result {
    for path in list(from) {
        let copied = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_tree(&path, &copied)?;
        } else {
            copy(&path, &copied)?;
        }
    }
    Ok(())
}

/// Packs from a copy: the licences live in the root, and npm follows no links.
fn pack(tarball: &Path) -> Result {
    let manifest = read(&package_dir().join("package.json"))?;
    if !manifest.contains(&format!("\"version\": \"{VERSION}\"")) {
        return Err(Failure::new(format!(
            "pkg/package.json has another version than Cargo.toml: make both {VERSION}."
        )));
    }
    let staging = scratch_dir().join("package");
    remove(&staging)?;
    create_dir(&staging)?;
    for name in ["package.json", "README.md"] {
        let file = package_dir().join(name);
        if file.is_file() {
            copy(&file, &staging.join(name))?;
        }
    }
    for name in ROOT_TEXTS {
        if root().join(name).is_file() {
            copy(&root().join(name), &staging.join(name))?;
        }
    }
    copy_tree(&dist_dir(), &staging.join("dist"))?;
    remove(tarball)?;
    run_quietly(
        "Packing for npm",
        node::npm(&staging)
            .args(["pack", "--silent", "--pack-destination"])
            .arg(package_dir()),
    )?;
    if tarball.is_file() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "npm pack made no {}: is the package's name `openline`?",
        tarball.display()
    )))
}
