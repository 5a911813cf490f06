//! Builds the server's binary.

use std::path::PathBuf;

use crate::{
    failure::Result,
    step::run,
    workspace::{cargo, target_dir},
};

const PACKAGE: &str = "openline-server";

/// The server for tests. With the same choice of packages and of dependencies for tests as the native
/// tests have: otherwise cargo would compile half of the dependencies again, with other features.
pub(crate) fn build_for_tests() -> Result<PathBuf> {
    run(
        "Building the server",
        cargo().args(["build", "--workspace", "--bin", PACKAGE, "--test", "web"]),
    )?;
    Ok(binary("debug"))
}

/// The server for the demo: quick to build.
pub(crate) fn build_for_demo() -> Result<PathBuf> {
    run(
        "Building the server",
        cargo().args(["build", "--package", PACKAGE]),
    )?;
    Ok(binary("debug"))
}

/// The server as it runs in production.
pub(crate) fn build_release() -> Result<PathBuf> {
    run(
        "Building the server for production",
        cargo().args(["build", "--release", "--package", PACKAGE]),
    )?;
    Ok(binary("release"))
}

fn binary(profile: &str) -> PathBuf {
    target_dir()
        .join(profile)
        .join(PACKAGE)
        .with_extension(std::env::consts::EXE_EXTENSION)
}
