//! One file of several modules: gzip makes it a quarter smaller than them, and a page asks for one in place of four.
//!
//! Reads the few forms of `import` and `export` that `pkg/` has, each on one line. What else is wrong, such as a name
//! that two modules give to different things, the minifier and the first load tell.

/// Puts `modules` into `last`, after the modules that they import. Only what `last` exports is exported.
pub(super) fn join(modules: &[(&str, String)], last: &str) -> String {
    let names: Vec<&str> = modules.iter().map(|(name, _)| *name).collect();
    let inner = modules.iter().flat_map(|(_, text)| text.lines());
    let inner = inner.map(|line| {
        ["const ", "class ", "function ", "async function "]
            .iter()
            .find_map(|kind| line.strip_prefix("export ").filter(|rest| rest.starts_with(kind)))
            .unwrap_or(line)
    });
    let lines = inner
        .chain(last.lines())
        .filter_map(|line| match line.split_once(" from \"./") {
            Some((start, from)) if names.iter().any(|name| from.strip_prefix(name) == Some("\";")) => {
                start.starts_with("export ").then(|| format!("{start};"))
            }
            _ => Some(line.to_owned()),
        });
    lines.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn modules_become_one_that_exports_what_the_last_does() {
        let modules = [
            ("base.js", "// Base.\nexport const base = () => 1;\n".to_owned()),
            ("top.js", "import { base } from \"./base.js\";\nimport { far } from \"./far.js\";\nexport class Top {}\n".to_owned()),
        ];
        let last = "import { base } from \"./base.js\";\nexport { Top } from \"./top.js\";\nexport * from \"./far.js\";\nbase();\n";
        assert_eq!(
            join(&modules, last),
            "// Base.\nconst base = () => 1;\nimport { far } from \"./far.js\";\nclass Top {}\n\
             export { Top };\nexport * from \"./far.js\";\nbase();\n"
        );
    }
}
