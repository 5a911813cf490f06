//! coturn: its client checks our relay, and it is the relay beside ours.

use super::system_packages::{self, Distribution, distribution};
use crate::{failure::Result, step::note, workspace::find_program};

/// Installs it for the tests of CI. Elsewhere those that need it say that they are skipped.
pub(crate) fn ensure_in_ci() -> Result {
    if std::env::var_os("CI").is_some() {
        ensure()?;
    }
    Ok(())
}

/// Installs it where that is known how. Where not, the tests that need it say so.
pub(crate) fn ensure() -> Result {
    if find_program("turnutils_uclient").is_some() {
        return Ok(());
    }
    match distribution() {
        Distribution::Debian | Distribution::Ubuntu => {
            system_packages::install("A peer for the relay", &["coturn"])
        }
        Distribution::Other => {
            note("coturn is not installed: tests of the relay that need it are skipped.");
            Ok(())
        }
    }
}
