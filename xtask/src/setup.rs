//! `cargo xtask setup`: everything the other tasks need, in one go.
//!
//! Each part looks first and does only what is missing, and each task asks for the parts it needs
//! itself: running this task is never required, it only moves the waiting to one moment.

pub(crate) mod browsers;
pub(crate) mod coturn;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod system_packages;
pub(crate) mod tools;
pub(crate) mod wasm;

use crate::{
    failure::Result,
    step::{note, say},
};

pub(crate) fn run() -> Result {
    node::require()?;
    let toolchain = wasm::ensure()?;
    toolchain.ensure_clippy()?;
    tools::wasm_bindgen()?;
    tools::wasm_pack()?;
    tools::geckodriver()?;
    browsers::ensure()?;
    for dir in node::workspaces() {
        node::install(&dir)?;
    }
    python::ensure()?;
    coturn::ensure()?;
    say("Everything is in place");
    if !tools::has_nextest() {
        note("cargo-nextest is not installed; the tests run with plain `cargo test`, a little slower.");
    }
    Ok(())
}
