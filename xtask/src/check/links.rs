//! The links of the documentation: a file it names is there, and so is a heading.

use std::path::{Path, PathBuf};

use crate::{
    failure::{Failure, Result},
    step::say,
    workspace::{list, read, root},
};

/// Fails with every link that leads nowhere within the repository. What other hosts serve is not asked.
pub(super) fn run() -> Result {
    say("Following the links of the documentation");
    let mut dead = Vec::new();
    for page in pages(&root()) {
        let shown = page.strip_prefix(root()).unwrap_or(&page).display().to_string();
        for (line, target) in links(&read(&page)?) {
            if !leads_somewhere(&page, &target)? {
                dead.push(format!("    {shown}:{line}: {target}"));
            }
        }
    }
    if dead.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "Links that lead nowhere:\n{}",
        dead.join("\n")
    )))
}

/// The Markdown files below a folder, without what is generated or installed.
fn pages(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in list(dir) {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir()
            && !name.starts_with('.')
            && !["target", "node_modules", "dist", "output"].contains(&name)
        {
            found.extend(pages(&path));
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found
}

/// The inline links of a page with their line numbers, those to other hosts and those in blocks of code left out.
fn links(page: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (index, line) in page.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        for after in line.split("](").skip(1) {
            let target = after.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push((index + 1, target.to_owned()));
            }
        }
    }
    found
}

fn leads_somewhere(page: &Path, target: &str) -> Result<bool> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() {
        page.to_owned()
    } else {
        page.with_file_name(file)
    };
    if !path.exists() {
        return Ok(false);
    }
    Ok(heading.is_empty()
        || read(&path)?
            .lines()
            .any(|line| anchor(line).as_deref() == Some(heading)))
}

/// What a heading is called in a link, as GitHub makes it.
fn anchor(line: &str) -> Option<String> {
    let text = line.trim_start_matches('#');
    let is_heading = text.len() < line.len() && text.starts_with(' ');
    is_heading.then(|| {
        let words = text.trim().to_lowercase();
        words
            .chars()
            .filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'))
            .map(|it| if it == ' ' { '-' } else { it })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_repository_are_found_and_code_is_not() {
        let page = "See [a](a.md) and [b](docs/b.md#part \"B\").\n```\n[c](c.md)\n```\n[d](https://d.example) [e](#e)";
        let found = links(page);
        assert_eq!(
            found,
            [
                (1, "a.md".to_owned()),
                (1, "docs/b.md#part".to_owned()),
                (5, "#e".to_owned())
            ]
        );
    }

    #[test]
    fn a_missing_file_and_a_missing_heading_lead_nowhere() {
        let page = root().join("README.md");
        assert!(leads_somewhere(&page, "docs/adr/").unwrap());
        assert!(leads_somewhere(&page, "#try-it").unwrap());
        assert!(!leads_somewhere(&page, "docs/nothing.md").unwrap());
        assert!(!leads_somewhere(&page, "README.md#nothing").unwrap());
    }

    #[test]
    fn a_heading_is_linked_in_lower_case_with_hyphens() {
        assert_eq!(anchor("## Start: `init()`").as_deref(), Some("start-init"));
        assert_eq!(anchor("#hashtag"), None);
    }
}
