//! Looking for a few characters in a short text. The search of the standard library is made for long texts, and
//! would be three per cent of the package.

/// Whether `text` has `part` in it.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    after(text, part).is_some()
}

/// What follows the first `part` of `text`. An empty part is nowhere.
pub(crate) fn after<'a>(text: &'a str, part: &str) -> Option<&'a str> {
    cut(text, part).map(|(_, after)| after)
}

/// What goes before the first `part` of `text`, and what follows it.
pub(crate) fn cut<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let part = part.as_bytes();
    let at = text
        .as_bytes()
        .windows(part.len().max(1))
        .position(|window| window == part)?;
    Some((text.get(..at)?, text.get(at + part.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_is_found_and_what_is_not_there_is_not() {
        assert_eq!(after("a=1;a=2", "a="), Some("1;a=2"));
        assert_eq!(after("aab", "ab"), Some(""));
        assert_eq!(after("Grüße, ü", "ü"), Some("ße, ü"));
        assert_eq!(after("ab", "abc"), None);
        assert_eq!(cut("a: b: c", ": "), Some(("a", "b: c")));
        assert!(contains("the credential is disposed", "is disposed"));
        assert!(!contains("", "a"));
    }
}
