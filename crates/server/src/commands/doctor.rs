//! `openline-server doctor`: what is wrong with a deployment, and what to do about it.

use std::{
    io::{IsTerminal as _, Write as _},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use super::{CommandError, print_json};
use crate::{
    cli::DoctorArgs,
    doctor::{self, Access, Endpoint, Key, Options, Status},
};

pub(super) async fn run(args: DoctorArgs) -> Result<ExitCode, CommandError> {
    let json = args.json;
    let report = doctor::run(options(args)?).await?;
    if json {
        print_json(&doctor::json(&report))?;
    } else {
        let mut stdout = std::io::stdout().lock();
        let coloured = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        stdout.write_all(doctor::text(&report, coloured).as_bytes())?;
    }
    Ok(if report.count(Status::Failed) == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn options(args: DoctorArgs) -> Result<Options, CommandError> {
    let mut endpoint = args.endpoint.as_deref().map(endpoint_of).transpose()?;
    let mut access = Access::Nobody;
    if let Some(string) = &args.connection_string {
        let (of, key) = connection_string(string)?;
        endpoint = endpoint.or(Some(of));
        access = Access::Key(key);
    }
    if let Some(file) = &args.access_key_file {
        let text = read(file)?;
        let text = text.trim();
        // What `resource create` prints, or the key alone.
        access = Access::Key(if text.to_ascii_lowercase().contains("accesskey=") {
            let (of, key) = connection_string(text)?;
            endpoint = endpoint.or(Some(of));
            key
        } else {
            Key::parse(text).ok_or_else(|| usage("the file of --access-key-file has no access key"))?
        });
    }
    if let Some(file) = &args.token_file {
        access = Access::Token(read(file)?.trim().to_owned());
    }
    Ok(Options {
        endpoint,
        config: args.config,
        access,
        ca: args.ca,
        origin: args.origin.map(|origin| origin.trim_end_matches('/').to_owned()),
        idle: Duration::from_secs(args.idle_s),
        limit: Duration::from_secs(args.timeout_s),
    })
}

fn endpoint_of(text: &str) -> Result<Endpoint, CommandError> {
    Endpoint::parse(text).ok_or_else(|| usage("the server is named as https://host[:port], without a path"))
}

/// `endpoint=…;accesskey=…`, in either order.
fn connection_string(text: &str) -> Result<(Endpoint, Key), CommandError> {
    let part = |name: &str| {
        let mut parts = text.split(';').filter_map(|part| part.split_once('='));
        parts
            .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    let found = part("endpoint").zip(part("accesskey"));
    let (endpoint, key) = found.ok_or_else(|| usage("a connection string is endpoint=…;accesskey=…"))?;
    let key = Key::parse(key).ok_or_else(|| usage("the connection string has no access key"))?;
    Ok((endpoint_of(endpoint)?, key))
}

fn read(file: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(file)
        .map_err(|error| usage(&format!("cannot read {}: {}", file.display(), error.kind())))
}

fn usage(problem: &str) -> CommandError {
    CommandError::Usage(problem.to_owned())
}
