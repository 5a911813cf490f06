//! Search in messages: what its words are, what a query asks for, and what of a message to show for it.
//!
//! Storage keeps the words of [`searchable_text`] and finds messages by them; both halves take a text apart here, so
//! that they agree whatever the database.

mod html;
mod query;
mod snippet;
mod words;

use std::borrow::Cow;

use openline_protocol::rest::chat::ChatMessageType;

pub use self::{
    query::{SearchQuery, SearchTerm},
    snippet::snippet,
    words::{Word, words},
};

/// The text of a message that is searched: the content, without the markup if it is HTML. `None` for system messages.
#[must_use]
pub fn searchable_text(message_type: ChatMessageType, content: &str) -> Option<Cow<'_, str>> {
    match message_type {
        ChatMessageType::Text => Some(Cow::Borrowed(content)),
        ChatMessageType::Html => Some(Cow::Owned(html::text(content))),
        ChatMessageType::TopicUpdated
        | ChatMessageType::ParticipantAdded
        | ChatMessageType::ParticipantRemoved => None,
    }
}
