//! Search: what somebody types, and the messages it is looked for in.

use openline_chat::search::{SearchQuery, searchable_text, snippet, words};
use openline_protocol::rest::chat::ChatMessageType;

/// A query in the first line, then a message.
pub fn search(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (query, content) = text.split_once('\n').unwrap_or((text, ""));
    let query = SearchQuery::parse(query).ok();
    for message_type in [ChatMessageType::Text, ChatMessageType::Html] {
        let Some(text) = searchable_text(message_type, content) else {
            continue;
        };
        let mut end = 0;
        for word in words(&text) {
            assert!(!word.text.is_empty() && end <= word.range.start, "words overlap");
            assert!(
                text.get(word.range.clone()).is_some(),
                "a word ends within a character"
            );
            end = word.range.end;
        }
        if let Some(query) = &query {
            assert_snippet(&text, query);
        }
    }
}

/// A client marks what the snippet says, in a string of UTF-16.
fn assert_snippet(text: &str, query: &SearchQuery) {
    let snippet = snippet(text, query);
    let units: Vec<u16> = snippet.text.encode_utf16().collect();
    let rest: Vec<u16> = text.encode_utf16().skip(snippet.offset as usize).collect();
    assert!(rest.starts_with(&units), "the snippet is not there in the text");
    let mut end = 0;
    for range in snippet.highlights {
        let (start, length) = (range.offset as usize, range.length as usize);
        assert!(length > 0 && start >= end, "highlights overlap");
        end = start + length;
        let marked = units.get(start..end).expect("a highlight is within the snippet");
        String::from_utf16(marked).expect("a highlight ends between characters");
    }
}
