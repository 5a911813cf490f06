//! The TypeScript declarations of the core: what is published, and the committed snapshot of it by
//! which a change of the public API shows in review.

use std::path::PathBuf;

use super::{dist_dir, package_dir};
use crate::{
    failure::{Failure, Result},
    step::{note, say},
    workspace::{copy, read},
};

/// The snapshot's name in pkg/.
pub(super) const SNAPSHOT: &str = "api.d.ts";

/// The generated declarations, ready to ship: how the wasm file is started is left out. That is for pkg/ready.js;
/// an application calls `init` of pkg/index.d.ts.
pub(super) fn publishable(generated: &str) -> Result<String> {
    let (public, _) = generated.split_once(START_UP).ok_or_else(|| {
        Failure::new("wasm-bindgen declares the start of the wasm file in another way now: see sdk/types.rs.")
    })?;
    Ok(format!("{}\n", public.trim_end()).replace(FREE, ""))
}

/// Begins what wasm-bindgen declares after everything that is ours.
const START_UP: &str = "export type InitInput = ";

/// What wasm-bindgen declares on every class, and pkg/ready.js takes away.
const FREE: &str = "    free(): void;\n    [Symbol.dispose](): void;\n";

/// Accepts the types of the last build.
pub(super) fn bless() -> Result {
    say("Accepting the types as they are: pkg/api.d.ts");
    copy(&built(), &snapshot())
}

/// Says so where the types of the last build are not the accepted ones.
pub(super) fn mention_changes() -> Result {
    if let Some(change) = first_change()? {
        note(&format!(
            "The public types changed ({change}); `cargo xtask sdk --bless` accepts them."
        ));
    }
    Ok(())
}

/// Fails where the types of the last build are not the accepted ones, or are loose.
pub(crate) fn check() -> Result {
    say("Comparing the public types with pkg/api.d.ts");
    if let Some(change) = first_change()? {
        return Err(Failure::new(format!(
            "The public types are not those of pkg/api.d.ts: {change}.\n\
             If the change is meant, run `cargo xtask sdk --bless` and commit the file."
        )));
    }
    let text = read(&built())?;
    let loose: Vec<String> = loose_lines(&text).collect();
    if loose.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "The public types contain `any` or `Function`:\n{}",
        loose.join("\n")
    )))
}

fn built() -> PathBuf {
    dist_dir().join("core.d.ts")
}

fn snapshot() -> PathBuf {
    package_dir().join(SNAPSHOT)
}

fn first_change() -> Result<Option<String>> {
    let built = read(&built())?;
    if !snapshot().is_file() {
        return Ok(Some("pkg/api.d.ts is missing".to_owned()));
    }
    Ok(first_difference(&read(&snapshot())?, &built))
}

fn first_difference(accepted: &str, built: &str) -> Option<String> {
    let mut accepted = accepted.lines();
    let mut built = built.lines();
    for number in 1.. {
        match (accepted.next(), built.next()) {
            (None, None) => break,
            (old, new) if old == new => {}
            (old, new) => {
                let shown =
                    |line: Option<&str>| line.map_or("nothing".to_owned(), |it| format!("`{}`", it.trim()));
                return Some(format!("line {number} was {} and is {}", shown(old), shown(new)));
            }
        }
    }
    None
}

/// Lines of code, not of comments, with a type that says nothing.
fn loose_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().enumerate().filter_map(|(index, line)| {
        let code = line.trim_start();
        let is_comment = code.starts_with('*') || code.starts_with("/*") || code.starts_with("//");
        let mut words = code.split(|it: char| !it.is_alphanumeric() && it != '_' && it != '$');
        let is_loose = !is_comment && words.any(|word| word == "any" || word == "Function");
        is_loose.then(|| format!("    {}: {code}", index + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_the_wasm_file_is_not_published() {
        let generated = "export class Call {\n    free(): void;\n    [Symbol.dispose](): void;\n}\n\n\
                         export type InitInput = RequestInfo;\n\nexport interface InitOutput {\n    \
                         readonly x: (a: any) => any;\n}\n\nexport default function f(): void;\n";
        let published = publishable(generated).unwrap();
        assert_eq!(published, "export class Call {\n}\n");
    }

    #[test]
    fn any_in_code_is_loose_and_in_a_comment_is_not() {
        let text = "/** any number */\n * takes any\nfoo(a: any[]): void;\ncompany: string;\ncb: Function;";
        assert_eq!(loose_lines(text).count(), 2);
    }

    #[test]
    fn the_first_changed_line_is_named() {
        assert_eq!(first_difference("a\nb", "a\nb\n"), None);
        assert_eq!(
            first_difference("a\nb", "a\nc").as_deref(),
            Some("line 2 was `b` and is `c`")
        );
        assert_eq!(
            first_difference("a", "a\nc").as_deref(),
            Some("line 2 was nothing and is `c`")
        );
    }
}
