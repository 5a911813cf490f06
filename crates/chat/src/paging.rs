//! Pages: where one starts and how long it is.
//!
//! A cursor is opaque to clients and made of base64url characters alone, because links with anything else
//! in them are coded differently by different clients. It grants nothing: every page is authorised anew.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openline_protocol::Timestamp;

/// The text is no cursor of this list. The client starts again from the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the link to this page is damaged or belongs to another list")]
pub struct CursorInvalid;

/// How many items to leave out and how many to return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Items left out at the beginning.
    pub skip: u32,
    /// The most items returned, 1 to 200.
    pub size: u32,
}

/// Goes on in a thread's messages, newest first: those before a sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageCursor {
    /// The sequence number of the last message of the page before.
    pub before_sequence: u64,
}

/// Goes on in a user's threads, latest activity first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadCursor {
    /// The activity of the last thread of the page before.
    pub activity: Timestamp,
    /// That thread's number in storage, which decides among equals.
    pub thread_key: u64,
}

const MESSAGES: u8 = b'm';
const THREADS: u8 = b't';

impl MessageCursor {
    /// The cursor as text.
    #[must_use]
    pub fn encode(self) -> String {
        encode(MESSAGES, [self.before_sequence])
    }

    /// Reads a cursor that [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`CursorInvalid`] for any other text.
    pub fn decode(text: &str) -> Result<Self, CursorInvalid> {
        let [before_sequence] = decode(MESSAGES, text)?;
        Ok(Self { before_sequence })
    }
}

impl ThreadCursor {
    /// The cursor as text.
    #[must_use]
    pub fn encode(self) -> String {
        encode(THREADS, [self.activity.as_millis(), self.thread_key])
    }

    /// Reads a cursor that [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`CursorInvalid`] for any other text.
    pub fn decode(text: &str) -> Result<Self, CursorInvalid> {
        let [activity, thread_key] = decode(THREADS, text)?;
        Ok(Self {
            activity: Timestamp::from_millis(activity),
            thread_key,
        })
    }
}

fn encode<const N: usize>(list: u8, numbers: [u64; N]) -> String {
    let mut bytes = vec![list];
    bytes.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode<const N: usize>(list: u8, text: &str) -> Result<[u64; N], CursorInvalid> {
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_not_base64| CursorInvalid)?;
    let (first, rest) = bytes.split_first().ok_or(CursorInvalid)?;
    let (numbers, []) = rest.as_chunks::<8>() else {
        return Err(CursorInvalid);
    };
    if *first != list || numbers.len() != N {
        return Err(CursorInvalid);
    }
    let mut out = [0; N];
    for (out, number) in out.iter_mut().zip(numbers) {
        *out = u64::from_be_bytes(*number);
        // Storage counts in signed 64 bits.
        if *out > i64::MAX.cast_unsigned() {
            return Err(CursorInvalid);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cursor_of_one_list_is_refused_by_the_other() {
        let messages = MessageCursor { before_sequence: 5 }.encode();
        let threads = ThreadCursor {
            activity: Timestamp::from_millis(1),
            thread_key: 2,
        }
        .encode();
        assert_eq!(ThreadCursor::decode(&messages), Err(CursorInvalid));
        assert_eq!(MessageCursor::decode(&threads), Err(CursorInvalid));
    }

    proptest! {
        #[test]
        fn cursors_survive_the_way_to_text_and_back(a in 0u64..1 << 63, b in 0u64..1 << 63) {
            let messages = MessageCursor { before_sequence: a };
            prop_assert_eq!(MessageCursor::decode(&messages.encode()), Ok(messages));
            let threads = ThreadCursor { activity: Timestamp::from_millis(a), thread_key: b };
            let text = threads.encode();
            prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
            prop_assert_eq!(ThreadCursor::decode(&text), Ok(threads));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".*") {
            if let Ok(cursor) = MessageCursor::decode(&text) {
                prop_assert_eq!(cursor.encode(), text);
            }
        }
    }
}
