//! What a page must load to call and chat: the wasm file and the JavaScript around it.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Result},
    sdk,
    setup::node,
    step::{capture, note, say},
};

/// The most that a page may have to load, in bytes after gzip.
const BUDGET_BYTES: u64 = 150_000;

/// What a page loads besides where it keeps chat on the device.
const LOCAL_DATA: &str = "local_data.js";

/// The files that `import "openline"` loads in a browser.
const FILES: [&str; 5] = ["core_bg.wasm", "core.js", "index.js", "public.js", "ready.js"];

struct Size {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the sizes, and fails when they are over the budget.
pub(crate) fn run() -> Result {
    let sizes = measure(&FILES)?;
    let on_demand = measure(&[LOCAL_DATA])?;
    say("Sizes in bytes");
    note(&row("", "raw", "gzip -9", "brotli"));
    for size in sizes.iter().chain([&total(&sizes)]).chain(&on_demand) {
        note(&row(
            &size.name,
            &size.raw.to_string(),
            &size.gzip.to_string(),
            &size.brotli.to_string(),
        ));
    }
    note(&format!(
        "The budget is {BUDGET_BYTES} bytes after gzip. {LOCAL_DATA} comes later, and only where it is asked for."
    ));
    compare(&sizes)
}

/// Fails when the package of the last build is over the budget.
pub(crate) fn require_within_budget() -> Result {
    compare(&measure(&FILES)?)
}

fn compare(sizes: &[Size]) -> Result {
    let gzip = total(sizes).gzip;
    if gzip <= BUDGET_BYTES {
        return Ok(());
    }
    Err(Failure::new(format!(
        "The SDK is {gzip} bytes after gzip, {} over its budget of {BUDGET_BYTES}: find what grew \
         (`twiggy top pkg/dist/core_bg.wasm`) before raising it.",
        gzip - BUDGET_BYTES
    )))
}

fn measure(files: &[&str]) -> Result<Vec<Size>> {
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|name| sdk::dist_dir().join(name))
        .filter(|path| path.is_file())
        .collect();
    let script = node::tools_dir().join("sizes.mjs");
    let lines = capture(Command::new("node").arg(script).args(paths))?;
    lines
        .lines()
        .map(|line| parse(line).ok_or_else(|| unreadable(line)))
        .collect()
}

fn parse(line: &str) -> Option<Size> {
    let mut columns = line.split('\t');
    let name = PathBuf::from(columns.next()?).file_name()?.to_str()?.to_owned();
    let mut number = || columns.next()?.parse().ok();
    Some(Size {
        name,
        raw: number()?,
        gzip: number()?,
        brotli: number()?,
    })
}

fn unreadable(line: &str) -> Failure {
    Failure::new(format!("xtask/node/sizes.mjs printed what is no size: {line}"))
}

fn total(sizes: &[Size]) -> Size {
    let sum = |pick: fn(&Size) -> u64| sizes.iter().map(pick).sum();
    Size {
        name: "together".to_owned(),
        raw: sum(|it| it.raw),
        gzip: sum(|it| it.gzip),
        brotli: sum(|it| it.brotli),
    }
}

fn row(name: &str, raw: &str, gzip: &str, brotli: &str) -> String {
    format!("{name:<14}{raw:>10}{gzip:>10}{brotli:>10}")
}
