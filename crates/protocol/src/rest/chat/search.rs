//! Search in the caller's threads: `GET /chat/messages/search`.

use serde::{Deserialize, Serialize};

use super::ChatMessage;
use crate::ThreadId;

/// A message that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessageSearchItem {
    /// The thread it is in.
    pub thread_id: ThreadId,
    /// The message, as lists have it.
    pub message: ChatMessage,
    /// Where it says what was searched for.
    pub snippet: ChatMessageSnippet,
}

/// A part of what a message says, around what was searched for. All numbers count UTF-16 code units, as strings in
/// JavaScript do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessageSnippet {
    /// The part: plain text, also of an HTML message. Never to be shown as HTML.
    pub text: String,
    /// Where it begins in the message: in its content, or in an HTML message's text.
    pub offset: u32,
    /// What matched, within `text`, in order, without overlaps.
    pub highlights: Vec<ChatTextRange>,
}

/// Without the text, so that it cannot come into a log.
impl std::fmt::Debug for ChatMessageSnippet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatMessageSnippet")
            .field("offset", &self.offset)
            .field("highlights", &self.highlights)
            .finish_non_exhaustive()
    }
}

/// A range of a text, in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatTextRange {
    /// Where it begins.
    pub offset: u32,
    /// How long it is, 1 or more.
    pub length: u32,
}
