//! `cargo xtask demo`: everything built and started on this machine, for two browser windows.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write, copy, sink, stdout},
    process::{Child, Command, Stdio},
};

use crate::{
    failure::{Failure, Result},
    page, server,
    step::say,
    workspace::root,
};

mod interrupt;

pub(crate) fn run(arguments: &[String]) -> Result {
    let server_arguments = match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    };
    let page = page::build()?;
    let binary = server::build_for_demo()?;
    say("Starting the server (Ctrl-C stops it)");
    let mut child = Command::new(&binary)
        .arg("dev")
        .arg("--www")
        .arg(page)
        .args(server_arguments)
        .current_dir(env::current_dir().unwrap_or_else(|_| root()))
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("{} cannot be started: {error}.", binary.display())))?;
    let interrupts = interrupt::pass_on_to(child.id())?;
    let outcome = announce_and_wait(&mut child);
    match outcome {
        Ok(true) => Ok(()),
        Ok(false) if interrupts.happened() => Ok(()),
        Ok(false) => Err(Failure::new(
            "The server ended by itself: its last lines above say why. If it is a port in use, others are found with \
             `cargo xtask demo -- --http-port 0 --https-port 0`.",
        )),
        Err(failure) => Err(failure),
    }
}

/// Waits for the server's end, and tells whether it ended well.
fn announce_and_wait(child: &mut Child) -> Result<bool> {
    if let Some(output) = child.stdout.take() {
        let mut lines = BufReader::new(output);
        announce(&mut lines)?;
        // Read on: a server that fills a pipe nobody reads would stop there.
        copy(&mut lines as &mut dyn Read, &mut sink())
            .map_err(|error| Failure::new(format!("The server's output cannot be read: {error}.")))?;
    }
    let status = child
        .wait()
        .map_err(|error| Failure::new(format!("The server's end cannot be awaited: {error}.")))?;
    Ok(status.success())
}

/// Prints the one line that says where to look, when the server is ready.
fn announce(lines: &mut impl BufRead) -> Result {
    let mut line = String::new();
    lines
        .read_line(&mut line)
        .map_err(|error| Failure::new(format!("The server's output cannot be read: {error}.")))?;
    let Some(address) = page_address(&line) else {
        return Ok(());
    };
    writeln!(
        stdout(),
        "Openline is running: open {address} in two browser windows"
    )
    .map_err(|error| Failure::new(format!("Cannot print the address: {error}.")))
}

/// The page's address in the line that the server prints when it is ready.
fn page_address(line: &str) -> Option<&str> {
    let (_, rest) = line
        .split_once("\"event\":\"ready\"")
        .and_then(|_| line.split_once("\"http\":\""))?;
    let (address, _) = rest.split_once('"')?;
    Some(address.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::page_address;

    #[test]
    fn the_ready_line_says_where_the_page_is() {
        let line =
            r#"{"event":"ready","endpoint":"https://localhost:8443/","http":"http://localhost:8080/"}"#;
        assert_eq!(page_address(line), Some("http://localhost:8080"));
    }

    #[test]
    fn another_line_says_nothing() {
        assert_eq!(page_address(""), None);
        assert_eq!(
            page_address(r#"{"event":"other","http":"http://localhost:8080/"}"#),
            None
        );
    }
}
