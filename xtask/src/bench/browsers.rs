//! Measurements with real browsers against the release server: `tests/e2e/bench/<name>.mjs`.

use std::process::Command;

use crate::{
    failure::{Failure, Result},
    page, sdk, server,
    setup::browsers,
    step::run as run_step,
    test::environment::Environment,
    workspace::root,
};

pub(super) fn run(name: &str) -> Result {
    let dir = root().join("tests").join("e2e");
    let script = dir.join("bench").join(format!("{name}.mjs"));
    if !script.is_file() {
        return Err(Failure::new(format!(
            "tests/e2e/bench/{name}.mjs does not exist."
        )));
    }
    let environment = Environment {
        page: Some(page::build()?),
        tarball: Some(sdk::tarball()),
        server: Some(server::build_release()?),
        browsers: Some(browsers::ensure()?),
        python: None,
    };
    environment.install(&dir)?;
    let mut node = Command::new("node");
    node.arg(script).current_dir(&dir);
    environment.describe_to(&mut node);
    run_step(&format!("Measuring: {name}"), &mut node)
}
