//! What a page must load to call and chat: the wasm file and the JavaScript around it.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Result},
    sdk::part::Part,
    setup::node,
    step::{capture, note, say},
};

struct Size {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the sizes, and fails when they are over the budget.
pub(crate) fn run() -> Result {
    for part in Part::ALL {
        let sizes = measure(part, &part.loaded())?;
        let on_demand = measure(part, part.on_demand())?;
        say(&format!("Sizes of {} in bytes", part.name()));
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
            "The budget is {} bytes after gzip. What stands below comes later, and only where it is asked for: {}.",
            part.budget_bytes(),
            part.on_demand().join(", ")
        ));
    }
    require_within_budget()
}

/// Fails when the package of the last build is over the budget.
pub(crate) fn require_within_budget() -> Result {
    for part in Part::ALL {
        let gzip = total(&measure(part, &part.loaded())?).gzip;
        let budget = part.budget_bytes();
        if gzip > budget {
            return Err(Failure::new(format!(
                "{} is {gzip} bytes after gzip, {} over its budget of {budget}: find what grew \
                 (`twiggy top {}`) before raising it.",
                part.name(),
                gzip - budget,
                part.dist_dir().join("core_bg.wasm").display()
            )));
        }
    }
    Ok(())
}

fn measure(part: Part, files: &[&str]) -> Result<Vec<Size>> {
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|name| part.dist_dir().join(name))
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
    format!("{name:<16}{raw:>10}{gzip:>10}{brotli:>10}")
}
