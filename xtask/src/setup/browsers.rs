//! Chromium and Firefox with their drivers, for tests in real browsers.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{
    system_packages::{self, Distribution, distribution},
    tools,
};
use crate::{
    failure::{Failure, Result},
    workspace::find_program,
};

/// Paths of the browsers and of the programs that drive them.
pub(crate) struct Browsers {
    pub(crate) chromium: PathBuf,
    pub(crate) chromedriver: PathBuf,
    pub(crate) firefox: PathBuf,
    pub(crate) geckodriver: PathBuf,
}

pub(crate) fn ensure() -> Result<Browsers> {
    let missing: Vec<&Part> = PARTS.iter().filter(|part| part.find().is_none()).collect();
    if !missing.is_empty() {
        let packages: Vec<&str> = match distribution() {
            Distribution::Debian => missing.iter().map(|part| part.debian).collect(),
            Distribution::Ubuntu => missing.iter().map(|part| part.ubuntu).collect(),
            Distribution::Other => return Err(by_hand(missing.first().copied())),
        };
        system_packages::install("Browsers for the tests", &packages)?;
    }
    let [chromium, chromedriver, firefox] = &PARTS;
    Ok(Browsers {
        chromium: chromium.require()?,
        chromedriver: chromedriver.require()?,
        firefox: firefox.require()?,
        geckodriver: tools::geckodriver()?,
    })
}

struct Part {
    name: &'static str,
    /// Overrides the search; the published clients read the same names.
    variable: &'static str,
    programs: &'static [&'static str],
    elsewhere: &'static [&'static str],
    debian: &'static str,
    ubuntu: &'static str,
}

const PARTS: [Part; 3] = [
    Part {
        name: "Chromium",
        variable: "CHROMIUM",
        programs: &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
        elsewhere: &[
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
        ],
        debian: "chromium",
        ubuntu: "chromium-browser",
    },
    Part {
        name: "ChromeDriver",
        variable: "CHROMEDRIVER",
        programs: &["chromedriver"],
        elsewhere: &[
            "/usr/lib/chromium-browser/chromedriver",
            "/snap/bin/chromium.chromedriver",
        ],
        debian: "chromium-driver",
        ubuntu: "chromium-chromedriver",
    },
    Part {
        name: "Firefox",
        variable: "FIREFOX",
        programs: &["firefox-esr", "firefox"],
        elsewhere: &["/Applications/Firefox.app/Contents/MacOS/firefox"],
        debian: "firefox-esr",
        ubuntu: "firefox",
    },
];

impl Part {
    fn find(&self) -> Option<PathBuf> {
        let named = env::var_os(self.variable).map(PathBuf::from);
        let in_path = || self.programs.iter().find_map(|name| find_program(name));
        let elsewhere = || {
            self.elsewhere
                .iter()
                .map(PathBuf::from)
                .find(|path| Path::is_file(path))
        };
        named.or_else(in_path).or_else(elsewhere)
    }

    fn require(&self) -> Result<PathBuf> {
        self.find().ok_or_else(|| by_hand(Some(self)))
    }
}

fn by_hand(part: Option<&Part>) -> Failure {
    let (name, variable) = part.map_or(("A browser", "CHROMIUM"), |part| (part.name, part.variable));
    Failure::new(format!(
        "{name} was not found: install Chromium, the ChromeDriver of the same version, and Firefox, \
         or name the program's path in the variable {variable}."
    ))
}
