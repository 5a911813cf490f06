//! What the tests and measurements under tests/ are told, as environment variables.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::Result,
    page::install_with_sdk,
    sdk,
    setup::{browsers::Browsers, node},
};

/// The parts that a script under tests/ works with.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) tarball: Option<PathBuf>,
    pub(crate) page: Option<PathBuf>,
    pub(crate) server: Option<PathBuf>,
    pub(crate) browsers: Option<Browsers>,
    pub(crate) python: Option<PathBuf>,
}

impl Environment {
    /// Installs what a folder's package.json lists; a folder without one needs nothing.
    pub(crate) fn install(&self, dir: &Path) -> Result {
        if !dir.join("package.json").is_file() {
            return Ok(());
        }
        match &self.tarball {
            Some(tarball) => install_with_sdk(dir, tarball),
            None => node::install(dir),
        }
    }

    /// Names the parts to a command.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        let mut name = |variable: &str, path: &Option<PathBuf>| {
            if let Some(path) = path {
                command.env(variable, path);
            }
        };
        name("OPENLINE_TARBALL", &self.tarball);
        name(
            "OPENLINE_PACKAGE_DIR",
            &self.tarball.as_ref().map(|_| sdk::dist_dir()),
        );
        name("OPENLINE_PAGE_DIR", &self.page);
        name("OPENLINE_SERVER_BIN", &self.server);
        name("OPENLINE_VENV_PYTHON", &self.python);
        if let Some(browsers) = &self.browsers {
            command
                .env("CHROMIUM", &browsers.chromium)
                .env("CHROMEDRIVER", &browsers.chromedriver)
                .env("FIREFOX", &browsers.firefox)
                .env("GECKODRIVER", &browsers.geckodriver);
        }
    }
}
