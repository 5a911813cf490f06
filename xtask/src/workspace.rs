//! Where things are: the checkout, the build directory, the cache that outlives both.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::failure::{Failure, Result};

/// The version every package of this workspace carries.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    // Asked at run time first: a build directory shared by two checkouts must not mix them up.
    let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest_dir
        .parent()
        .map_or_else(|| manifest_dir.clone(), Path::to_path_buf)
}

/// Cargo's build directory.
pub(crate) fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .and_then(|dir| std::path::absolute(dir).ok())
        .unwrap_or_else(|| root().join("target"))
}

/// The build directory for wasm32: its own, so that a native build never waits for its lock.
pub(crate) fn wasm_target_dir() -> PathBuf {
    target_dir().join("wasm")
}

/// Intermediate files and stamps of the tasks. In the checkout even where cargo's directory is not.
pub(crate) fn scratch_dir() -> PathBuf {
    root().join("target").join("xtask")
}

/// The per-user cache, shared by all checkouts: tools and the Python environment.
pub(crate) fn cache_dir() -> Result<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|dir| dir.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .ok_or_else(|| Failure::new("There is no home directory: set HOME or XDG_CACHE_HOME."))?;
    Ok(base.join("openline"))
}

/// A cargo command in the root of the checkout.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root());
    command
}

/// The first program of this name in PATH.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|dir| dir.join(name).with_extension(env::consts::EXE_EXTENSION))
        .find(|candidate| candidate.is_file())
}

/// Puts a folder in front of PATH for one command.
pub(crate) fn prepend_path(command: &mut Command, dir: &Path) -> Result {
    let old = env::var_os("PATH").unwrap_or_default();
    let dirs = std::iter::once(dir.to_path_buf()).chain(env::split_paths(&old));
    let joined = env::join_paths(dirs)
        .map_err(|error| Failure::new(format!("{} cannot stand in PATH: {error}.", dir.display())))?;
    command.env("PATH", joined);
    Ok(())
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))
}

/// Writes a file, creating the folders above it.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result {
    if let Some(parent) = path.parent() {
        create_dir(parent)?;
    }
    fs::write(path, content).map_err(|error| Failure::io("write", path, &error))
}

/// Copies one file, creating the folders above the copy.
pub(crate) fn copy(from: &Path, to: &Path) -> Result {
    if let Some(parent) = to.parent() {
        create_dir(parent)?;
    }
    fs::copy(from, to).map_err(|error| Failure::io("copy", from, &error))?;
    Ok(())
}

/// Creates a folder and those above it.
pub(crate) fn create_dir(path: &Path) -> Result {
    fs::create_dir_all(path).map_err(|error| Failure::io("create", path, &error))
}

/// Removes a file, a link or a whole folder; nothing there is fine.
pub(crate) fn remove(path: &Path) -> Result {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let removed = if metadata.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.map_err(|error| Failure::io("remove", path, &error))
}

/// The entries of a folder in a stable order; none where there is no folder.
pub(crate) fn list(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    paths.sort();
    paths
}
