//! List a thread's messages.

use openline_chat::{ChatAction, MessageCursor};
use openline_protocol::{ThreadId, Timestamp, rest::chat::ChatMessage};

use super::{Caller, Chats, open_thread::OpenThread, rates::UserRate, view};
use crate::{domain::DomainError, storage::chat::MessageRange};

/// A page of messages, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagePage {
    /// The messages, system messages and deleted ones among them.
    pub items: Vec<ChatMessage>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<MessageCursor>,
}

impl Chats {
    /// The messages of the history that the caller shares, `size` of them, after `cursor`; on the first
    /// page those created since `from`.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is deleted, [`DomainError::TooManyRequests`], storage.
    pub async fn list_messages(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        from: Option<Timestamp>,
        cursor: Option<MessageCursor>,
        size: u32,
    ) -> Result<MessagePage, DomainError> {
        let act = self.act(caller, ChatAction::ReadThread)?;
        act.count_for_user(UserRate::ListMessages)?;
        let from = cursor.map_or(from.unwrap_or_default(), |cursor| cursor.from);
        let rows = self
            .storage
            .read(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ReadThread).await?;
                    let range = MessageRange {
                        from: from.max(open.me.share_history_time),
                        before: cursor.map(|cursor| cursor.before),
                        limit: size.saturating_add(1),
                    };
                    Ok::<_, DomainError>(tx.list_chat_messages(&act.resource_id, open.key, range).await?)
                })
            })
            .await?;
        let (rows, more) = view::page_of(rows, size);
        let next = rows.last().filter(|_| more).map(|last| MessageCursor {
            from,
            before: last.message_id,
        });
        let items = rows.into_iter().map(view::message).collect::<Result<_, _>>()?;
        Ok(MessagePage { items, next })
    }
}
