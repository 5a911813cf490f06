//! Runs other programs, one announced step at a time, so that nobody looks at a silent terminal.
//! Everything meant for a person goes to stderr.

use std::{
    io::ErrorKind,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::failure::{Failure, Result};

/// Announces what happens next.
pub(crate) fn say(text: &str) {
    eprintln!("==> {text}");
}

/// Adds a detail below the announced step.
pub(crate) fn note(text: &str) {
    eprintln!("    {text}");
}

/// Announces and runs a program, its output going where ours goes.
pub(crate) fn run(what: &str, command: &mut Command) -> Result {
    say(what);
    let started = Instant::now();
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        report_duration(started.elapsed());
        return Ok(());
    }
    Err(Failure::new(format!(
        "{what}: failed with {status}.\n    {}",
        in_words(command)
    )))
}

/// Announces and runs a program whose output matters only when it fails.
pub(crate) fn run_quietly(what: &str, command: &mut Command) -> Result {
    say(what);
    let started = Instant::now();
    capture(command)?;
    report_duration(started.elapsed());
    Ok(())
}

/// The trimmed stdout of a program that must succeed.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot_start(command, &error))?;
    let stdout = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        return Ok(stdout);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!(
        "{} failed with {}.\n{stdout}\n{}",
        in_words(command),
        output.status,
        stderr.trim()
    )))
}

/// The trimmed stdout of a program, or nothing where it is missing or unwilling.
pub(crate) fn probe(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn report_duration(elapsed: Duration) {
    if elapsed >= Duration::from_secs(5) {
        note(&format!("took {} s", elapsed.as_secs()));
    }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    if error.kind() == ErrorKind::NotFound {
        return Failure::new(format!(
            "`{program}` was not found: install it and put it in PATH."
        ));
    }
    Failure::new(format!("`{program}` cannot be started: {error}."))
}

fn in_words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
