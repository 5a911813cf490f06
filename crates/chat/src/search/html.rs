//! The text of an HTML message. Only for searching and for snippets: nothing that comes out of here is shown as HTML.

/// Elements whose content is no text.
const UNSEEN: [&str; 4] = ["script", "style", "template", "head"];

/// Elements within a line: they do not part words.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "u", "wbr",
];

/// The text: tags and comments taken out, entities decoded, white space run together.
pub(super) fn text(html: &str) -> String {
    let mut text = Text::default();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push(before);
        rest = match tag.chars().next() {
            Some('!') if tag.starts_with("!--") => after(tag, "-->"),
            Some('!' | '?') => after(tag, ">"),
            Some(c) if c == '/' || c.is_ascii_alphabetic() => element(tag, &mut text),
            _ => {
                text.push("&lt;");
                tag
            }
        };
    }
    text.push(rest);
    text.finish()
}

/// Passes a tag, and what an element that is not text holds.
fn element<'a>(tag: &'a str, text: &mut Text) -> &'a str {
    let closing = tag.starts_with('/');
    let name = tag.trim_start_matches('/');
    let length = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    let name = name.get(..length).unwrap_or_default().to_ascii_lowercase();
    if !INLINE.contains(&name.as_str()) {
        text.push(" ");
    }
    let rest = end_of_tag(tag);
    if closing || !UNSEEN.contains(&name.as_str()) {
        return rest;
    }
    let end = format!("</{name}");
    let starts = rest.char_indices().filter(|(_, c)| *c == '<').map(|(at, _)| at);
    let found = starts.filter_map(|at| rest.get(at..)).find(|rest| {
        rest.get(..end.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(&end))
    });
    found.unwrap_or_default()
}

/// What follows a tag; a `>` within quotes is part of it.
fn end_of_tag(tag: &str) -> &str {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return tag.get(at + 1..).unwrap_or_default(),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    ""
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, after)| after)
}

/// Text pieces, put together with one space where there was any.
#[derive(Default)]
struct Text {
    encoded: String,
}

impl Text {
    fn push(&mut self, piece: &str) {
        self.encoded.push_str(piece);
    }

    fn finish(self) -> String {
        let decoded = html_escape::decode_html_entities(&self.encoded);
        let mut text = String::with_capacity(decoded.len());
        for word in decoded.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_goes_and_words_stay_whole() {
        assert_eq!(text("<p>Hello <b>w</b>orld</p><p>again</p>"), "Hello world again");
        assert_eq!(text("one<br>two<DIV class='a>b'>three"), "one two three");
        assert_eq!(text("<ul><li>a</li><li>b</li></ul>"), "a b");
        assert_eq!(text("x<!-- <b>not</b> --> y <!DOCTYPE html>z"), "x y z");
        assert_eq!(text("a<script>var lunch = '</b>';</SCRIPT >b"), "a b");
        assert_eq!(text("a<style>b"), "a");
    }

    #[test]
    fn entities_are_read_and_signs_are_not_tags() {
        assert_eq!(
            text("Fish &amp; chips&nbsp;&#233;&#x2014;&lt;b&gt;"),
            "Fish & chips é—<b>"
        );
        assert_eq!(text("1 < 2 & 3 > 2 <3"), "1 < 2 & 3 > 2 <3");
        assert_eq!(text("a <b unfinished"), "a");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(html in "(<|>|/|\"|'|&|;|!|-|script|b|é|#| )*") {
            prop_assert!(!text(&html).starts_with(char::is_whitespace));
        }
    }
}
