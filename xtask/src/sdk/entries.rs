//! The hand-written half of the package: pkg/*.js and pkg/index.d.ts, put beside the core.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{join::join, package_dir, part::Part};
use crate::{
    failure::{Failure, Result},
    setup::node,
    step::run_quietly,
    workspace::{copy, create_dir, list, read, write},
};

/// Stands in inline.js where the wasm file goes.
const MARKER: &str = "@@CORE_WASM_BASE64@@";

/// Fills the folder that the package ships of a part.
pub(super) fn assemble(part: Part) -> Result {
    let dist = part.dist_dir();
    create_dir(&dist)?;
    for file in list(&part.core_dir()) {
        let name = file.file_name().unwrap_or_default();
        // The types of a part are those of the whole.
        if part == Part::Whole || name != "core.d.ts" {
            copy(&file, &dist.join(name))?;
        }
    }
    for (name, there) in part.entries() {
        copy(&package_dir().join(name), &dist.join(there))?;
    }
    join_public(part)?;
    fill_inline(&dist)
}

fn join_public(part: Part) -> Result {
    let modules = part.joined().iter();
    let modules = modules.map(|name| Ok((*name, read(&package_dir().join(name))?)));
    let modules: Vec<_> = modules.collect::<Result<_>>()?;
    let public = part.dist_dir().join("public.js");
    write(&public, join(&modules, &read(&public)?))
}

/// Minifies what every page loads, and what it loads when it asks for it. The entries themselves stay readable for
/// bundlers, which look for an expression in them.
pub(super) fn minify() -> Result {
    let mut command = Command::new("node");
    command.arg(minify_script());
    for part in Part::ALL {
        let loaded = part.loaded().into_iter().filter(|name| !UNTOUCHED.contains(name));
        command.args(
            loaded
                .chain(part.on_demand().iter().copied())
                .map(|name| part.dist_dir().join(name)),
        );
    }
    run_quietly("Minifying the entries", &mut command)
}

/// Minified with each other, or not at all.
const UNTOUCHED: [&str; 3] = ["core_bg.wasm", "core.js", "index.js"];

pub(super) fn minify_script() -> PathBuf {
    node::tools_dir().join("minify.mjs")
}

fn fill_inline(dist: &Path) -> Result {
    let path = dist.join("inline.js");
    let source = read(&path)?;
    if source.matches(MARKER).count() != 1 {
        return Err(Failure::new(format!(
            "pkg/inline.js must contain {MARKER} exactly once."
        )));
    }
    let wasm = dist.join("core_bg.wasm");
    let bytes = fs::read(&wasm).map_err(|error| Failure::io("read", &wasm, &error))?;
    write(&path, source.replace(MARKER, &base64(&bytes)))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .enumerate()
            .fold(0_u32, |word, (i, byte)| word | u32::from(*byte) << (16 - 8 * i));
        for position in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * position)) as usize & 63];
            text.push(if position <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_pads_what_is_left_over() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foo"), "Zm9v");
        assert_eq!(base64(b"\xff\xfe\xfd\xfc"), "//79/A==");
    }
}
