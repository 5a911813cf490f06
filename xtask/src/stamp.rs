//! Remembers what a step was last run on, so that an unchanged step is skipped.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{failure::Result, workspace};

/// Everything a step reads, in one number. A changed number runs the step again: that is all it is
/// good for, so a hash that differs between two Rust versions costs one run and no more.
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    pub(crate) fn new() -> Self {
        Self(DefaultHasher::new())
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// A file's content; a missing file counts as such.
    pub(crate) fn file(mut self, path: &Path) -> Self {
        fs::read(path).ok().hash(&mut self.0);
        self
    }

    /// Names and contents of all files below a folder, generated and installed ones left out.
    pub(crate) fn tree(mut self, dir: &Path) -> Self {
        for path in workspace::list(dir) {
            let name = path.file_name().unwrap_or_default();
            let is_archive = path.extension().is_some_and(|it| it == "tgz");
            if is_archive || name == "node_modules" || name == "dist" || name == "output" {
                continue;
            }
            name.hash(&mut self.0);
            self = if path.is_dir() {
                self.tree(&path)
            } else {
                self.file(&path)
            };
        }
        self
    }

    pub(crate) fn digest(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// The record of one step's last success.
pub(crate) struct Stamp(PathBuf);

impl Stamp {
    /// A step of this checkout.
    pub(crate) fn of_step(name: &str) -> Self {
        Self(workspace::scratch_dir().join(name).with_extension("stamp"))
    }

    /// A record kept inside the very folder that the step fills, so that it goes when that goes.
    pub(crate) fn inside(dir: &Path) -> Self {
        Self(dir.join(".openline-stamp"))
    }

    pub(crate) fn is(&self, digest: &str) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|known| known == digest)
    }

    pub(crate) fn exists(&self) -> bool {
        self.0.is_file()
    }

    pub(crate) fn set(&self, digest: &str) -> Result {
        workspace::write(&self.0, digest)
    }
}
