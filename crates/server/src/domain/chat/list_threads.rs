//! List the threads that the caller is or was in.

use std::time::Duration;

use openline_chat::{ChatAction, ThreadCursor};
use openline_protocol::{Timestamp, rest::chat::ChatThreadItem};

use super::{Caller, Chats, rates::UserRate, view};
use crate::{domain::DomainError, storage::chat::ThreadRange};

/// How long a deleted thread stays in the list.
pub(super) const DELETED_LISTED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A page of threads, the latest activity first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadPage {
    /// The threads.
    pub items: Vec<ChatThreadItem>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<ThreadCursor>,
}

impl Chats {
    /// The caller's threads, `size` of them, after `cursor`; on the first page those active since
    /// `active_since`. A thread the caller was removed from shows as it was then.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`] without the scope, [`DomainError::TooManyRequests`], storage.
    pub async fn list_threads(
        &self,
        caller: &Caller,
        active_since: Option<Timestamp>,
        cursor: Option<ThreadCursor>,
        size: u32,
    ) -> Result<ThreadPage, DomainError> {
        let act = self.act(caller, ChatAction::ListThreads)?;
        act.count_for_user(UserRate::ReadThreads)?;
        let listed = u64::try_from(DELETED_LISTED.as_millis()).unwrap_or(u64::MAX);
        let range = ThreadRange {
            active_since: cursor.map_or(active_since.unwrap_or_default(), |cursor| cursor.active_since),
            deleted_since: Timestamp::from_millis(act.now.as_millis().saturating_sub(listed)),
            after: cursor,
            limit: size.saturating_add(1),
        };
        let rows = self
            .storage
            .read(move |tx| {
                Box::pin(async move {
                    Ok::<_, DomainError>(tx.list_chat_threads(&act.resource_id, &act.raw_id, range).await?)
                })
            })
            .await?;
        let (rows, more) = view::page_of(rows, size);
        let next = rows.last().filter(|_| more).map(|last| ThreadCursor {
            active_since: range.active_since,
            activity: last.last_message_on,
            thread_key: u64::try_from(last.key.0).unwrap_or_default(),
        });
        Ok(ThreadPage {
            items: rows.into_iter().map(view::thread_item).collect(),
            next,
        })
    }
}
