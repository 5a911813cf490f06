//! Words: runs of letters and digits, without case and accents. Scripts that put no spaces between words are taken
//! apart into their letters, and an emoji is a word.

use std::{iter::Peekable, ops::Range, str::CharIndices};

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A word is known by its first letters; more are the work of machines.
const MAX_LETTERS: usize = 64;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word as it is compared: letters, digits, marks and emoji, never a space or a sign.
    pub text: String,
    /// Where it is, in bytes.
    pub range: Range<usize>,
}

/// The words of a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    Words {
        rest: text.char_indices().peekable(),
    }
}

struct Words<'a> {
    rest: Peekable<CharIndices<'a>>,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        loop {
            let (start, first) = self.rest.next()?;
            let kind = Kind::of(first);
            if !matches!(kind, Kind::Letter | Kind::Alone) {
                continue;
            }
            let mut word = Word {
                text: String::new(),
                range: start..start + first.len_utf8(),
            };
            let mut letters = 0;
            push(&mut word.text, &mut letters, first);
            while let Some((at, next)) = self.rest.next_if(|(_, next)| match Kind::of(*next) {
                Kind::Letter => kind == Kind::Letter,
                Kind::Mark | Kind::Unseen => true,
                Kind::Alone | Kind::Between => false,
            }) {
                word.range.end = at + next.len_utf8();
                push(&mut word.text, &mut letters, next);
            }
            if !word.text.is_empty() {
                return Some(word);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Part of a word.
    Letter,
    /// A word by itself.
    Alone,
    /// Belongs to the letter before.
    Mark,
    /// Within a word, and no part of it: accents, joiners, skin tones.
    Unseen,
    /// Not part of any word.
    Between,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '\u{300}'..='\u{36f}'
            | '\u{ad}'
            | '\u{200c}'
            | '\u{200d}'
            | '\u{2060}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{1f3fb}'..='\u{1f3ff}' => Self::Unseen,
            // Two marks of half-width Kana are letters to Unicode.
            '\u{ff9e}' | '\u{ff9f}' => Self::Mark,
            _ if is_combining_mark(c) => Self::Mark,
            _ if stands_alone(c) => Self::Alone,
            _ if c.is_alphanumeric() => Self::Letter,
            _ => Self::Between,
        }
    }
}

/// Letters of scripts without spaces (Thai, Lao, Burmese, Khmer, Kana, Han), and emoji.
fn stands_alone(c: char) -> bool {
    let script = matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}');
    script && c.is_alphanumeric() || is_emoji(c)
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{1f000}'..='\u{1faff}')
}

/// Adds a letter as it is compared.
fn push(word: &mut String, letters: &mut usize, c: char) {
    if Kind::of(c) == Kind::Alone && is_emoji(c) {
        word.push(c);
        return;
    }
    let compared = std::iter::once(c)
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !matches!(Kind::of(*c), Kind::Unseen | Kind::Between));
    for c in compared {
        if *letters == MAX_LETTERS {
            return;
        }
        *letters += 1;
        match c {
            'ß' => word.push_str("ss"),
            'ς' => word.push('σ'),
            _ => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).map(|word| word.text).collect()
    }

    #[test]
    fn case_and_accents_do_not_count_and_signs_are_between_words() {
        assert_eq!(
            texts("  Café-Crème, STRASSE/Straße … don't; 3.14 (a_b)"),
            [
                "cafe", "creme", "strasse", "strasse", "don", "t", "3", "14", "a", "b"
            ]
        );
        assert_eq!(texts("cafe\u{301}"), texts("café"));
        assert_eq!(texts("ΟΔΟΣ"), texts("οδός"));
        assert_eq!(texts("İstanbul ＡＢＣ ﬁn Ⅷ"), ["istanbul", "abc", "fin", "viii"]);
        assert_eq!(texts("soft\u{ad}hyphen"), ["softhyphen"]);
        assert_eq!(texts("हिन्दी"), ["हिन्दी"]);
        assert_eq!(texts("\u{fdfa}").len(), 1);
        assert!(texts("").is_empty() && texts(" \"'*-^:(){}+\0 \n").is_empty());
    }

    #[test]
    fn letters_of_scripts_without_spaces_and_emoji_are_words() {
        assert_eq!(texts("明天meeting吗?"), ["明", "天", "meeting", "吗"]);
        assert_eq!(texts("ガム"), texts("ｶﾞﾑ"));
        assert_eq!(texts("ok👍🏽👍"), ["ok", "👍", "👍"]);
        assert_eq!(texts("❤\u{fe0f}"), texts("❤"));
    }

    #[test]
    fn a_word_is_found_where_it_is() {
        let text = "Für cafe\u{301}s!";
        let found: Vec<_> = words(text).map(|word| text.get(word.range).unwrap()).collect();
        assert_eq!(found, ["Für", "cafe\u{301}s"]);
    }

    #[test]
    fn a_very_long_word_is_known_by_its_beginning() {
        assert_eq!(texts(&"x".repeat(30_000)), ["x".repeat(64)]);
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart_into_words_that_stay_words(text in "\\PC*") {
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.range.start >= end && text.get(word.range.clone()).is_some());
                end = word.range.end;
                prop_assert!(!word.text.is_empty());
                prop_assert!(word.text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b >= 0x80));
            }
        }
    }
}
