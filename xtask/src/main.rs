//! Every task a person or CI runs, by name: `cargo xtask <task>`.

mod bench;
mod check;
mod demo;
mod failure;
mod fuzz;
mod page;
mod sdk;
mod server;
mod setup;
mod stamp;
mod step;
mod test;
mod workspace;

use std::{env, process::ExitCode};

use failure::{Failure, Result};

const USAGE: &str = "\
cargo xtask <task>

  demo [-- ARGS]  build everything and start it on http://localhost:8080; ARGS go to the server
  test [SUITES]   run every test, or only: native web e2e clients types bundlers
  check           format, lints, documentation, public types, dependencies
  sdk             build the npm package (--dev: quickly; --bless: accept changed public types)
  page            build the SDK and the sample page
  bench [WHAT]    measure: sizes, call, chat, turn; all of them when none is named
  fuzz [TARGETS]  feed made-up input to everything that reads from outside (--seconds N: each; default 60)
  setup           install everything that the tasks need, now instead of when they need it";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result {
    let Some((task, rest)) = arguments.split_first() else {
        eprintln!("{USAGE}");
        return Ok(());
    };
    match task.as_str() {
        "setup" => takes_none(task, rest).and_then(|()| setup::run()),
        "sdk" => sdk::run(rest),
        "page" => takes_none(task, rest).and_then(|()| page::build().map(drop)),
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "check" => takes_none(task, rest).and_then(|()| check::run()),
        "bench" => bench::run(rest),
        "fuzz" => fuzz::run(rest),
        "help" | "--help" | "-h" => {
            eprintln!("{USAGE}");
            Ok(())
        }
        other => Err(Failure::new(format!("There is no task `{other}`.\n\n{USAGE}"))),
    }
}

fn takes_none(task: &str, arguments: &[String]) -> Result {
    match arguments.first() {
        None => Ok(()),
        Some(first) => Err(Failure::new(format!(
            "`{task}` takes no arguments, and got `{first}`."
        ))),
    }
}
