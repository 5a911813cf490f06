//! Panics name the file they come from. In the published file those names must not tell where it was built.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::{Failure, Result},
    setup::wasm::TARGET,
    workspace::{list, root},
};

/// Inlining that the compiler takes for free costs bytes, see `OPTIMISER_OPTIONS` in `core.rs`.
const INLINE_LESS: &str = "-Cllvm-args=-inline-threshold=15";

/// What tells cargo to leave this machine out of the names of files, and how the machine code is made.
pub(super) fn cargo_arguments() -> Result<[String; 2]> {
    let cargo_home = cargo_home()?;
    // Of several that match, the compiler takes the last.
    let flags: Vec<String> = [
        (home()?, "home"),
        (cargo_home.clone(), "cargo"),
        (root(), ""),
        (cargo_home.join("registry").join("src"), ""),
    ]
    .iter()
    .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
    .chain([INLINE_LESS.to_owned()])
    .collect();
    Ok([
        "--config".to_owned(),
        format!("target.{TARGET}.rustflags={flags:?}"),
    ])
}

/// Fails when a file of that folder names a place of this machine.
pub(super) fn require_none(dir: &Path) -> Result {
    let places = [home()?, cargo_home()?, root()].map(|place| place.join("").display().to_string());
    for file in list(dir) {
        let content = fs::read(&file).map_err(|error| Failure::io("read", &file, &error))?;
        if let Some(place) = places.iter().find(|place| contains(&content, place.as_bytes())) {
            return Err(Failure::new(format!(
                "{} names {place}, a place of this machine: unset RUSTFLAGS, or leave that place out in \
                 xtask/src/sdk/machine_paths.rs.",
                file.display()
            )));
        }
    }
    Ok(())
}

fn contains(content: &[u8], wanted: &[u8]) -> bool {
    content.windows(wanted.len()).any(|window| window == wanted)
}

fn home() -> Result<PathBuf> {
    env::home_dir()
        .filter(|home| home.is_absolute())
        .ok_or_else(|| Failure::new("There is no home directory: set HOME."))
}

fn cargo_home() -> Result<PathBuf> {
    match env::var_os("CARGO_HOME") {
        Some(dir) if !dir.is_empty() => {
            std::path::absolute(&dir).map_err(|error| Failure::io("find", Path::new(&dir), &error))
        }
        _ => Ok(home()?.join(".cargo")),
    }
}
