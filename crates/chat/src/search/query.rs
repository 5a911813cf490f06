//! What a query asks for.

use super::words;
use crate::{Invalid, limits};

/// A query: everything that a message must say. Any text is one, as long as it has a word.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchQuery {
    terms: Vec<SearchTerm>,
}

/// Without the words, so that they cannot come into a log.
impl std::fmt::Debug for SearchQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchQuery")
            .field("terms", &self.terms.len())
            .finish_non_exhaustive()
    }
}

/// Words that follow each other.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchTerm {
    /// One or more, as [`words`] compares them.
    pub words: Vec<String>,
    /// Whether the last of them also stands for those that begin with it.
    pub prefix: bool,
}

impl std::fmt::Debug for SearchTerm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchTerm")
            .field("words", &self.words.len())
            .field("prefix", &self.prefix)
            .finish()
    }
}

impl SearchQuery {
    /// Reads a query as somebody types it. A quotation that is not closed yet goes on to the end.
    ///
    /// # Errors
    /// [`Invalid`] where it is too long, has too many words, or none.
    pub fn parse(query: &str) -> Result<Self, Invalid> {
        const FIELD: &str = "query";
        let (bytes, limit) = (query.len(), limits::MAX_SEARCH_BYTES);
        if bytes > limit {
            return Err(Invalid::TooLong {
                field: FIELD,
                bytes,
                limit,
            });
        }
        let mut terms = Vec::new();
        let mut parts = query.split(['"', '“', '”', '„', '«', '»']).enumerate().peekable();
        while let Some((at, part)) = parts.next() {
            let (quoted, last) = (at % 2 == 1, parts.peek().is_none());
            if quoted {
                terms.extend(SearchTerm::of(part, last));
            } else {
                let mut texts = part
                    .split_whitespace()
                    .filter(|text| words(text).next().is_some());
                let mut next = texts.next();
                while let Some(text) = next {
                    next = texts.next();
                    terms.extend(SearchTerm::of(text, last && next.is_none()));
                }
            }
        }
        let count: usize = terms.iter().map(|term| term.words.len()).sum();
        match count {
            0 => Err(Invalid::NoWords),
            1..=limits::MAX_SEARCH_WORDS => Ok(Self { terms }),
            _ => Err(Invalid::TooManyWords {
                limit: limits::MAX_SEARCH_WORDS,
            }),
        }
    }

    /// What a message must say, all of it.
    #[must_use]
    pub fn terms(&self) -> &[SearchTerm] {
        &self.terms
    }
}

impl SearchTerm {
    fn of(text: &str, prefix: bool) -> Option<Self> {
        let words: Vec<_> = words(text).map(|word| word.text).collect();
        (!words.is_empty()).then_some(Self { words, prefix })
    }

    /// Whether `words` end with this.
    pub(super) fn ends(&self, words: &[super::Word]) -> bool {
        let Some(start) = words.len().checked_sub(self.words.len()) else {
            return false;
        };
        let (last, before) = self.words.split_last().expect("a term has a word");
        let found = words.get(start..).unwrap_or_default();
        let Some((found_last, found_before)) = found.split_last() else {
            return false;
        };
        let same = found_before.iter().map(|word| &word.text).eq(before);
        same && if self.prefix {
            found_last.text.starts_with(last.as_str())
        } else {
            found_last.text == *last
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `a b*` for two terms, `a+b` for a phrase.
    fn read(query: &str) -> String {
        let query = SearchQuery::parse(query).unwrap();
        let terms = query.terms().iter().map(|term| {
            let star = if term.prefix { "*" } else { "" };
            format!("{}{star}", term.words.join("+"))
        });
        terms.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_last_word_is_a_beginning_unless_it_is_quoted() {
        assert_eq!(read("Lunch  tomor"), "lunch tomor*");
        assert_eq!(read("\"see you\" at \"the Café\""), "see+you at the+cafe");
        assert_eq!(read("“see you” soon"), "see+you soon*");
        assert_eq!(read("soon \"see yo"), "soon see+yo*");
        assert_eq!(read("e-mail me@example.com"), "e+mail me+example+com*");
        assert_eq!(read("lunch ???"), "lunch*");
    }

    #[test]
    fn what_other_languages_of_search_mean_is_only_text() {
        for query in [
            "a AND b",
            "a NEAR(b)",
            "words: a",
            "a* -b",
            "^a + (b)",
            "a OR \"",
            "{a b} : c",
            "NOT a'b''\0",
        ] {
            SearchQuery::parse(query).unwrap();
        }
        assert_eq!(read("a OR b"), "a or b*");
    }

    #[test]
    fn a_query_has_a_word_and_not_too_many() {
        for query in ["", "  ", "\"\"", "?!", "\"*\""] {
            assert_eq!(SearchQuery::parse(query), Err(Invalid::NoWords));
        }
        assert!(SearchQuery::parse(&"a ".repeat(32)).is_ok());
        let many = SearchQuery::parse(&"a ".repeat(33)).unwrap_err();
        assert_eq!(many.field(), "query");
        assert!(SearchQuery::parse(&"a".repeat(512)).is_ok());
        assert!(matches!(
            SearchQuery::parse(&"a".repeat(513)),
            Err(Invalid::TooLong { .. })
        ));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(query in "\\PC*") {
            if let Ok(query) = SearchQuery::parse(&query) {
                prop_assert!(query.terms().iter().all(|term| !term.words.is_empty()));
                let starred = query.terms().iter().rev().skip(1).filter(|term| term.prefix);
                prop_assert_eq!(starred.count(), 0);
            }
        }
    }
}
