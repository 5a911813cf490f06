//! Delete a thread.

use openline_chat::ChatAction;
use openline_protocol::{
    ThreadId,
    realtime::{ChatEvent, ChatThreadDeletionReason},
};

use super::{Caller, Chats, open_thread::OpenThread, rates::UserRate};
use crate::domain::DomainError;

impl Chats {
    /// Deletes a thread for everybody. It stays in lists for 30 days, as deleted. Deleting it again changes
    /// nothing, so that a request whose answer was lost can be repeated.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], [`DomainError::TooManyRequests`], storage.
    pub async fn delete_thread(&self, caller: &Caller, thread_id: ThreadId) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::DeleteThread)?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open =
                        OpenThread::enter_deleted(tx, &act, &thread_id, ChatAction::DeleteThread).await?;
                    if open.thread.deleted_on.is_some() {
                        return Ok(());
                    }
                    act.count_for_user(UserRate::DeleteThread)?;
                    open.tick(act.now);
                    open.thread.deleted_on = Some(act.now);
                    tx.update_chat_thread(&act.resource_id, open.key, &open.thread)
                        .await?;
                    let event = ChatEvent::ChatThreadDeleted {
                        thread: open.event(),
                        deleted_by: Some(act.raw_id.clone()),
                        reason: ChatThreadDeletionReason::DeletedByUser,
                        deleted_on: act.now,
                    };
                    open.tell(tx, &act, &event, None).await
                })
            })
            .await
    }
}
