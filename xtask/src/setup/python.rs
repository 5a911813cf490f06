//! A Python environment with the published clients, which some of the tests talk through.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use super::system_packages::{self, Distribution, distribution};
use crate::{
    failure::{Failure, Result},
    stamp::{Inputs, Stamp},
    step::{probe, run_quietly},
    workspace::{cache_dir, find_program, remove, root},
};

/// What the environment holds, with versions.
const REQUIREMENTS: &str = "tests/clients/requirements.txt";

/// The Python interpreter of the environment.
pub(crate) fn ensure() -> Result<PathBuf> {
    let venv = cache_dir()?.join("python");
    let python = venv.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let requirements = root().join(REQUIREMENTS);
    let digest = Inputs::new().file(&requirements).digest();
    let stamp = Stamp::inside(&venv);
    if stamp.is(&digest) && probe(Command::new(&python).arg("--version")).is_some() {
        return Ok(python);
    }
    remove(&venv)?;
    create(&venv)?;
    run_quietly(
        &format!("Installing the Python packages of {REQUIREMENTS}"),
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
            ])
            .arg(&requirements),
    )?;
    stamp.set(&digest)?;
    Ok(python)
}

fn create(venv: &Path) -> Result {
    if try_create(venv) {
        return Ok(());
    }
    if distribution() != Distribution::Other {
        system_packages::install(
            "Python for the tests of published clients",
            &["python3", "python3-venv"],
        )?;
        if try_create(venv) {
            return Ok(());
        }
    }
    Err(Failure::new(
        "Python 3 with its venv module is needed for one test: install python3 and python3-venv.",
    ))
}

fn try_create(venv: &Path) -> bool {
    let named = env::var_os("PYTHON").map(PathBuf::from);
    let candidates = named
        .into_iter()
        .chain(["python3", "python"].into_iter().filter_map(find_program));
    // The system's own comes last: a version manager in front of it may be set up for nothing.
    candidates
        .chain([PathBuf::from("/usr/bin/python3")])
        .any(|python| probe(Command::new(python).args(["-m", "venv", "--clear"]).arg(venv)).is_some())
}
