//! Delete a message.

use openline_chat::{ChatAction, Standing};
use openline_protocol::{ThreadId, realtime::ChatEvent};

use super::{
    Caller, Chats, event_content::leave_content_to_message, open_thread::OpenThread, rates::ThreadRate, view,
};
use crate::domain::DomainError;

impl Chats {
    /// Deletes a message of the caller's own. It stays in the list without content and metadata, and so do its
    /// events in the log. Deleting it again changes nothing, so that the request can be repeated.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], also for somebody else's message, [`DomainError::NotFound`], [`DomainError::TooManyRequests`], storage.
    pub async fn delete_message(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        message_id: String,
    ) -> Result<(), DomainError> {
        let act = self.act(caller, ChatAction::ChangeMessage)?;
        self.storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ChangeMessage).await?;
                    act.count_in_thread(open.key, ThreadRate::Messages)?;
                    let mut message = open.message(tx, &act, &message_id).await?;
                    if message.sender.as_ref() != Some(&act.raw_id) {
                        act.may(ChatAction::ChangeMessage, Standing::Participant)?;
                    }
                    if message.deleted_on.is_some() {
                        return Ok(());
                    }
                    message.version = open.tick(act.now);
                    message.content = None;
                    message.metadata = None;
                    message.attachments = Vec::new();
                    message.deleted_on = Some(act.now);
                    tx.update_chat_message(&act.resource_id, open.key, &message)
                        .await?;
                    leave_content_to_message(tx, &act, open.key, message.message_id).await?;
                    let event =
                        ChatEvent::ChatMessageDeleted(view::message_event(&open, &message, &act.raw_id));
                    open.tell(tx, &act, &event, Some(message.message_id)).await
                })
            })
            .await
    }
}
