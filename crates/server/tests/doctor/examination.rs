//! What the doctor says.

use std::ffi::OsStr;

use serde_json::Value;

use crate::binary::{command, run_to_end};

/// Longer than any answer takes on a busy machine.
pub(crate) const PATIENT: [&str; 2] = ["--timeout-s", "30"];

/// Who waits for silence waits no longer than this.
pub(crate) const IMPATIENT: [&str; 2] = ["--timeout-s", "2"];

pub(crate) struct Examination {
    pub(crate) code: Option<i32>,
    pub(crate) report: Value,
    /// All that was printed.
    pub(crate) printed: String,
}

impl Examination {
    pub(crate) fn run(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        let mut doctor = command(["doctor", "--json", "--idle-s", "1"]);
        doctor.args(arguments);
        let ended = run_to_end(doctor);
        Self {
            code: ended.code,
            report: serde_json::from_str(&ended.stdout).unwrap_or_default(),
            printed: ended.stdout + &ended.stderr,
        }
    }

    pub(crate) fn checks(&self) -> &[Value] {
        self.report["checks"].as_array().expect(&self.printed)
    }

    /// The checks of a topic, about a subject that has these words.
    pub(crate) fn about(&self, topic: &str, words: &str) -> Vec<&Value> {
        let checks = self.checks().iter();
        let meant = |check: &&Value| {
            check["topic"] == topic && check["subject"].as_str().unwrap_or_default().contains(words)
        };
        checks.filter(meant).collect()
    }

    /// The status of the only check of a topic.
    pub(crate) fn status(&self, topic: &str) -> &str {
        match self.about(topic, "").as_slice() {
            [only] => only["status"].as_str().unwrap(),
            others => panic!("{} checks of {topic}: {}", others.len(), self.printed),
        }
    }

    /// Fails unless the topic has one check that failed, with these words in it; so has the run.
    pub(crate) fn assert_failed(&self, topic: &str, words: &str) {
        let checks = self.about(topic, "");
        let failed = |check: &&&Value| check["status"] == "failed" && check.to_string().contains(words);
        assert_eq!(
            checks.iter().filter(failed).count(),
            1,
            "{topic}, {words}: {}",
            self.printed
        );
        assert_eq!(self.code, Some(1), "{}", self.printed);
        assert_eq!(self.report["ok"], false);
    }
}
