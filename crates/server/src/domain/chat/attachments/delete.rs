//! Delete a file.

use openline_chat::ChatAction;
use openline_protocol::{ThreadId, realtime::ChatEvent};

use super::{
    super::{Caller, open_thread::OpenThread, rates::ThreadRate, view},
    open::{ATTACHMENT_NOT_FOUND, find},
    service::Attachments,
};
use crate::{domain::DomainError, storage::chat::AttachmentId};

impl Attachments {
    /// Deletes a file of the caller's own. The message that has it goes on without it, which counts as an edit.
    ///
    /// # Errors
    ///
    /// [`DomainError::Forbidden`], also for somebody else's file, [`DomainError::NotFound`], storage.
    pub async fn delete(
        &self,
        caller: &Caller,
        thread_id: ThreadId,
        attachment_id: &str,
    ) -> Result<(), DomainError> {
        let act = self.chats.act(caller, ChatAction::ChangeMessage)?;
        let id = AttachmentId::parse(attachment_id);
        self.chats
            .storage
            .write(move |tx| {
                Box::pin(async move {
                    let mut open = OpenThread::enter(tx, &act, &thread_id, ChatAction::ChangeMessage).await?;
                    let row = find(tx, &act, &open, id.ok_or(ATTACHMENT_NOT_FOUND)?).await?;
                    if row.uploader != act.raw_id {
                        return Err(DomainError::Forbidden);
                    }
                    if row.message_id.is_some() {
                        act.count_in_thread(open.key, ThreadRate::Messages)?;
                    }
                    tx.delete_chat_attachment(&act.resource_id, row.attachment_id)
                        .await?;
                    let message = match row.message_id {
                        Some(id) => tx.find_chat_message(&act.resource_id, open.key, id).await?,
                        None => None,
                    };
                    let Some(mut message) = message else { return Ok(()) };
                    let text = row.attachment_id.to_string();
                    message.attachments.retain(|attachment| attachment.id != text);
                    message.version = open.tick(act.now);
                    message.edited_on = Some(act.now);
                    tx.update_chat_message(&act.resource_id, open.key, &message)
                        .await?;
                    let event =
                        ChatEvent::ChatMessageEdited(view::message_event(&open, &message, &act.raw_id));
                    open.tell(tx, &act, &event, Some(message.message_id)).await
                })
            })
            .await
    }
}
