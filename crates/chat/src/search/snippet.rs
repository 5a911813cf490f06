//! The part of a text that shows why it was found.

use std::ops::Range;

use openline_protocol::rest::chat::{ChatMessageSnippet, ChatTextRange};

use super::{SearchQuery, Word, words};

/// How long a snippet is, in characters.
const LENGTH: usize = 200;

/// How many of them come before what matched.
const BEFORE: usize = 60;

/// The first place in `text` that `query` finds something at, and what else it finds near it. The beginning of the
/// text where it finds nothing.
#[must_use]
pub fn snippet(text: &str, query: &SearchQuery) -> ChatMessageSnippet {
    let found = matches(text, query);
    let part = part(text, found.first());
    let highlights = found
        .iter()
        .map(|range| range.start.max(part.start)..range.end.min(part.end))
        .filter(|range| !range.is_empty())
        .map(|range| ChatTextRange {
            offset: units(text, part.start..range.start),
            length: units(text, range),
        })
        .collect();
    ChatMessageSnippet {
        text: text.get(part.clone()).unwrap_or_default().to_owned(),
        offset: units(text, 0..part.start),
        highlights,
    }
}

/// What matches, in order and without overlaps, as far as a snippet that begins near the first of it can reach.
fn matches(text: &str, query: &SearchQuery) -> Vec<Range<usize>> {
    let mut seen: Vec<Word> = Vec::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    for word in words(text) {
        // No character has more than four bytes.
        if found
            .first()
            .is_some_and(|first| word.range.start > first.start + 4 * LENGTH)
        {
            break;
        }
        seen.push(word);
        for term in query.terms().iter().filter(|term| term.ends(&seen)) {
            let start = seen.len() - term.words.len();
            if let Some([first, ..]) = seen.get(start..) {
                found.push(first.range.start..seen.last().map_or(first.range.end, |last| last.range.end));
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found.into_iter().fold(Vec::new(), |mut merged, range| {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
        merged
    })
}

/// Which part to show: all of a short text, else one that begins and ends between words.
fn part(text: &str, first: Option<&Range<usize>>) -> Range<usize> {
    let first = first.cloned().unwrap_or(0..0);
    let before = text.get(..first.start).unwrap_or_default();
    let earliest = before
        .char_indices()
        .rev()
        .take(BEFORE)
        .last()
        .map_or(first.start, |(at, _)| at);
    let start = if text.chars().nth(LENGTH).is_none() {
        return 0..text.len();
    } else if earliest == 0 {
        0
    } else {
        let lead = text.get(earliest..first.start).unwrap_or_default();
        lead.find(char::is_whitespace).map_or(earliest, |space| {
            let rest = lead.get(space..).unwrap_or_default();
            earliest + space + (rest.len() - rest.trim_start().len())
        })
    };
    let rest = text.get(start..).unwrap_or_default();
    let Some((length, _)) = rest.char_indices().nth(LENGTH) else {
        return start..text.len();
    };
    let kept = rest.get(..length).unwrap_or_default();
    let end = kept.rfind(char::is_whitespace).unwrap_or(length);
    let end = if start + end > first.end { end } else { length };
    start..start + end
}

/// The UTF-16 code units of a part of the text.
fn units(text: &str, range: Range<usize>) -> u32 {
    let count = text.get(range).map_or(0, |text| text.encode_utf16().count());
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The snippet with its highlights in brackets, and where it begins.
    fn marked(text: &str, query: &str) -> (String, u32) {
        let snippet = snippet(text, &SearchQuery::parse(query).unwrap());
        let units: Vec<u16> = snippet.text.encode_utf16().collect();
        let mut marked = String::new();
        let mut at = 0;
        for ChatTextRange { offset, length } in snippet.highlights {
            let (start, end) = (offset as usize, (offset + length) as usize);
            marked += &String::from_utf16(&units[at..start]).unwrap();
            marked += &format!("[{}]", String::from_utf16(&units[start..end]).unwrap());
            at = end;
        }
        marked += &String::from_utf16(&units[at..]).unwrap();
        (marked, snippet.offset)
    }

    #[test]
    fn what_matches_is_marked_as_it_is_written() {
        assert_eq!(
            marked("😀 The Café is a café", "cafe").0,
            "😀 The [Café] is a [café]"
        );
        assert_eq!(
            marked("see you soon, you see", "\"see you\" so").0,
            "[see you] [soon], you see"
        );
        assert_eq!(
            marked("lunch, launch, lunchtime", "lunch").0,
            "[lunch], launch, [lunchtime]"
        );
        assert_eq!(marked("lunch, lunchtime", "\"lunch\"").0, "[lunch], lunchtime");
        assert_eq!(marked("aa aa aa", "\"aa aa\" aa").0, "[aa aa aa]");
        assert_eq!(marked("明天开会吗", "开会").0, "明天[开会]吗");
    }

    #[test]
    fn a_long_text_is_cut_between_words_around_the_first_match() {
        let text = format!(
            "{}the needle is here {}",
            "before 😀 ".repeat(50),
            "after ".repeat(50)
        );
        let (marked, offset) = marked(&text, "needle");
        assert!(marked.contains(" the [needle] is here after "), "{marked}");
        assert!(
            marked.starts_with("before") || marked.starts_with("😀"),
            "{marked}"
        );
        assert!(marked.ends_with("after"), "{marked}");
        assert!(marked.chars().count() <= 202, "{marked}");
        let cut: String =
            String::from_utf16(&text.encode_utf16().skip(offset as usize).collect::<Vec<_>>()).unwrap();
        assert!(cut.starts_with(marked.split('[').next().unwrap()));
    }

    proptest! {
        #[test]
        fn highlights_are_within_the_text_whatever_it_is(text in "[ab 😀é明\n]{0,600}", query in "[ab明]{1,3}") {
            let query = SearchQuery::parse(&query).unwrap();
            let snippet = snippet(&text, &query);
            let units = u32::try_from(snippet.text.encode_utf16().count()).unwrap();
            let mut end = 0;
            for range in snippet.highlights {
                prop_assert!(range.offset >= end && range.length > 0);
                end = range.offset + range.length;
            }
            prop_assert!(end <= units);
            prop_assert!(text.contains(&snippet.text));
        }
    }
}
