//! `cargo xtask page`: the sample page, built on the packed SDK as any application would be.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::Result,
    sdk::{self, Build},
    setup::node,
    stamp::{Inputs, Stamp},
    step::run,
    workspace::{create_dir, read, remove, root},
};

/// Builds the SDK and the page, and returns the folder to serve.
pub(crate) fn build() -> Result<PathBuf> {
    let tarball = sdk::package(Build::Release)?;
    let www = root().join("www");
    install_with_sdk(&www, &tarball)?;
    let dist = www.join("dist");
    let digest = Inputs::new().tree(&www).file(&tarball).digest();
    let stamp = Stamp::of_step("page");
    if !stamp.is(&digest) || !dist.join("index.html").is_file() {
        run(
            "Building the page",
            node::npm(&www).args(["run", "--silent", "build"]),
        )?;
        stamp.set(&digest)?;
    }
    Ok(dist)
}

/// Installs the dependencies of a folder, and the packed SDK where it is one of them.
///
/// The lock file of such a folder names `../pkg`, because a tarball's checksum would differ after
/// each build. What the tarball holds is put in its place, so that nothing is seen that an
/// installed package would not have.
pub(crate) fn install_with_sdk(dir: &Path, tarball: &Path) -> Result {
    node::install(dir)?;
    if !read(&dir.join("package.json"))?.contains("\"openline\":") {
        return Ok(());
    }
    let installed = dir.join("node_modules").join("openline");
    let digest = Inputs::new().file(tarball).digest();
    let stamp = Stamp::inside(&installed);
    let is_link = fs::symlink_metadata(&installed).is_ok_and(|it| it.file_type().is_symlink());
    if !is_link && stamp.is(&digest) {
        return Ok(());
    }
    remove(&installed)?;
    create_dir(&installed)?;
    run(
        &format!(
            "Installing the packed SDK in {}",
            dir.strip_prefix(root()).unwrap_or(dir).display()
        ),
        Command::new("tar")
            .arg("-xzf")
            .arg(tarball)
            .args(["--strip-components=1", "-C"])
            .arg(&installed),
    )?;
    stamp.set(&digest)
}
