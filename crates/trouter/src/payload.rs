//! Several frames in one body of long polling: `U+FFFD <length> U+FFFD <frame>` for each, the length in units of
//! UTF-16. A single frame stands alone.

use crate::frame::{BadFrame, number};

const MARK: char = '\u{fffd}';

/// Frames that one body may hold.
pub const MAX_FRAMES: usize = 64;

/// Writes a body. Nothing for no frames.
#[must_use]
pub fn encode<S: AsRef<str>>(frames: &[S]) -> String {
    if let [only] = frames {
        return only.as_ref().to_owned();
    }
    let mut body = String::new();
    for frame in frames {
        let frame = frame.as_ref();
        let length = frame.encode_utf16().count();
        body.push_str(&format!("{MARK}{length}{MARK}{frame}"));
    }
    body
}

/// Takes a body apart. An empty one holds no frame.
///
/// # Errors
///
/// [`BadFrame::Payload`] where lengths and frames do not fit, or there are more than [`MAX_FRAMES`].
pub fn decode(body: &str) -> Result<Vec<&str>, BadFrame> {
    if body.is_empty() {
        return Ok(Vec::new());
    }
    if !body.starts_with(MARK) {
        return Ok(vec![body]);
    }
    let mut frames = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        if frames.len() == MAX_FRAMES {
            return Err(BadFrame::Payload);
        }
        let (frame, after) = first_of(rest).ok_or(BadFrame::Payload)?;
        frames.push(frame);
        rest = after;
    }
    Ok(frames)
}

fn first_of(body: &str) -> Option<(&str, &str)> {
    let (length, rest) = body.strip_prefix(MARK)?.split_once(MARK)?;
    rest.split_at_checked(bytes_of(rest, number(length)?)?)
}

/// How many bytes the first `units` of UTF-16 take. `None` where there are fewer, or the end falls into a character.
fn bytes_of(text: &str, units: u64) -> Option<usize> {
    let mut left = units;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(character.len_utf16() as u64)?;
    }
    (left == 0).then_some(text.len())
}
