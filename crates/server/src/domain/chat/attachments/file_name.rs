//! Names that uploaders give to files. They are shown and suggested for saving, never used as a path.

/// The longest name that is kept, in bytes; longer ones are cut.
const MAX_BYTES: usize = 255;

/// The part of `name` after its last slash, without what does not show or changes the direction of the rest.
pub(super) fn file_name(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut kept = String::new();
    for character in name.trim().chars().filter(|character| shows(*character)) {
        if kept.len() + character.len_utf8() > MAX_BYTES {
            break;
        }
        kept.push(character);
    }
    let kept = kept.trim();
    (!kept.trim_matches('.').is_empty()).then(|| kept.to_owned())
}

fn shows(character: char) -> bool {
    let turns = matches!(
        character,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    !(character.is_control() || turns || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_part_of_a_path_is_kept() {
        for (given, kept) in [
            ("photo.jpg", Some("photo.jpg")),
            ("../../etc/passwd", Some("passwd")),
            (
                "C:\\Users\\ann\\Bericht für März.pdf",
                Some("Bericht für März.pdf"),
            ),
            ("/", None),
            ("..", None),
            ("  ", None),
            (".gitignore", Some(".gitignore")),
        ] {
            assert_eq!(file_name(given).as_deref(), kept, "{given}");
        }
    }

    #[test]
    fn what_hides_the_ending_or_breaks_a_header_is_left_out() {
        assert_eq!(file_name("a\u{202e}gpj.exe").as_deref(), Some("agpj.exe"));
        assert_eq!(
            file_name("a\r\nSet-Cookie: x\0.txt").as_deref(),
            Some("aSet-Cookie: x.txt")
        );
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = file_name(&"ü".repeat(1000)).unwrap();
        assert_eq!(name.len(), 254);
        assert!(name.chars().all(|character| character == 'ü'));
    }
}
