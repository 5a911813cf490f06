//! Search in the caller's threads.

use openline_chat::{
    ChatAction, SearchCursor,
    search::{SearchQuery, searchable_text, snippet},
};
use openline_protocol::{
    RawId, ThreadId, Timestamp,
    rest::chat::{ChatMessageSearchItem, ChatMessageSnippet},
};

use super::{Caller, Chats, open_thread::OpenThread, rates::UserRate, view};
use crate::{
    domain::DomainError,
    storage::chat::{MessageRow, SearchRange},
};

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSearch {
    /// What the messages say.
    pub query: SearchQuery,
    /// In which thread; `None` for all.
    pub thread_id: Option<ThreadId>,
    /// Who sent them.
    pub sender: Option<RawId>,
    /// Sent at or after this time.
    pub from: Option<Timestamp>,
    /// Sent before this one.
    pub until: Option<Timestamp>,
}

/// A page of what was found, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPage {
    /// The messages.
    pub items: Vec<ChatMessageSearchItem>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<SearchCursor>,
}

impl Chats {
    /// The messages that `search` finds in the caller's threads, in the history that the caller shares: `size` of them,
    /// after `cursor`.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`] and [`DomainError::NotFound`] for a thread that was named,
    /// [`DomainError::TooManyRequests`], storage.
    pub async fn search_messages(
        &self,
        caller: &Caller,
        search: MessageSearch,
        cursor: Option<SearchCursor>,
        size: u32,
    ) -> Result<SearchPage, DomainError> {
        let act = self.act(caller, ChatAction::ReadThread)?;
        act.count_for_user(UserRate::SearchMessages)?;
        let query = search.query.clone();
        let rows = self
            .storage
            .read(move |tx| {
                Box::pin(async move {
                    let thread = match &search.thread_id {
                        Some(id) => Some(OpenThread::enter(tx, &act, id, ChatAction::ReadThread).await?.key),
                        None => None,
                    };
                    let range = SearchRange {
                        query: search.query,
                        thread,
                        sender: search.sender,
                        from: search.from.unwrap_or_default(),
                        until: search.until,
                        after: cursor,
                        limit: size.saturating_add(1),
                    };
                    let found = tx.search_chat_messages(&act.resource_id, &act.raw_id, &range);
                    Ok::<_, DomainError>(found.await?)
                })
            })
            .await?;
        let (rows, more) = view::page_of(rows, size);
        let next = rows.last().filter(|_| more).map(|last| SearchCursor {
            before: last.message.message_id,
            thread_key: u64::try_from(last.key.0).unwrap_or_default(),
        });
        let items = rows.into_iter().map(|row| {
            Ok::<_, DomainError>(ChatMessageSearchItem {
                thread_id: row.thread_id,
                snippet: shown(&row.message, &query),
                message: view::message(row.message)?,
            })
        });
        Ok(SearchPage {
            items: items.collect::<Result<_, _>>()?,
            next,
        })
    }
}

fn shown(message: &MessageRow, query: &SearchQuery) -> ChatMessageSnippet {
    let content = message.content.as_deref().unwrap_or_default();
    let text = searchable_text(message.message_type, content).unwrap_or_default();
    snippet(&text, query)
}
