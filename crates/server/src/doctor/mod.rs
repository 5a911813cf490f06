//! `openline-server doctor`: looks at a deployment as clients see it, and at the machine where it has the settings, and
//! says what is wrong and what to do about it.
//!
//! `probe` gathers facts, each step within a limit of time; `judge` says what they mean, without a socket. What goes
//! over a connection whose certificate is refused is nothing secret.

mod judge;
mod on_machine;
mod outside;
mod print;
mod probe;
mod report;
mod signed_in;
mod target;

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

pub use self::{
    print::{json, text},
    report::{Check, Report, Status, Topic, Verdict},
    target::Endpoint,
};
use self::{
    probe::{
        access_key::{AccessKey, Identity},
        connect::resolve,
        http::Way,
        tls::Trust,
    },
    report::Findings,
};
use crate::config::{self, Config};

/// A run ends after so many steps' time, whatever still goes on.
const STEPS: u32 = 10;

/// What to look at, and as whom.
#[derive(Debug, Default)]
pub struct Options {
    /// The server; absent: the one of the settings.
    pub endpoint: Option<Endpoint>,
    /// The settings, on the machine itself.
    pub config: Option<PathBuf>,
    /// Who asks.
    pub access: Access,
    /// Authorities to trust beside the system's.
    pub ca: Option<PathBuf>,
    /// The origin of a page that is to use the server.
    pub origin: Option<String>,
    /// How long a socket is left silent; zero: not at all.
    pub idle: Duration,
    /// How long a step may take.
    pub limit: Duration,
}

/// Who asks. Secret.
#[derive(Default)]
pub enum Access {
    /// Nobody: what needs a token is skipped.
    #[default]
    Nobody,
    /// Who has an access key of a resource.
    Key(Key),
    /// Who has a user access token.
    Token(String),
}

/// An access key.
#[derive(Debug)]
pub struct Key(AccessKey);

impl Key {
    /// Reads it as connection strings have it; `None`: it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        AccessKey::parse(text).map(Self)
    }
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Access")
    }
}

/// Why a run did not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DoctorError {
    /// The file of `--ca` cannot be used.
    #[error("{0}")]
    Ca(String),
    /// Nothing says which server. Name it, or its settings.
    #[error("name a server, such as https://calls.example.org, or its settings with --config")]
    NoEndpoint,
}

/// A run.
struct Doctor {
    options: Options,
    trust: Trust,
    findings: Findings,
    /// In seconds since 1970.
    now: i64,
    /// What is to be taken back.
    left: Mutex<Option<Left>>,
}

/// An identity of the run.
struct Left {
    way: Way,
    key: AccessKey,
    identity: Identity,
}

/// Looks at everything, and takes back what it made, also where it is interrupted.
///
/// # Errors
///
/// See [`DoctorError`].
pub async fn run(options: Options) -> Result<Report, DoctorError> {
    let begun = Instant::now();
    if options.endpoint.is_none() && options.config.is_none() {
        return Err(DoctorError::NoEndpoint);
    }
    let trust = Trust::new(options.ca.as_deref()).map_err(DoctorError::Ca)?;
    let bound = options.limit * STEPS + options.idle;
    let since_1970 = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let mut doctor = Doctor {
        options,
        trust,
        findings: Findings::default(),
        now: i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX),
        left: Mutex::default(),
    };
    let config = doctor.settings();
    let endpoint = doctor.options.endpoint.clone();
    tokio::select! {
        () = doctor.examine(endpoint.as_ref(), config.as_ref()) => {}
        () = tokio::time::sleep(bound) => {
            let found = format!("not finished after {} s", bound.as_secs());
            doctor.findings.add(Topic::Run, Verdict::failed(found, "What is missing above took too long: see --timeout-s."));
        }
        _ = tokio::signal::ctrl_c() => {
            doctor.findings.add(Topic::Run, Verdict::failed("interrupted", "Run it again for what is missing."));
        }
    }
    doctor.clean_up().await;
    Ok(Report {
        endpoint: endpoint.map(|endpoint| endpoint.to_string()),
        checks: doctor.findings.sorted(),
        took: begun.elapsed(),
    })
}

impl Doctor {
    /// Reads the settings, which also say where the server is.
    fn settings(&mut self) -> Option<Config> {
        let file = self.options.config.as_deref()?;
        match config::load(file) {
            Ok(config) => {
                self.findings.add(
                    Topic::Settings,
                    Verdict::ok("they can be read, and each is in its range"),
                );
                if self.options.endpoint.is_none() {
                    self.options.endpoint = Endpoint::parse(&config.server.public_endpoint);
                }
                let origin = config.server.allowed_origins.iter().find(|origin| *origin != "*");
                self.options.origin = self.options.origin.take().or_else(|| origin.cloned());
                Some(config)
            }
            Err(error) => {
                let remedy = "The server does not start with them: correct this first.";
                self.findings
                    .add(Topic::Settings, Verdict::failed(error.to_string(), remedy));
                None
            }
        }
    }

    async fn examine(&self, endpoint: Option<&Endpoint>, config: Option<&Config>) {
        let Some(endpoint) = endpoint else { return };
        let found = resolve(&endpoint.host, self.options.limit).await;
        self.findings
            .add(Topic::Names, judge::reach::names(&endpoint.host, &found));
        let addresses = found.unwrap_or_default();
        let on_machine = async {
            if let Some(config) = config {
                on_machine::examine(self, endpoint, config, &addresses).await;
            }
        };
        let outside = outside::examine(self, endpoint, &addresses, config);
        tokio::join!(on_machine, outside);
    }

    /// Deletes the identity, and its token with it.
    async fn clean_up(&self) {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Left { way, key, identity }) = left else {
            return;
        };
        let deleted = key.delete_identity(&way, &identity).await;
        self.findings.add(
            Topic::CleanUp,
            match deleted {
                Ok(answer) if answer.status == 204 => {
                    Verdict::ok("the identity of this run and its token are deleted")
                }
                Ok(_) | Err(_) => Verdict::warning(
                    "the identity of this run is left behind",
                    "It has a token for an hour, which nobody knows any more. Nothing needs to be done.",
                ),
            },
        );
    }
}
