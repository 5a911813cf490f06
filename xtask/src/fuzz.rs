//! `cargo xtask fuzz [TARGET] [--seconds N]`: libFuzzer on what reads input from the network, one target at a time.

use std::process::Command;

use crate::{
    failure::{Failure, Result},
    setup::tools,
    step::{note, run as run_step},
    workspace::{copy, create_dir, list, root, target_dir},
};

const DEFAULT_SECONDS: u32 = 60;

/// An input that takes longer counts as a crash.
const INPUT_SECONDS: u32 = 10;

struct Wanted {
    targets: Vec<String>,
    seconds: u32,
}

/// Runs the target that is named, or all of them.
pub(crate) fn run(arguments: &[String]) -> Result {
    let wanted = wanted(arguments)?;
    let fuzzer = tools::cargo_fuzz()?;
    // What is fuzzed has the versions of its dependencies that the product has.
    copy(
        &root().join("Cargo.lock"),
        &root().join("fuzz").join("Cargo.lock"),
    )?;
    for target in &wanted.targets {
        let corpus = root().join("fuzz").join("corpus").join(target);
        create_dir(&corpus)?;
        let ran = run_step(
            &format!("Fuzzing {target} for {} s", wanted.seconds),
            Command::new(&fuzzer)
                .args(["run", target])
                // There is no unsafe code here for a sanitizer to watch, and the stable compiler does without one.
                .args(["--sanitizer", "none", "--codegen-units", "16", "--target-dir"])
                .arg(target_dir().join("fuzz"))
                .arg(&corpus)
                .arg(root().join("fuzz").join("seeds").join(target))
                .arg("--")
                .arg(format!("-max_total_time={}", wanted.seconds))
                .arg(format!("-timeout={INPUT_SECONDS}"))
                .arg("-print_final_stats=1")
                .current_dir(root().join("fuzz")),
        );
        if ran.is_err() && !list(&root().join("fuzz").join("artifacts").join(target)).is_empty() {
            note(&format!(
                "What crashed is in fuzz/artifacts/{target}/: move it to fuzz/seeds/{target}/ under a name that says \
                 what it is, and `cargo nextest run -p openline-fuzz-targets` fails until the bug is mended."
            ));
        }
        ran?;
    }
    Ok(())
}

fn wanted(arguments: &[String]) -> Result<Wanted> {
    let known = known();
    let mut wanted = Wanted {
        targets: Vec::new(),
        seconds: DEFAULT_SECONDS,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--seconds" {
            wanted.seconds = arguments
                .next()
                .and_then(|seconds| seconds.parse().ok())
                .filter(|seconds| *seconds > 0)
                .ok_or_else(|| Failure::new("`--seconds` is followed by a number, 1 or more."))?;
        } else if known.contains(argument) {
            wanted.targets.push(argument.clone());
        } else {
            return Err(Failure::new(format!(
                "`fuzz` knows {}, and not `{argument}`.",
                known.join(", ")
            )));
        }
    }
    if wanted.targets.is_empty() {
        wanted.targets = known;
    }
    Ok(wanted)
}

fn known() -> Vec<String> {
    list(&root().join("fuzz").join("fuzz_targets"))
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}
