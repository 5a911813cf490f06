//! The generated half of the package: the compiled SDK and its glue. Both files are made small together.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{Build, machine_paths, part::Part, types};
use crate::{
    failure::{Failure, Result},
    setup::{
        node, tools,
        wasm::{TARGET, WasmToolchain},
    },
    stamp::{Inputs, Stamp},
    step::{run, run_quietly},
    workspace::{read, remove, wasm_target_dir, write},
};

/// Builds `core.js`, `core.d.ts` and `core_bg.wasm` of a part, in its folder.
pub(super) fn build(toolchain: &WasmToolchain, build: Build, part: Part) -> Result {
    let compiled = compile(toolchain, build, part)?;
    let bindgen = tools::wasm_bindgen()?;
    let out = part.core_dir();
    let inputs = Inputs::new()
        .file(&compiled)
        .text(&format!("{build:?}"))
        .file(&wasm_opt())
        .file(&reorder_script())
        .file(&shrink_script())
        .file(&bindgen);
    let digest = inputs.text(FORMAT).digest();
    let stamp = Stamp::of_step(part.core_step());
    if stamp.is(&digest) && out.join("core.d.ts").is_file() {
        return Ok(());
    }
    remove(&out)?;
    run_quietly(
        "Generating the JavaScript glue",
        Command::new(bindgen)
            .args([
                "--target",
                "web",
                "--omit-default-module-path",
                "--out-name",
                "core",
                "--out-dir",
            ])
            .arg(&out)
            .arg(&compiled),
    )?;
    if build == Build::Release {
        let wasm = out.join("core_bg.wasm");
        optimise(&wasm, &OPTIMISER_OPTIONS)?;
        reorder(&wasm)?;
        shrink(&out)?;
        machine_paths::require_none(&out)?;
    }
    // Describes the raw exports of the wasm file, which nobody imports.
    remove(&out.join("core_bg.wasm.d.ts"))?;
    let declarations = out.join("core.d.ts");
    write(&declarations, types::publishable(&read(&declarations)?)?)?;
    stamp.set(&digest)
}

/// Counts up when this file does something else with the same inputs.
const FORMAT: &str = "7";

/// The standard library comes ready-made: compiling it along would save five per cent of the file, for
/// half a minute, an unstable option and a size that differs from machine to machine.
fn compile(toolchain: &WasmToolchain, build: Build, part: Part) -> Result<PathBuf> {
    let mut cargo = toolchain.cargo();
    cargo.args(["build", "--package", "openline", "--lib", "--target", TARGET]);
    cargo.args(part.cargo_arguments());
    let folder = match build {
        Build::Dev => "debug",
        Build::Release => {
            cargo.args(["--profile", "web"]);
            cargo.args(machine_paths::cargo_arguments()?);
            "web"
        }
    };
    run(&format!("Compiling {} to WebAssembly", part.name()), &mut cargo)?;
    Ok(wasm_target_dir().join(TARGET).join(folder).join("openline.wasm"))
}

/// Few functions are inlined: they are small for what gzip makes of them, and it knows a call better than what stands
/// in its place. With everything inlined that has one caller the file is 5 per cent larger; so it is after `-Oz`.
const OPTIMISER_OPTIONS: [&str; 3] = ["-Os", "--converge", "--one-caller-inline-max-function-size=15"];

fn optimise(wasm: &Path, options: &[&str]) -> Result {
    let optimised = wasm.with_extension("optimised");
    run_quietly(
        "Optimising for size",
        Command::new("node")
            .arg(wasm_opt())
            .args(options)
            .args(["--strip-debug", "--strip-producers"])
            .arg("-o")
            .arg(&optimised)
            .arg(wasm),
    )?;
    std::fs::rename(&optimised, wasm).map_err(|error| Failure::io("put in place", wasm, &error))
}

/// Puts functions beside those that they resemble, which gzip makes two per cent smaller.
fn reorder(wasm: &Path) -> Result {
    run_quietly(
        "Ordering the functions",
        Command::new("node").arg(reorder_script()).arg(wasm),
    )?;
    optimise(wasm, &["--reorder-functions-by-name"])
}

fn reorder_script() -> PathBuf {
    node::tools_dir().join("reorder.mjs")
}

/// Gives the two files short names for each other, and minifies the glue.
fn shrink(core: &Path) -> Result {
    run_quietly(
        "Minifying the glue",
        Command::new("node").arg(shrink_script()).arg(core),
    )
}

fn shrink_script() -> PathBuf {
    node::tools_dir().join("shrink.mjs")
}

/// The pinned optimiser. One from the system may be years older and break the file.
fn wasm_opt() -> PathBuf {
    node::tools_dir().join("node_modules/binaryen/bin/wasm-opt")
}
