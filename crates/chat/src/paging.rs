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

/// Goes on in a thread's messages, newest first: those before one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageCursor {
    /// From when on the list goes; it was asked for with the first page.
    pub from: Timestamp,
    /// The id of the last message of the page before, which is its time of creation.
    pub before: Timestamp,
}

/// Goes on in a user's threads, latest activity first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadCursor {
    /// The earliest activity that the list shows; it was asked for with the first page.
    pub active_since: Timestamp,
    /// The activity of the last thread of the page before.
    pub activity: Timestamp,
    /// That thread's number in storage, which decides among equals.
    pub thread_key: u64,
}

/// Goes on in what a search found, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCursor {
    /// The id of the last message of the page before, which is its time of creation.
    pub before: Timestamp,
    /// Its thread's number in storage, which decides among equals.
    pub thread_key: u64,
}

const MESSAGES: u8 = b'm';
const THREADS: u8 = b't';
const SEARCH: u8 = b's';

impl MessageCursor {
    /// The cursor as text.
    #[must_use]
    pub fn encode(self) -> String {
        encode(MESSAGES, [self.from.as_millis(), self.before.as_millis()])
    }

    /// Reads a cursor that [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`CursorInvalid`] for any other text.
    pub fn decode(text: &str) -> Result<Self, CursorInvalid> {
        let [from, before] = decode(MESSAGES, text)?.map(Timestamp::from_millis);
        Ok(Self { from, before })
    }
}

impl ThreadCursor {
    /// The cursor as text.
    #[must_use]
    pub fn encode(self) -> String {
        encode(
            THREADS,
            [
                self.active_since.as_millis(),
                self.activity.as_millis(),
                self.thread_key,
            ],
        )
    }

    /// Reads a cursor that [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`CursorInvalid`] for any other text.
    pub fn decode(text: &str) -> Result<Self, CursorInvalid> {
        let [active_since, activity, thread_key] = decode(THREADS, text)?;
        let [active_since, activity] = [active_since, activity].map(Timestamp::from_millis);
        Ok(Self {
            active_since,
            activity,
            thread_key,
        })
    }
}

impl SearchCursor {
    /// The cursor as text.
    #[must_use]
    pub fn encode(self) -> String {
        encode(SEARCH, [self.before.as_millis(), self.thread_key])
    }

    /// Reads a cursor that [`Self::encode`] wrote.
    ///
    /// # Errors
    /// [`CursorInvalid`] for any other text.
    pub fn decode(text: &str) -> Result<Self, CursorInvalid> {
        let [before, thread_key] = decode(SEARCH, text)?;
        Ok(Self {
            before: Timestamp::from_millis(before),
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

    const fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_cursor_of_one_list_is_refused_by_the_other() {
        let messages = MessageCursor {
            from: at(1),
            before: at(5),
        }
        .encode();
        let threads = ThreadCursor {
            active_since: at(0),
            activity: at(1),
            thread_key: 2,
        }
        .encode();
        assert_eq!(ThreadCursor::decode(&messages), Err(CursorInvalid));
        assert_eq!(MessageCursor::decode(&threads), Err(CursorInvalid));
    }

    proptest! {
        #[test]
        fn cursors_survive_the_way_to_text_and_back(a in 0u64..1 << 63, b in 0u64..1 << 63, c in 0u64..1 << 63) {
            let messages = MessageCursor { from: at(a), before: at(b) };
            prop_assert_eq!(MessageCursor::decode(&messages.encode()), Ok(messages));
            let threads = ThreadCursor { active_since: at(a), activity: at(b), thread_key: c };
            let search = SearchCursor { before: at(a), thread_key: b };
            prop_assert_eq!(SearchCursor::decode(&search.encode()), Ok(search));
            prop_assert_eq!(SearchCursor::decode(&messages.encode()), Err(CursorInvalid));
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
