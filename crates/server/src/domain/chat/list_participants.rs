//! List a thread's participants.

use openline_chat::{ChatAction, PageRequest};
use openline_protocol::{ThreadId, rest::chat::ChatParticipant};

use super::{Caller, Chats, Slice, open_thread::OpenThread, view};
use crate::domain::DomainError;

impl Chats {
    /// The participants in the order in which they came.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], [`DomainError::NotFound`] once the thread is deleted, storage.
    pub async fn list_participants(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        page: PageRequest,
    ) -> Result<Slice<ChatParticipant>, DomainError> {
        let act = self.act(caller, ChatAction::ReadThread)?;
        self.storage
            .read(move |tx| {
                Box::pin(async move {
                    let open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ReadThread).await?;
                    let limit = page.size.saturating_add(1);
                    let rows = tx
                        .list_chat_participants(&act.resource_id, open.key, page.skip, limit)
                        .await?;
                    let items = rows.iter().map(view::participant).collect();
                    Ok(Slice::of(items, page.skip, page.size))
                })
            })
            .await
    }
}
