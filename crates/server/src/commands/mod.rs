//! What the command line can do, one file each.

mod dev;
mod doctor;
mod resource;
mod serve;

use std::{io::Write as _, process::ExitCode};

use openline_turn::Secret;
use serde::Serialize;

use crate::{
    cli::{Cli, Command},
    config::{AttachmentsConfig, Config, ConfigError},
    data_dir::{DataDir, DataDirError},
    doctor::DoctorError,
    domain::{ice_servers::RelayGroup, resource::CreateResourceError},
    listen::ListenError,
    storage::{
        StorageError,
        objects::{Objects, OpenObjectsError},
        sqlite::OpenError,
    },
    tls::TlsError,
    turn::{TurnSockets, turn_secret},
};

/// Why a command failed. Printed with its causes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The place for files cannot be used.
    #[error(transparent)]
    Objects(#[from] OpenObjectsError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// An address cannot be listened on.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A resource cannot be created.
    #[error(transparent)]
    CreateResource(#[from] CreateResourceError),
    /// There is no such resource.
    #[error("there is no resource named {0}")]
    NoResource(String),
    /// An option or an argument cannot be used.
    #[error("{0}")]
    Usage(String),
    /// A deployment cannot be looked at.
    #[error(transparent)]
    Doctor(#[from] DoctorError),
    /// The system refused something.
    #[error("the system refused")]
    Io(#[from] std::io::Error),
}

impl CommandError {
    /// The exit code: 2 for what the caller can correct in the settings or the command, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if matches!(self, Self::Config(_) | Self::Usage(_) | Self::Doctor(_)) {
            2
        } else {
            1
        }
    }
}

/// Carries out a command, and says how the program ends.
///
/// # Errors
///
/// See [`CommandError`].
pub async fn run(cli: Cli) -> Result<ExitCode, CommandError> {
    match cli.command {
        Command::Dev(args) => dev::run(args).await?,
        Command::Serve(args) => serve::run(args).await?,
        Command::Resource(command) => resource::run(command).await?,
        Command::Doctor(args) => return doctor::run(args).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// The relay of this server, as clients that reach it at `host` are told of it.
fn own_relay(
    config: &Config,
    data_dir: &DataDir,
    sockets: &TurnSockets,
    host: &str,
) -> Result<RelayGroup, DataDirError> {
    let secret = match &config.turn.secret {
        Some(secret) => secret.expose().to_owned(),
        None => turn_secret(data_dir)?,
    };
    let urls = if config.turn.urls.is_empty() {
        sockets.urls(host)
    } else {
        config.turn.urls.clone()
    };
    Ok(RelayGroup {
        urls,
        secret: Secret::new(secret.as_bytes()),
    })
}

/// Opens the place for files. One that does not answer is no reason not to start: chat goes on without files.
fn open_objects(config: &AttachmentsConfig, data_dir: &DataDir) -> Result<Objects, OpenObjectsError> {
    let staging = data_dir.file("uploads");
    let objects = match (&config.s3, &config.directory) {
        (Some(s3), _) => Objects::in_s3(s3, &staging)?,
        (None, Some(directory)) => Objects::in_directory(directory, &staging)?,
        (None, None) => Objects::in_directory(&data_dir.file("attachments"), &staging)?,
    };
    let checked = objects.clone();
    tokio::spawn(async move {
        if let Err(error) = checked.check().await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                error,
                "files cannot be stored or read: check the group [attachments] of the settings"
            );
        }
    });
    Ok(objects)
}

/// Prints one line of JSON on standard output, where nothing else is printed.
fn print_json(value: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&line)?;
    stdout.flush()
}
