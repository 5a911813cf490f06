//! What the tests and measurements under tests/ are told, as environment variables.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Result, page::install_with_sdk, sdk, setup::browsers::Browsers};

/// The parts that a script under tests/ works with.
pub(crate) struct Environment {
    pub(crate) server: PathBuf,
    pub(crate) page: PathBuf,
    pub(crate) browsers: Option<Browsers>,
    pub(crate) python: Option<PathBuf>,
}

impl Environment {
    /// Installs what a folder's package.json lists; a folder without one needs nothing.
    pub(crate) fn install(&self, dir: &Path) -> Result {
        if dir.join("package.json").is_file() {
            install_with_sdk(dir, &sdk::tarball())?;
        }
        Ok(())
    }

    /// Names the parts to a command.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command
            .env("OPENLINE_SERVER_BIN", &self.server)
            .env("OPENLINE_PAGE_DIR", &self.page)
            .env("OPENLINE_PACKAGE_DIR", sdk::dist_dir())
            .env("OPENLINE_TARBALL", sdk::tarball());
        if let Some(browsers) = &self.browsers {
            command
                .env("CHROMIUM", &browsers.chromium)
                .env("CHROMEDRIVER", &browsers.chromedriver)
                .env("FIREFOX", &browsers.firefox)
                .env("GECKODRIVER", &browsers.geckodriver);
        }
        if let Some(python) = &self.python {
            command.env("OPENLINE_VENV_PYTHON", python);
        }
    }
}
