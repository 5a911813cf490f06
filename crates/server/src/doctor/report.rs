//! What was found: one line a check.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::Serialize;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// As it should be.
    Ok,
    /// It works, but not for everybody, or not for long.
    Warning,
    /// It does not work.
    Failed,
    /// Not looked at; it says why.
    Skipped,
}

impl Status {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// What a check is about, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// The settings, on the machine itself.
    Settings,
    /// Whether a server runs on them.
    Server,
    /// The data directory.
    DataDirectory,
    /// The files of the certificate and its key.
    Certificate,
    /// The ports of the settings.
    Ports,
    /// The system's limit of open files.
    OpenFiles,
    /// `turn.public_addresses`.
    Addresses,
    /// DNS.
    Names,
    /// A connection.
    Tcp,
    /// Its certificate and version of TLS.
    Tls,
    /// Whether the server answers, and says that it is ready.
    Health,
    /// Its clock and ours.
    Clock,
    /// Whether a WebSocket comes through.
    Upgrade,
    /// Whether pages of an origin may use the server.
    Origins,
    /// Whether large requests come through.
    Bodies,
    /// Whether the access key is good.
    AccessKey,
    /// A realtime session.
    Session,
    /// Whether it lives through silence.
    Idle,
    /// What relays clients are told of.
    Relays,
    /// One of them.
    Relay,
    /// Whom it relays to.
    Peers,
    /// What the run left behind.
    CleanUp,
    /// The run itself.
    Run,
}

impl Topic {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Server => "server",
            Self::DataDirectory => "data directory",
            Self::Certificate => "certificate",
            Self::Ports => "ports",
            Self::OpenFiles => "open files",
            Self::Addresses => "addresses",
            Self::Names => "names",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Health => "health",
            Self::Clock => "clock",
            Self::Upgrade => "upgrade",
            Self::Origins => "origins",
            Self::Bodies => "bodies",
            Self::AccessKey => "access key",
            Self::Session => "session",
            Self::Idle => "idle",
            Self::Relays => "relays",
            Self::Relay => "relay",
            Self::Peers => "peers",
            Self::CleanUp => "clean-up",
            Self::Run => "run",
        }
    }
}

/// What facts mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// How it is.
    pub status: Status,
    /// What was found, in one sentence.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Verdict {
    pub(super) fn ok(found: impl Into<String>) -> Self {
        Self::new(Status::Ok, found, None)
    }

    pub(super) fn warning(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Status::Warning, found, Some(remedy.into()))
    }

    pub(super) fn failed(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Status::Failed, found, Some(remedy.into()))
    }

    pub(super) fn skipped(why: impl Into<String>) -> Self {
        Self::new(Status::Skipped, why, None)
    }

    fn new(status: Status, found: impl Into<String>, remedy: Option<String>) -> Self {
        Self {
            status,
            found: found.into(),
            remedy,
        }
    }
}

/// A line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What it is about.
    pub topic: Topic,
    /// Which of them: an address, a relay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// How it is.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// All that was found.
#[derive(Debug)]
pub struct Report {
    /// What was looked at.
    pub endpoint: Option<String>,
    /// The checks, in the order of their topics.
    pub checks: Vec<Check>,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// How many checks went so.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        let same = |check: &&Check| check.verdict.status == status;
        self.checks.iter().filter(same).count()
    }

    /// Whether nothing failed.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.count(Status::Failed) == 0
    }
}

/// Where checks that run at the same time put what they find.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings(Arc<Mutex<Vec<Check>>>);

impl Findings {
    pub(super) fn add(&self, topic: Topic, verdict: Verdict) {
        self.push(topic, None, verdict);
    }

    pub(super) fn about(&self, topic: Topic, subject: impl Into<String>, verdict: Verdict) {
        self.push(topic, Some(subject.into()), verdict);
    }

    fn push(&self, topic: Topic, subject: Option<String>, verdict: Verdict) {
        let mut checks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        checks.push(Check {
            topic,
            subject,
            verdict,
        });
    }

    /// What was found so far, by topic and subject.
    pub(super) fn sorted(&self) -> Vec<Check> {
        let mut checks = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        checks.sort_by(|a, b| (a.topic, &a.subject).cmp(&(b.topic, &b.subject)));
        checks
    }
}
